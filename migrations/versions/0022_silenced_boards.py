"""Boards in which the bot may not write

Revision ID: 0022
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_silenced", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.alter_column("is_silenced", server_default=None)
