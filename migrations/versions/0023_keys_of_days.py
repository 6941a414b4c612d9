"""Conversations are one sealed row, named and sealed with the keys of a day

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables.

    Drafts and visits that are open are dropped: their rows are named and sealed with keys that no longer do so. They
    would have been gone within a day; whoever goes on with one is told to scan the code again.
    """
    op.drop_table("draft_messages")
    op.drop_table("conversations")
    op.create_table(
        "conversations",
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tag", name="pk_conversations"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index("ix_conversations_expires_at", ["expires_at"])
    op.execute("DELETE FROM waiting_updates")  # there are none, unless the product was stopped while a file was late
    with op.batch_alter_table("waiting_updates", schema=None) as batch_op:
        batch_op.drop_column("round_id")
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=False))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":  # the order of rows that live for two days is not hidden any more
        for change in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS trail_messages_list_{change}")
    op.execute("DELETE FROM touched_rows WHERE table_name IN ('draft_messages', 'conversations', 'trail_messages')")
