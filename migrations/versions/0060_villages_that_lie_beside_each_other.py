"""Villages that lie beside each other

Revision ID: 0060
Revises: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0058"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("neighbours", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.alter_column("neighbours", existing_type=sa.JSON(), server_default=None)
