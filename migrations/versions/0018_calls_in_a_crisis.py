"""Calls in a crisis

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("crisis_calls", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("next_call_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("crisis_calls", server_default=None)
        batch_op.create_index("ix_cases_next_call_at", ["next_call_at"])
