"""What is looked at again

Revision ID: 0054
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "revisits",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("evaluator", sa.String(length=20), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("unit_share", sa.String(length=20), nullable=True),
        sa.Column("item_share", sa.String(length=20), nullable=True),
        sa.Column("frame", sa.JSON(), nullable=True),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_revisits_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_revisits_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisits")),
    )
    op.create_index("ix_revisits_ending", "revisits", ["state", "ends_on", "id"])
    op.create_index("ix_revisits_newest", "revisits", ["begun_on", "id"])
    op.create_table(
        "revisit_members",
        sa.Column("revisit_id", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(length=30), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["revisit_id"], ["revisits.id"], name=op.f("fk_revisit_members_revisit_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_revisit_members_staff_id")),
        sa.PrimaryKeyConstraint("revisit_id", "staff_id", name=op.f("pk_revisit_members")),
    )
    op.create_index(op.f("ix_revisit_members_staff_id"), "revisit_members", ["staff_id"])
    op.create_table(
        "revisit_visits",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("revisit_id", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("is_unannounced", sa.Boolean(), nullable=False),
        sa.Column("planned_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_by", sa.String(length=40), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["planned_by"], ["staff.id"], name=op.f("fk_revisit_visits_planned_by")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_revisit_visits_recorded_by")),
        sa.ForeignKeyConstraint(["revisit_id"], ["revisits.id"], name=op.f("fk_revisit_visits_revisit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_revisit_visits_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit_visits")),
        sa.UniqueConstraint("revisit_id", "unit_id", name=op.f("uq_revisit_visits_revisit_id_unit_id")),
    )
    op.create_table(
        "revisit_items",
        sa.Column("revisit_id", sa.String(length=8), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.String(length=40), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_revisit_items_item_id")),
        sa.ForeignKeyConstraint(["judged_by"], ["staff.id"], name=op.f("fk_revisit_items_judged_by")),
        sa.ForeignKeyConstraint(["revisit_id"], ["revisits.id"], name=op.f("fk_revisit_items_revisit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_revisit_items_unit_id")),
        sa.PrimaryKeyConstraint("revisit_id", "item_id", name=op.f("pk_revisit_items")),
    )
    op.create_index(op.f("ix_revisit_items_item_id"), "revisit_items", ["item_id"])
    op.create_index("ix_revisit_items_unit", "revisit_items", ["revisit_id", "unit_id", "item_id"])
    op.create_table(
        "self_checks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_late_told", sa.Boolean(), nullable=False),
        sa.Column("has_problem", sa.Boolean(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_self_checks_by_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_self_checks_ended_by")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_self_checks_item_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_self_checks_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_checks")),
        sa.UniqueConstraint("item_id", "unit_id", name=op.f("uq_self_checks_item_id_unit_id")),
    )
    op.create_index("ix_self_checks_due", "self_checks", ["state", "is_late_told", "due_on", "id"])
    op.create_index("ix_self_checks_newest", "self_checks", ["sent_on", "id"])
    op.create_index("ix_self_checks_unit", "self_checks", ["unit_id", "state", "due_on", "id"])
