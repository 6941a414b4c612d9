"""List the rows that were written since their order was last hidden

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables. SQLite's triggers, which fill this one, are made after every migration."""
    op.create_table(
        "touched_rows",
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "key", name=op.f("pk_touched_rows")),
        sqlite_with_rowid=False,
    )
