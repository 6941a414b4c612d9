"""Talks, bulletins, the docket of the leading group, tasks, accountability, listed supervision

Revision ID: 0048
Revises: 0047
"""

from datetime import UTC, datetime, timedelta
from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_A_DAY = 10  # talks that are proposed of what was there before
_AFTER = {"yellow": ("reminder", timedelta(days=1)), "red": ("interview", timedelta(days=15))}


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("promised_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("listed_on", sa.Date(), nullable=True))
    op.create_table(
        "talks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("card", sa.String(length=10), nullable=True),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.String(length=40), nullable=True),
        sa.Column("led_by_id", sa.String(length=40), nullable=True),
        sa.Column("meet_on", sa.Date(), nullable=True),
        sa.Column("meet_at", sa.String(length=5), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_talks_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_talks_item_id")),
        sa.ForeignKeyConstraint(["led_by_id"], ["staff.id"], name=op.f("fk_talks_led_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["staff.id"], name=op.f("fk_talks_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
    )
    op.create_index("ix_talks_item", "talks", ["item_id", "state_since", "id"], unique=False)
    op.create_index("ix_talks_next", "talks", ["next_on", "id"], unique=False)
    op.create_table(
        "bulletins",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column(
            "ground",
            sa.String(length=10),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.String(length=10),
            nullable=False,
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_for_all", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=True),
        sa.Column("decided_by_id", sa.String(length=40), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_bulletins_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_bulletins_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_bulletins_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
    )
    op.create_index("ix_bulletins_item", "bulletins", ["item_id", "state"], unique=False)
    op.create_index("ix_bulletins_state", "bulletins", ["state", "made_on", "id"], unique=False)
    op.create_table(
        "docket_entries",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=True),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.String(length=40), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.String(length=40), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_docket_entries_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_docket_entries_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_docket_entries_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_docket_entries_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docket_entries")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_docket_case", "docket_entries", ["case_id", "state"], unique=False)
    op.create_index("ix_docket_item", "docket_entries", ["item_id", "state"], unique=False)
    op.create_index("ix_docket_next", "docket_entries", ["next_on", "id"], unique=False)
    op.create_index("ix_docket_state", "docket_entries", ["state", "decide_by", "id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=True),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column("entry_id", sa.String(length=16), nullable=True),
        sa.Column("unit_id", sa.String(length=100), nullable=True),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
        ),
        sa.Column("given_by_id", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["docket_entries.id"], name=op.f("fk_tasks_entry_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["staff.id"], name=op.f("fk_tasks_given_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_tasks_item_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_tasks_owner_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_tasks_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"], unique=False)
    op.create_index("ix_tasks_entry", "tasks", ["entry_id", "due_on", "id"], unique=False)
    op.create_index("ix_tasks_item", "tasks", ["item_id", "state"], unique=False)
    op.create_index("ix_tasks_kind", "tasks", ["state", "kind", "due_on", "id"], unique=False)
    op.create_index("ix_tasks_next", "tasks", ["next_on", "id"], unique=False)
    op.create_index("ix_tasks_owner", "tasks", ["owner_id", "state", "due_on", "id"], unique=False)
    op.create_table(
        "accountability",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=True),
        sa.Column("case_id", sa.String(length=12), nullable=True),
        sa.Column(
            "measure",
            sa.String(length=20),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.String(length=40), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by_id", sa.String(length=40), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_accountability_case_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["staff.id"], name=op.f("fk_accountability_entered_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_accountability_item_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["staff.id"], name=op.f("fk_accountability_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_accountability_case", "accountability", ["case_id", "state"], unique=False)
    op.create_index("ix_accountability_item", "accountability", ["item_id", "state"], unique=False)
    op.create_index("ix_accountability_state", "accountability", ["state", "entered_on", "id"], unique=False)
    _expect_talks()


def _expect_talks() -> None:
    """Let the clock propose the talks that follow from the cards that hang over open items, the oldest first.

    The leading group is asked about a few of them each day, not about all that have come up at once.
    """
    connection, columns = op.get_bind(), _ITEMS.c
    carded = sa.select(columns.id, columns.card, columns.card_on, columns.state_since)
    carded = carded.where(columns.is_open == sa.true(), columns.card.is_not(None))
    carded, today = carded.order_by(columns.card_on, columns.id), datetime.now(UTC).date()
    for number, (item_id, card, card_on, since) in enumerate(connection.execute(carded).all()):
        kind, wait = _AFTER[card]
        expected = {
            "id": token_hex(8),
            "item_id": item_id,
            "kind": kind,
            "card": card,
            "state": "expected",
            "state_since": since,
            "next_on": max((card_on or since) + wait, today + timedelta(days=number // _A_DAY)),
            "reason": "",
            "minutes": "",
            "promise": "",
        }
        connection.execute(_TALKS.insert().values(expected))


_ITEMS = sa.table(
    "rectification_items",
    sa.column("id"),
    sa.column("card"),
    sa.column("card_on", sa.Date()),
    sa.column("state_since", sa.Date()),
    sa.column("is_open", sa.Boolean()),
)
_TALKS = sa.table(
    "talks",
    *(sa.column(name) for name in ("id", "item_id", "kind", "card", "state", "reason", "minutes", "promise")),
    sa.column("state_since", sa.Date()),
    sa.column("next_on", sa.Date()),
)
