"""Count abuse by the day

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "day_counts",
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag", "what", name=op.f("pk_day_counts")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("day_counts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_day_counts_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_day_counts_what"), ["what"], unique=False)

    op.create_table(
        "day_secrets",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_secrets")),
    )
