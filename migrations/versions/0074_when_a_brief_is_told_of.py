"""On which day somebody is told next of the instruction on a special brief

Revision ID: 0074
Revises: 0073
"""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("special_briefs", schema=None) as table:
        table.add_column(sa.Column("tell_on", sa.Date(), nullable=True))
        table.create_index(op.f("ix_special_briefs_tell_on"), ["tell_on"])
    # What was instructed before is told of from now on, too: in the order of its last day.
    op.execute("UPDATE special_briefs SET tell_on = due_on WHERE state = 'instructed'")
