"""Who was called of a crisis and answered; that more time is asked for; what somebody asked departments for

Revision ID: 0073
Revises: 0071
"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0071"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("cases", schema=None) as table:
        table.add_column(sa.Column("crisis", sa.JSON(), nullable=True))
        table.add_column(sa.Column("extension", sa.JSON(), nullable=True))
    op.create_index("ix_requests_by", "requests", ["by_id", "state", "due_on", "id"])
