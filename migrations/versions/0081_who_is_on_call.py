"""Who of a team is on call

Revision ID: 0081
Revises: 0080
"""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "on_call_periods",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_on_call_periods_staff_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_on_call_periods_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_periods")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_on_call_periods_staff_id"), "on_call_periods", ["staff_id"])
    op.create_index("ix_on_call_periods_team", "on_call_periods", ["team_id", "last_on"])
    op.create_index(op.f("ix_on_call_periods_last_on"), "on_call_periods", ["last_on"])
