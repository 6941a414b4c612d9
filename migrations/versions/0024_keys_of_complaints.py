"""When the key of a complaint can be destroyed

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_ends", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_complaints_key_ends", ["key_ends"])
