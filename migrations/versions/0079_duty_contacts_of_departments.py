"""Whom to ring at a department

Revision ID: 0079
Revises: 0078
"""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("departments", schema=None) as table:
        table.add_column(sa.Column("contact", sa.String(length=100), nullable=True))
