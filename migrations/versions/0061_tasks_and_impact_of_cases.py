"""What is to be done about a case until a day, what a matter means for people, and when a poll ends

Revision ID: 0061
Revises: 0060
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "case_tasks",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=True),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("tell_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_tasks_case_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_case_tasks_owner_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_case_tasks_by_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", name=op.f("pk_case_tasks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_case_tasks_tell_on"), "case_tasks", ["tell_on"])
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("impact", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.create_index(op.f("ix_polls_ends_on"), ["ends_on"])
