"""What each item counts for on a report card, and in which weeks the leading group was told

Revision ID: 0064
Revises: 0063
"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("report_cards") as batch_op:
        batch_op.add_column(sa.Column("items", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("report_cards") as batch_op:
        batch_op.alter_column("items", existing_type=sa.JSON(), server_default=None)
    op.create_table(
        "weekly_list_rounds",
        sa.Column("week", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_weekly_list_rounds")),
    )
