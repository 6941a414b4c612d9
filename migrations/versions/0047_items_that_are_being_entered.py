"""Items that are being entered, known problems, and the date that a feedback list said

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "item_drafts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=True),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_item_drafts_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_item_drafts_unit_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_item_drafts_team_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_item_drafts_case_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_item_drafts_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_drafts")),
    )
    for name in ("unit_id", "team_id", "case_id"):
        op.create_index(op.f(f"ix_item_drafts_{name}"), "item_drafts", [name])
    op.create_table(
        "known_problems_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_known_problems_versions")),
    )
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listed_due_on", sa.Date(), nullable=True))
