"""Find what is due by index

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "reminder_rounds",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("looked_to", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rounds")),
    )
    _add("rectification_items", sa.Column("next_look_on", sa.Date(), nullable=False, server_default="0001-01-01"))
    op.create_index("ix_items_next_look", "rectification_items", ["is_open", "next_look_on", "id"])
    _add("reply_addresses", sa.Column("may_be_over", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_reply_addresses_may_be_over", "reply_addresses", ["may_be_over"])
    _add("cases", sa.Column("is_erased", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_cases_to_erase", "cases", ["is_erased", "state", "state_since"])
    op.add_column("sent_messages", sa.Column("case_id", sa.String(length=12), nullable=True))
    op.add_column("sent_messages", sa.Column("forget_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_sent_messages_case_id", "sent_messages", ["case_id"])
    op.create_index("ix_sent_messages_forget_at", "sent_messages", ["forget_at"])
    op.execute("UPDATE sent_messages SET case_id = substr(handle, 6, 8) WHERE handle LIKE 'card:%'")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    two_days_on = "datetime(state_since, '+49 hours')" if is_sqlite else "state_since + interval '49 hours'"
    op.execute(
        f"UPDATE sent_messages SET forget_at = (SELECT {two_days_on} FROM cases "  # noqa: S608
        "WHERE cases.id = sent_messages.case_id AND NOT cases.is_open)"
    )
    op.execute(
        "UPDATE cases SET is_erased = (NOT is_open AND NOT EXISTS (SELECT 1 FROM case_complaints "
        "JOIN complaint_messages ON complaint_messages.complaint_id = case_complaints.complaint_id "
        "WHERE case_complaints.case_id = cases.id))"
    )


def _add(table: str, column: "sa.Column[object]") -> None:
    """Add a column that has a value in the rows there are, and no default from then on."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column.name, server_default=None)
