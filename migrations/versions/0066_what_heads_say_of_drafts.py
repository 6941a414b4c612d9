"""What heads of units say of findings before these are issued

Revision ID: 0066
Revises: 0064
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0064"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "draft_comments",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("draft_id", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_late_told", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settlement", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_draft_comments_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_draft_comments_unit_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_draft_comments_staff_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_draft_comments_by_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"], name=op.f("fk_draft_comments_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comments")),
        sa.UniqueConstraint("draft_id", "staff_id", name=op.f("uq_draft_comments_draft_id_staff_id")),
    )
    op.create_index("ix_draft_comments_due", "draft_comments", ["state", "is_late_told", "due_on", "id"])
    op.create_index("ix_draft_comments_staff", "draft_comments", ["staff_id", "state", "due_on", "id"])
    op.create_index("ix_draft_comments_by", "draft_comments", ["state", "asked_on", "id"])
    op.create_index(op.f("ix_draft_comments_case_id"), "draft_comments", ["case_id"])
