"""Keep items of restricted cases to one pair of eyes

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("desk", sa.String(length=60), nullable=True))
    # Items that were ordered before lie where their cases do.
    op.execute(
        "UPDATE rectification_items SET desk = ("
        "SELECT min(cases.desk) FROM cases JOIN case_items ON case_items.case_id = cases.id "
        "WHERE case_items.item_id = rectification_items.id "
        "AND (cases.desk = 'office_director' OR cases.desk LIKE 'team!_leader:%' ESCAPE '!'))"
    )
