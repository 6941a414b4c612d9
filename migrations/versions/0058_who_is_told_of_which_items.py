"""On what people the items of each unit, team and county leader were last looked at

Revision ID: 0058
Revises: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0056"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "reminder_bases",
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_reminder_bases")),
    )
    with op.batch_alter_table("reminder_rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_on", sa.Date(), nullable=True))
