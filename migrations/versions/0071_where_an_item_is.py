"""In which village an item is

Revision ID: 0071
Revises: 0070
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("rectification_items", schema=None) as table:
        table.add_column(sa.Column("village_id", sa.String(length=40), nullable=True))
        table.create_foreign_key(op.f("fk_rectification_items_village_id"), "villages", ["village_id"], ["id"])
