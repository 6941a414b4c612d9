"""By when people are kept from a danger before it is fixed for good

Items that were issued before have one due day, as they were ordered.

Revision ID: 0078
Revises: 0077
"""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("rectification_items", schema=None) as table:
        table.add_column(sa.Column("interim_due_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("interim_on", sa.Date(), nullable=True))
