"""Which items thanks are for

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "item_thanks",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_item_thanks_case_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_item_thanks_item_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_item_thanks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_item_thanks_item_id"), "item_thanks", ["item_id"])
