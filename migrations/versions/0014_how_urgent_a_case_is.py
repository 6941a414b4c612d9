"""How urgent a case is

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Tell a crisis, 0, from a danger, 1; what was a hazard was 0 until now, anything else 1."""
    op.alter_column("cases", "rank", new_column_name="urgency")
    op.execute("UPDATE cases SET urgency = urgency + 1")
