"""Cases that are shared with another team

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.alter_column("staff_id", existing_type=sa.String(length=40), nullable=True)
        batch_op.add_column(sa.Column("to_team_id", sa.String(length=40), nullable=True))
        batch_op.create_foreign_key(op.f("fk_grants_to_team_id"), "teams", ["to_team_id"], ["id"])
