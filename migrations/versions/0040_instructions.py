"""What the head of the leading group instructs about a case

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("instruction", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("instruction_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_cases_instruction_on"), ["instruction_on"], unique=False)
