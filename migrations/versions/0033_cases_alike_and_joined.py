"""Which cases are alike, and which were joined

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        # What is there is compared with what comes.
        batch_op.add_column(sa.Column("is_compared", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("is_hint", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name in ("is_compared", "is_hint"):
            batch_op.alter_column(name, existing_type=sa.Boolean(), server_default=None)
    op.create_index("ix_cases_to_compare", "cases", ["is_compared", "is_open"])
    op.create_index("ix_cases_alike", "cases", ["unit_id", "category", "is_open", "received_at"])
    with op.batch_alter_table("case_complaints", schema=None) as batch_op:
        batch_op.add_column(sa.Column("came_with_id", sa.String(length=12), nullable=True))
        batch_op.create_foreign_key(op.f("fk_case_complaints_came_with_id"), "cases", ["came_with_id"], ["id"])
    op.create_table(
        "similar_cases",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("other_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_similar_cases_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_similar_cases_other_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_similar_cases")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_similar_cases_other_id"), "similar_cases", ["other_id"])
    op.create_table(
        "case_mergers",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("head_id", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_before", sa.String(length=20), nullable=False),
        sa.Column("in_it_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_mergers_case_id")),
        sa.ForeignKeyConstraint(["head_id"], ["cases.id"], name=op.f("fk_case_mergers_head_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_mergers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_case_mergers_head_id"), "case_mergers", ["head_id"])
