"""What departments are asked for

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column("item_id", sa.String(length=20), nullable=True),
        sa.Column("department_id", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_late_told", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_requests_round_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_requests_case_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_requests_item_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_requests_department_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_requests_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_requests_case_id"), "requests", ["case_id"])
    op.create_index(op.f("ix_requests_item_id"), "requests", ["item_id"])
    op.create_index("ix_requests_department", "requests", ["department_id", "state", "due_on", "id"])
    op.create_index("ix_requests_due", "requests", ["state", "is_late_told", "due_on", "id"])
