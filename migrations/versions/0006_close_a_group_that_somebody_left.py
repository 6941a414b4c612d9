"""Close a group that somebody left, and note what the county file said

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_group_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("closings", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.alter_column("closings", server_default=None)

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("as_filed", sa.JSON(), nullable=True))
