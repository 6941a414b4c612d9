"""Clocks of reviewers, and cases that are late

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# What lies with reviewers, a county leader or the office, and is reminded of from now on.
LOOK_AGAIN = """
UPDATE rectification_items SET next_look_on = '0001-01-01'
WHERE state IN ('submitted', 'passed', 'countersigned', 'long_term')
"""


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_days", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("card_held_days", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("state_since", sa.Date(), nullable=True))
    last_change = "date(MAX(at))" if op.get_bind().dialect.name == "sqlite" else "CAST(MAX(at) AS DATE)"
    op.execute(
        f"UPDATE rectification_items SET state_since = COALESCE((SELECT {last_change} FROM item_events "  # noqa: S608
        "WHERE item_id = rectification_items.id AND (from_state IS NULL OR from_state <> to_state)), issued_on)"
    )
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.alter_column("held_days", server_default=None)
        batch_op.alter_column("card_held_days", server_default=None)
        batch_op.alter_column("state_since", existing_type=sa.Date(), nullable=False)
    op.execute(LOOK_AGAIN)
    op.create_index("ix_cases_late", "cases", ["desk", "state", "received_at", "id"])
    op.create_table(
        "late_case_rounds",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_late_case_rounds")),
    )
