"""Clocks of cases, and the versions of what they run by

Revision ID: 0030
Revises: 0029
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_FLAGS = ("is_fast_track", "is_extended")
_NO_END = "9000-01-01 00:00:00"
_UNDECIDED = "('pending_assign', 'assigned', 'restricted')"
_UNCLAIMED = f"state IN {_UNDECIDED} AND owner_id IS NULL"
# Which clocks the open cases of an earlier version have: in which of them, since when, and how many hours or days they
# run by the settings of the county, or without them.
_CLOCKS = (
    ("first_look", f"{_UNCLAIMED} AND urgency = 2", "received_at", "first_look_hours", 24),
    ("first_look", f"{_UNCLAIMED} AND urgency < 2", "received_at", "first_look_emergency_hours", 2),
    ("decision", f"(state IN {_UNDECIDED} OR state = 'need_info')", "received_at", "accept_days", 15),
    ("question", "state = 'need_info'", "state_since", "ask_more_wait_days", 7),
    (
        "handling",
        "state IN ('accepted', 'verifying', 'fixing', 'transferred', 'reopened')",
        "state_since",
        "handle_days",
        60,
    ),
    ("follow_up", "state = 'answered'", "state_since", "follow_up_after_days", 7),
)
_GO_ON_BY_THEMSELVES = ("question", "follow_up")


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "complaint_settings_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_complaint_settings_versions")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settings_version", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_rounds_settings_version"), "complaint_settings_versions", ["settings_version"], ["version"]
        )
    op.create_table(
        "case_clocks",
        sa.Column("case_id", sa.String(length=12), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stands_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_clocks_case_id")),
        sa.PrimaryKeyConstraint("case_id", "clock", name=op.f("pk_case_clocks")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_clocks_next", "case_clocks", ["clock", "next_at"])
    for name in ("ix_cases_queue", "ix_cases_mine", "ix_cases_clock", "ix_cases_late"):
        op.drop_index(name, "cases")
    _add_due()
    settings = _enter_version()
    for clock, which, since, name, usual in _CLOCKS:
        _begin(clock, which, since, name, settings.get(name, usual))
    _note_due()
    op.create_index("ix_cases_queue", "cases", ["desk", "is_open", "urgency", "due_at", "received_at", "id"])
    op.create_index("ix_cases_mine", "cases", ["owner_id", "is_open", "urgency", "due_at", "received_at", "id"])


def _add_due() -> None:
    no_end = f"{_NO_END}.000000" if _is_sqlite() else f"{_NO_END}+00"
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, server_default=no_end))
        batch_op.add_column(sa.Column("due_clock", sa.String(length=20), nullable=True))
        for name in _FLAGS:
            batch_op.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("due_at", existing_type=sa.DateTime(timezone=True), server_default=None)
        for name in _FLAGS:
            batch_op.alter_column(name, existing_type=sa.Boolean(), server_default=None)


def _enter_version() -> dict[str, int]:
    """Enter the county's clocks as the first version, under which every round goes on that has begun."""
    county = op.get_bind().execute(sa.text("SELECT settings FROM county")).scalar()
    if county is None:
        return {}
    settings: dict[str, int] = (json.loads(county) if isinstance(county, str) else county).get("complaint", {})
    versions = sa.table("complaint_settings_versions", sa.column("version"), sa.column("settings", sa.JSON()))
    op.execute(versions.insert().values(version=1, settings=settings))
    op.execute("UPDATE rounds SET settings_version = 1 WHERE state <> 'preparing'")
    return settings


def _begin(clock: str, which: str, since: str, name: str, count: int) -> None:
    """Enter a clock of the cases that have it; its end is told when it comes, also of one that has passed."""
    by_itself = clock in _GO_ON_BY_THEMSELVES
    hours = count if name.endswith("_hours") else count * 24 + by_itself
    ends_at = f"strftime('%Y-%m-%d %H:%M:%f000', substr({since}, 1, 19), '+{hours} hours')"
    if not _is_sqlite():
        ends_at = f"{since} + interval '{hours} hours'"
    stands = "state = 'need_info'" if clock == "decision" else "false"
    op.execute(
        "INSERT INTO case_clocks (case_id, clock, began_at, ends_at, stands_since, next_at) "  # noqa: S608
        f"SELECT id, '{clock}', {since}, {ends_at}, CASE WHEN {stands} THEN state_since END, "
        f"CASE WHEN NOT ({stands}) THEN {ends_at} END FROM cases WHERE is_open AND {which}"
    )


def _note_due() -> None:
    """Note in each case which of its clocks that somebody must meet ends first."""
    first = (
        "SELECT {} FROM case_clocks WHERE case_clocks.case_id = cases.id AND stands_since IS NULL "
        "AND clock NOT IN ('question', 'follow_up') ORDER BY ends_at, clock DESC LIMIT 1"
    )
    op.execute(f"UPDATE cases SET due_clock = ({first.format('clock')}) WHERE is_open")  # noqa: S608
    op.execute(f"UPDATE cases SET due_at = ({first.format('ends_at')}) WHERE due_clock IS NOT NULL")  # noqa: S608


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
