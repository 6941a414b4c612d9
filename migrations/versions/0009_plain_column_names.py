"""Plain column names

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.alter_column("audit_entries", "deed", new_column_name="action")
    op.alter_column("staff_prompts", "deed", new_column_name="form")
