"""Which rounds are handed over to the office, once their teams have left

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_handed_over", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.alter_column("is_handed_over", existing_type=sa.Boolean(), server_default=None)
