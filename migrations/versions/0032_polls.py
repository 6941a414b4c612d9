"""An index by which what waits is found among all results

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.drop_index("ix_objections_waiting", "objections")
    op.create_index("ix_objections_waiting", "objections", ["state", "received_at", "item_id"])
    op.create_index("ix_objections_item", "objections", ["item_id", "state", "received_at", "id"])
