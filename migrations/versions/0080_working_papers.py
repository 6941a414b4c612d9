"""What teams have of their own for what they found

Revision ID: 0080
Revises: 0079
"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "working_papers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("draft_id", sa.String(length=16), nullable=True),
        sa.Column("item_id", sa.String(length=20), nullable=True),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_kind", sa.String(length=10), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_working_papers_by_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["item_drafts.id"], name=op.f("fk_working_papers_draft_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_working_papers_item_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_working_papers_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_papers")),
    )
    for column in ("draft_id", "item_id", "keep_until", "round_id"):
        op.create_index(op.f(f"ix_working_papers_{column}"), "working_papers", [column])
