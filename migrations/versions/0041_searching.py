"""What the staff look for among cases, and an index by which it is found

Revision ID: 0041
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0031"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "case_searches",
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_searches_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_case_searches")),
    )
    op.create_index("ix_cases_newest", "cases", ["desk", "received_at", "id"])
