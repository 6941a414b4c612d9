"""Shut out of a case

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "case_shut_outs",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_shut_outs_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_shut_outs_staff_id")),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_case_shut_outs")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("case_shut_outs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_shut_outs_staff_id"), ["staff_id"], unique=False)
