"""Who has read the copy of an item

Revision ID: 0063
Revises: 0061
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0061"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "copy_receipts",
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("copy_to", sa.String(length=20), nullable=False),
        sa.Column("recipient_id", sa.String(length=100), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_copy_receipts_item_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_copy_receipts_staff_id")),
        sa.PrimaryKeyConstraint("item_id", "copy_to", "recipient_id", "staff_id", name=op.f("pk_copy_receipts")),
    )
