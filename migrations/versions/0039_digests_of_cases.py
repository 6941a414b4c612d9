"""On which days everybody was told how their cases stand

Revision ID: 0039
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0031"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "case_digest_rounds",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_case_digest_rounds")),
    )
