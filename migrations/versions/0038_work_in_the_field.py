"""Work in the field: checklists, visits, evening talks, talks, plans for villages and their classes

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "checklists_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checklists", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_checklists_versions")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checklists_version", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_rounds_checklists_version"), "checklists_versions", ["checklists_version"], ["version"]
        )
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("village_class", sa.String(length=20), nullable=True))
    op.create_table(
        "checklist_ticks",
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("place_kind", sa.String(length=10), nullable=False),
        sa.Column("place_id", sa.String(length=100), nullable=False),
        sa.Column("point", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_checklist_ticks_round_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_checklist_ticks_by_id")),
        sa.PrimaryKeyConstraint("round_id", "place_kind", "place_id", "point", name=op.f("pk_checklist_ticks")),
    )
    op.create_table(
        "visit_counts",
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("village_id", sa.String(length=40), nullable=False),
        sa.Column("visit_group", sa.String(length=40), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_visit_counts_round_id")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_visit_counts_village_id")),
        sa.PrimaryKeyConstraint("round_id", "village_id", "visit_group", name=op.f("pk_visit_counts")),
    )
    op.create_table(
        "village_plans",
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("village_id", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_village_plans_round_id")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_village_plans_village_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_village_plans_by_id")),
        sa.PrimaryKeyConstraint("round_id", "village_id", name=op.f("pk_village_plans")),
    )
    op.create_table(
        "evening_talks",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("village_id", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins_at", sa.String(length=5), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("by_id", sa.String(length=40), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counted_solved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_evening_talks_round_id")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_evening_talks_village_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_evening_talks_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evening_talks")),
    )
    op.create_index(op.f("ix_evening_talks_round_id"), "evening_talks", ["round_id"])
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("talk_id", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_solved", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["talk_id"], ["evening_talks.id"], name=op.f("fk_suggestions_talk_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_suggestions_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_suggestions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_suggestions_talk_id"), "suggestions", ["talk_id"])
    op.create_table(
        "talk_records",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_talk_records_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_talk_records_unit_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_talk_records_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_records")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_talk_records_unit_id"), "talk_records", ["unit_id"])
    op.create_table(
        "talk_cases",
        sa.Column("talk_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talk_records.id"], name=op.f("fk_talk_cases_talk_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_talk_cases_case_id")),
        sa.PrimaryKeyConstraint("talk_id", "case_id", name=op.f("pk_talk_cases")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_talk_cases_case_id"), "talk_cases", ["case_id"])
    op.create_table(
        "talk_items",
        sa.Column("talk_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talk_records.id"], name=op.f("fk_talk_items_talk_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_talk_items_item_id")),
        sa.PrimaryKeyConstraint("talk_id", "item_id", name=op.f("pk_talk_items")),
    )
    op.create_index(op.f("ix_talk_items_item_id"), "talk_items", ["item_id"])
