"""Addresses instead of numbers

Drafts that are open are found no more: they belong to a tag of the address as it is written now.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ADDRESS = sa.String(length=120)
STAFF_ADDRESSES = """
INSERT INTO staff_addresses (address, staff_id, position, unreachable_since)
SELECT 'telegram:' || CAST(telegram_id AS VARCHAR(20)), id, 0, unreachable_since
FROM staff WHERE telegram_id IS NOT NULL
"""


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "staff_addresses",
        sa.Column("address", ADDRESS, nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_addresses_staff_id")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_staff_addresses")),
    )
    op.create_index(op.f("ix_staff_addresses_staff_id"), "staff_addresses", ["staff_id"], unique=False)
    op.execute(STAFF_ADDRESSES)
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_staff_telegram_id"), type_="unique")
        batch_op.drop_column("telegram_id")
        batch_op.drop_column("unreachable_since")

    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.add_column(sa.Column("board_address", ADDRESS, nullable=True))
        batch_op.add_column(sa.Column("closed_board_address", ADDRESS, nullable=True))
    _carry_over("teams", "group_chat_id", "board_address")
    _carry_over("teams", "closed_group_id", "closed_board_address")
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_teams_group_chat_id"), type_="unique")
        batch_op.drop_column("group_chat_id")
        batch_op.drop_column("closed_group_id")
        batch_op.create_unique_constraint(op.f("uq_teams_board_address"), ["board_address"])

    with op.batch_alter_table("sent_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", ADDRESS, nullable=True))
    _carry_over("sent_messages", "chat_id", "address")
    with op.batch_alter_table("sent_messages", schema=None) as batch_op:
        batch_op.alter_column("address", existing_type=ADDRESS, nullable=False)
        batch_op.drop_column("chat_id")


def _carry_over(table: str, number: str, address: str) -> None:
    """Write a column of Telegram's numbers as addresses."""
    numbers, addresses = sa.column(number, sa.BigInteger()), sa.column(address, ADDRESS)
    rows = sa.table(table, numbers, addresses)
    written = sa.literal("telegram:") + sa.cast(numbers, sa.String())
    op.execute(sa.update(rows).where(numbers.is_not(None)).values({addresses: written}))
