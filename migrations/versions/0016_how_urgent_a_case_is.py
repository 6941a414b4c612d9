"""How urgent a case is, and what else it is about

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Tell a crisis (0) from a danger (1), which was 0 until now; anything else was 1 and is 2."""
    op.alter_column("cases", "rank", new_column_name="urgency")
    op.execute("UPDATE cases SET urgency = urgency + 1")
    op.add_column("cases", sa.Column("further_categories", sa.JSON(), nullable=True))
