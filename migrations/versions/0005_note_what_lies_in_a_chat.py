"""Note what lies in a chat

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
        "trail_messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("trail", sa.String(length=32), nullable=False),
        sa.Column("masked", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_messages")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trail_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_messages_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_trail_messages_trail"), ["trail"], unique=False)
