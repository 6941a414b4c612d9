"""Polls and their codes, summaries of cases about heads, from when somebody approves, and what waits among all results

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
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
    op.create_table(
        "polls",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by_id"], ["staff.id"], name=op.f("fk_polls_opened_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_polls_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_polls_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_polls_place", "polls", ["round_id", "unit_id"])
    op.create_table(
        "poll_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("poll_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_codes_poll_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_poll_codes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_poll_codes_poll_id"), "poll_codes", ["poll_id"])
    op.create_table(
        "case_summaries",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_case_summaries_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_summaries_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_summaries")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approves_from", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by_id", sa.String(length=40), nullable=True))
        batch_op.create_foreign_key(op.f("fk_invitations_made_by_id"), "staff", ["made_by_id"], ["id"])
