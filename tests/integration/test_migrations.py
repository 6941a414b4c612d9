"""Migrations make the tables the models describe, on both databases, and strangers' databases are told apart."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, select, text

from channels.telegram.address import address_of
from channels.updates import begin_update
from channels.waiting import Begun
from media.kinds import FileKind
from migrations.schema import COMPARISON, UnfitDatabase, configuration, head, migrate, require_current, versions
from models.clocks import NO_END, Clock
from models.complaints import Case, CaseClock
from models.database import Database
from models.delivery import SentMessage
from models.feedback import FeedbackMeeting
from models.message_key import MessageKey
from models.rectification import AT_ONCE, Evidence, ItemKind, RectificationItem
from models.rounds import ComplaintSettingsVersion, Department, Round, Team, Village
from models.staff import OpenFormRow, StaffAddress
from models.tables import METADATA
from models.talks import Talk
from models.urgency import Urgency
from privacy.keyring import Keyring
from services.cases.decide import Referral, Refusal, RefusalReason, proposed_refusal
from tests.conftest import NOW, ONLY_SQLITE

BEFORE_ADDRESSES = "0009"
NUMBERS = (
    "INSERT INTO staff (id, name, language, telegram_id, unreachable_since) VALUES"
    " ('P05', 'enrolled', 'zh_Hans', 7300000001, NULL),"
    " ('P06', 'lost', 'zh_Hans', 7300000002, '2026-11-10 01:00:00+00'),"
    " ('P07', 'absent', 'zh_Hans', NULL, NULL)",
    "INSERT INTO rounds (id, name, theme, state, stay_from, stay_until, intake_until, notice, public_key) VALUES"
    " ('R6', 'r', 't', 'stationed', '2026-10-12', '2026-12-11', '2026-12-04', '{}', 'age1')",
    "INSERT INTO teams (id, round_id, name, group_chat_id, closed_group_id, closings) VALUES"
    " ('T1', 'R6', 'one', -1001234567890, NULL, 0), ('T2', 'R6', 'two', NULL, -77, 1)",
    "INSERT INTO sent_messages (handle, chat_id, message_id) VALUES ('card:24681357:board:T1', -1001234567890, 5)",
)
BEFORE_UPDATES_OF_CHANNELS = "0014"
UPDATES = (
    "INSERT INTO processed_updates (update_id, done_on) VALUES (9007199254740993, '2026-11-22 01:00:00+00')",
    "INSERT INTO failed_updates (update_id, attempts, reason, sealed) VALUES (7, 2, 'KeyError', '')",
)

BEFORE_PLAIN_NAMES = "0013"
PLAIN_NAMES = (
    "INSERT INTO staff (id, name, language) VALUES ('P05', 'leader', 'zh_Hans')",
    "INSERT INTO staff_prompts (staff_id, form, subject_id, sealed, expires_at) VALUES"
    " ('P05', 'ask_reporter', '24681357', 'x', '2026-11-10 01:00:00+00')",
    "INSERT INTO rounds (id, name, theme, state, stay_from, stay_until, intake_until, notice, public_key) VALUES"
    " ('R6', 'r', 't', 'stationed', '2026-10-12', '2026-12-11', '2026-12-04', '{}', 'age1')",
    "INSERT INTO categories (code, zh_hans, zh_hant, position) VALUES ('road', '路', '路', 1)",
    "INSERT INTO cases (id, round_id, desk, category, state, is_open, rank, concerns_head, concerns_team, "
    "suspected_spam, received_at, state_since, reopened, is_erased, version, proposal) VALUES"
    " ('24681357', 'R6', 'office', 'road', 'assigned', true, 1, false, false, false, '2026-11-10 01:00:00+00',"
    ' \'2026-11-10 01:00:00+00\', false, false, 2, \'{"reason": "litigation", "door": "court", "by": "P05"}\')',
)
_ROUND, _CATEGORY = PLAIN_NAMES[2:4]
BEFORE_URGENCY = "0015"
URGENCY = (
    _ROUND,
    _CATEGORY,
    *(
        "INSERT INTO cases (id, round_id, desk, category, state, is_open, rank, concerns_head, concerns_team, "
        "suspected_spam, received_at, state_since, reopened, is_erased, version) VALUES"
        f" ('{case_id}', 'R6', 'office', 'road', 'assigned', true, {rank}, false, false, false,"
        " '2026-11-10 01:00:00+00', '2026-11-10 01:00:00+00', false, false, 2)"
        for case_id, rank in (("24681357", 0), ("13572468", 1))
    ),
)
BEFORE_REVIEWERS_CLOCKS = "0016"
ITEMS = (
    _ROUND,
    _CATEGORY,
    "INSERT INTO units (id, name) VALUES ('U1', '桥头镇')",
    *(
        "INSERT INTO rectification_items (id, round_id, unit_id, category, source, problem, requirement, hazard,"
        " issued_on, due_on, deadline_version, state, is_open, card_returns, returns, version, next_look_on) VALUES"
        f" ('{item_id}', 'R6', 'U1', 'road', 'case', 'p', 'r', false, '2026-10-01', '2026-12-01', 1, '{state}', true,"
        " 0, 0, 3, '2026-12-01')"
        for item_id, state in (("Z1", "submitted"), ("Z2", "in_progress"), ("Z3", "issued"))
    ),
    *(
        "INSERT INTO item_events (item_id, version, at, event, from_state, to_state, note, detail) VALUES"
        f" ('{item_id}', {version}, '{at} 01:00:00+00:00', 'e', {before}, '{after}', '', '{{}}')"
        for item_id, version, at, before, after in (
            ("Z1", 1, "2026-10-02", "NULL", "issued"),
            ("Z1", 2, "2026-11-03", "'in_progress'", "submitted"),
            ("Z1", 3, "2026-11-09", "'submitted'", "submitted"),
            ("Z2", 1, "2026-10-05", "'acknowledged'", "in_progress"),
        )
    ),
)

BEFORE_CASES_CLOCKS = "0029"
_CLOCKED = (  # number, state, urgency, owner
    ("10000001", "assigned", 2, "NULL"),
    ("10000002", "assigned", 1, "'P05'"),
    ("10000003", "need_info", 2, "'P05'"),
    ("10000004", "fixing", 2, "'P05'"),
    ("10000005", "answered", 2, "'P05'"),
    ("10000006", "closed", 2, "'P05'"),
    ("10000007", "pending_assign", 0, "NULL"),
)
CASES = (
    PLAIN_NAMES[0],
    _ROUND,
    _CATEGORY,
    "INSERT INTO county (id, name, office, settings) VALUES (1, 'c', 'o', '{\"complaint\": {\"handle_days\": 30}}')",
    *(
        "INSERT INTO cases (id, round_id, desk, category, state, is_open, urgency, owner_id, concerns_head, "
        "concerns_team, suspected_spam, received_at, state_since, reopened, is_erased, version, crisis_calls, objected)"
        f" VALUES ('{number}', 'R6', 'office', 'road', '{state}', {'false' if state == 'closed' else 'true'},"
        f" {urgency}, {owner}, false, false, false, '2026-11-10 01:00:00.000000', '2026-11-12 03:00:00.000000',"
        " false, false, 2, 0, false)"
        for number, state, urgency, owner in _CLOCKED
    ),
)

BEFORE_TALKS = "0045"
_CARDED = [f"Z{number:02}" for number in range(12)]
COUNTY = (
    PLAIN_NAMES[0],
    _ROUND.replace("public_key)", "public_key, is_handed_over)").replace("'age1')", "'age1', false)"),
    _CATEGORY,
    "INSERT INTO units (id, name) VALUES ('U1', '桥头镇')",
    "INSERT INTO villages (id, name, unit_id) VALUES ('V1', '上湾村', 'U1')",
    "INSERT INTO complaint_settings_versions (version, settings) VALUES (1, '{}')",
    "INSERT INTO county (id, name, office, settings) VALUES"
    " (1, 'c', 'o', '{\"rectification\": {\"midterm_days\": 40}}')",
    "INSERT INTO polls (id, round_id, unit_id, questions, printed, opened_by_id, opened_at, sealed)"
    " VALUES ('p1', 'R6', 'U1', 1, 0, 'P05', '2026-11-10 01:00:00.000000', '')",
    *(
        "INSERT INTO rectification_items (id, round_id, unit_id, category, source, problem, requirement, hazard,"
        " issued_on, due_on, deadline_version, state, is_open, card_returns, returns, version, next_look_on, held_days,"
        " card_held_days, state_since, card, card_on, system_built)"
        f" VALUES ('{item_id}', 'R6', 'U1', 'road', 'case', 'p', 'r', false, '2026-10-01', '2026-12-01', 1,"
        " 'in_progress', true, 0, 0, 3, '2026-12-01', 0, 0, '2026-10-05', 'yellow', '2026-11-20', '台账')"
        for item_id in _CARDED
    ),
    "INSERT INTO evidence (id, item_id) VALUES ('e1', 'Z00')",
)

BEFORE_TELLING_AGAIN = "0068"
UNSIGNED = (
    *COUNTY[:4],
    *(
        "INSERT INTO feedback_meetings (id, round_id, unit_id, kind, state, held_on, attended, by_id, recorded_on,"
        f" due_on, is_late_told) VALUES ('{meeting_id}', 'R6', 'U1', 'meeting', 'recorded', '2026-11-20', 'a', 'P05',"
        f" '2026-11-25', '2026-11-30', {is_told})"
        for meeting_id, is_told in (("f1", "false"), ("f2", "true"))
    ),
)


@pytest.fixture
async def empty_database(empty_address: str) -> AsyncIterator[Database]:
    """A database without a table."""
    file = make_url(empty_address).database
    if empty_address.startswith("sqlite") and file:
        Path(file).parent.mkdir()
    database = Database(empty_address)
    yield database
    await database.close()


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts=COMPARISON), METADATA))


async def enter_at_version(database: Database, version: str, statements: Iterable[str]) -> None:
    """Make the tables of an earlier version, and enter rows into them."""
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(configuration(sync), version))
        for statement in statements:
            await connection.exec_driver_sql(statement)


def tables_without_row_numbers(connection: Connection) -> set[str]:
    rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
    return {row.name for row in rows}


async def test_migrations_make_exactly_the_tables_of_the_models(empty_database: Database) -> None:
    assert await migrate(empty_database)
    async with empty_database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@ONLY_SQLITE  # it alone numbers rows in secret
async def test_rows_that_touch_a_resident_keep_no_order_after_a_migration(empty_database: Database) -> None:
    await migrate(empty_database)
    async with empty_database.engine.connect() as connection:
        unordered = {
            name for name, table in METADATA.tables.items() if table.dialect_kwargs.get("sqlite_with_rowid") is False
        }
        assert await connection.run_sync(tables_without_row_numbers) == unordered
        assert "complaints" in unordered


async def test_migrating_again_does_nothing(empty_database: Database) -> None:
    await migrate(empty_database)
    assert not await migrate(empty_database)
    await require_current(empty_database)


async def test_rows_refer_to_rows_again_after_a_migration(empty_database: Database) -> None:
    await migrate(empty_database)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with empty_database.transaction() as session:
            await session.execute(text("INSERT INTO digests (key, staff_id, day) VALUES ('k', 'nobody', '2026-01-01')"))


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    create_table = op.create_table
    made: list[str] = []

    def create_three_and_fail(name: str, *columns: object, **how: object) -> object:
        if len(made) == 3:
            raise OSError("the power is gone")
        made.append(name)
        return create_table(name, *columns, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", create_three_and_fail)
    with pytest.raises(OSError, match="the power is gone"):
        await migrate(empty_database)
    monkeypatch.undo()
    with pytest.raises(UnfitDatabase, match="The database is empty"):
        await require_current(empty_database)
    assert await migrate(empty_database)


async def test_an_empty_database_is_told_with_its_remedy(empty_database: Database) -> None:
    with pytest.raises(UnfitDatabase, match=r"^The database is empty; run `xunsheng init` to make its tables\.$"):
        await require_current(empty_database)


async def test_a_database_of_an_earlier_version_is_told_with_its_remedy(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_database)
    monkeypatch.setattr("migrations.schema.head", lambda: "9999")
    with pytest.raises(UnfitDatabase, match="run `xunsheng migrate`"):
        await require_current(empty_database)


async def test_a_database_of_a_newer_version_is_left_alone(empty_database: Database) -> None:
    await migrate(empty_database)
    async with empty_database.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    for action in (migrate, require_current):
        with pytest.raises(UnfitDatabase, match="install the newer program"):
            await action(empty_database)


async def test_a_database_of_something_else_is_left_alone(empty_database: Database) -> None:
    async with empty_database.transaction() as session:
        await session.execute(text("CREATE TABLE invoices (id INTEGER PRIMARY KEY)"))
    for action in (migrate, require_current):
        with pytest.raises(UnfitDatabase, match="tables that are not ours"):
            await action(empty_database)


async def test_rows_outlive_a_migration(empty_database: Database) -> None:
    await migrate(empty_database)
    async with empty_database.transaction() as session:
        session.add(Department(id="D01", name="县民政局", fields=[]))
    await migrate(empty_database)
    async with empty_database.reading() as session:
        assert await session.get(Department, "D01") is not None


async def test_numbers_of_chats_become_addresses(empty_database: Database) -> None:
    await enter_at_version(empty_database, BEFORE_ADDRESSES, NUMBERS)
    assert await migrate(empty_database)
    async with empty_database.reading() as session:
        accounts = {one.staff_id: one for one in await session.scalars(select(StaffAddress))}
        assert {staff_id: one.address for staff_id, one in accounts.items()} == {
            "P05": address_of(7_300_000_001),
            "P06": address_of(7_300_000_002),
        }
        assert accounts["P05"].unreachable_since is None
        assert accounts["P06"].unreachable_since == datetime(2026, 11, 10, 1, tzinfo=UTC)
        one, two = await session.get_one(Team, "T1"), await session.get_one(Team, "T2")
        assert (one.board_address, one.closed_board_address) == (address_of(-1_001_234_567_890), None)
        assert (two.board_address, two.closed_board_address) == (None, address_of(-77))
        card = await session.get_one(SentMessage, MessageKey.parse("card:24681357:board:T1"))
        assert (card.address, card.message_id) == (address_of(-1_001_234_567_890), 5)


async def test_an_open_form_and_a_refusal_that_waits_outlive_their_new_names(
    empty_database: Database, keyring: Keyring
) -> None:
    await enter_at_version(empty_database, BEFORE_PLAIN_NAMES, PLAIN_NAMES)
    assert await migrate(empty_database)
    async with empty_database.reading() as session:
        form = await session.get_one(OpenFormRow, "P05")
        assert (form.form, form.subject_id) == ("ask_reporter", "24681357")
        proposed = proposed_refusal(keyring, await session.get_one(Case, "24681357"))
        assert proposed == (Refusal(RefusalReason.LITIGATION, Referral.COURT), "P05")


async def test_an_update_that_was_done_or_failed_before_a_migration_is_known_after_it(empty_database: Database) -> None:
    await enter_at_version(empty_database, BEFORE_UPDATES_OF_CHANNELS, UPDATES)
    assert await migrate(empty_database)
    async with empty_database.transaction() as session:
        assert await begin_update(session, "telegram", "9007199254740993", NOW) is None
        assert await begin_update(session, "telegram", "7", NOW) == Begun(has_failed=True)
        assert await begin_update(session, "plain", "9007199254740993", NOW) == Begun(has_failed=False)


async def test_a_danger_stays_a_danger_when_crises_come_before_it(empty_database: Database) -> None:
    await enter_at_version(empty_database, BEFORE_URGENCY, URGENCY)
    assert await migrate(empty_database)
    async with empty_database.reading() as session:
        found = {case.id: case.urgency for case in await session.scalars(select(Case))}
        assert found == {"24681357": Urgency.DANGER, "13572468": Urgency.NORMAL}
        calls = [(case.crisis_calls, case.next_call_at) for case in await session.scalars(select(Case))]
        assert calls == [(0, None), (0, None)]


async def test_an_items_clock_begins_with_its_last_change_and_what_lies_with_reviewers_is_looked_at(
    empty_database: Database,
) -> None:
    await enter_at_version(empty_database, BEFORE_REVIEWERS_CLOCKS, ITEMS)
    assert await migrate(empty_database)
    async with empty_database.reading() as session:
        items = {item.id: item for item in await session.scalars(select(RectificationItem))}
        assert {item_id: item.state_since for item_id, item in items.items()} == {
            "Z1": date(2026, 11, 3),  # what leaves the state as it is changes nothing
            "Z2": date(2026, 10, 5),
            "Z3": date(2026, 10, 1),  # of which nothing is noted: when it was issued
        }
        assert {item.held_days for item in items.values()} == {0}
        looked_at = {item_id: item.next_look_on for item_id, item in items.items()}
        assert looked_at == {"Z1": AT_ONCE, "Z2": date(2026, 12, 1), "Z3": date(2026, 12, 1)}


async def test_open_cases_have_the_clocks_of_their_states_and_the_rounds_that_have_begun_their_version(
    empty_database: Database,
) -> None:
    await enter_at_version(empty_database, BEFORE_CASES_CLOCKS, CASES)
    assert await migrate(empty_database)
    came, changed = datetime(2026, 11, 10, 1, tzinfo=UTC), datetime(2026, 11, 12, 3, tzinfo=UTC)
    decided, asked = came + timedelta(days=15), changed + timedelta(days=7, hours=1)
    async with empty_database.reading() as session:
        clocks = {(one.case_id, one.clock): one for one in await session.scalars(select(CaseClock))}
        assert {key: one.ends_at for key, one in clocks.items()} == {
            ("10000001", Clock.FIRST_LOOK): came + timedelta(hours=24),
            ("10000001", Clock.DECISION): decided,
            ("10000002", Clock.DECISION): decided,
            ("10000003", Clock.DECISION): decided,
            ("10000003", Clock.QUESTION): asked,
            ("10000004", Clock.HANDLING): changed + timedelta(days=30),  # as the county has set it
            ("10000005", Clock.FOLLOW_UP): asked,
            ("10000007", Clock.FIRST_LOOK): came + timedelta(hours=2),
            ("10000007", Clock.DECISION): decided,
        }
        standing = clocks.pop(("10000003", Clock.DECISION))
        assert (standing.stands_since, standing.next_at) == (changed, None)
        assert all((one.stands_since, one.next_at) == (None, one.ends_at) for one in clocks.values())
        due = {case.id: (case.due_clock, case.due_at) for case in await session.scalars(select(Case))}
        assert due == {
            "10000001": (Clock.FIRST_LOOK, came + timedelta(hours=24)),
            "10000002": (Clock.DECISION, decided),
            "10000003": (None, NO_END),
            "10000004": (Clock.HANDLING, changed + timedelta(days=30)),
            "10000005": (None, NO_END),
            "10000006": (None, NO_END),
            "10000007": (Clock.FIRST_LOOK, came + timedelta(hours=2)),
        }
        late = select(Case.id).where(Case.due_at <= decided).order_by(Case.id)
        assert list(await session.scalars(late)) == ["10000001", "10000002", "10000007"]
        assert (await session.get_one(Round, "R6")).settings_version == 1
        assert (await session.get_one(ComplaintSettingsVersion, 1)).settings == {"handle_days": 30}


async def test_a_county_with_rows_in_every_table_that_changes_goes_on_and_is_asked_about_few_talks_a_day(
    empty_database: Database,
) -> None:
    await enter_at_version(empty_database, BEFORE_TALKS, COUNTY)
    assert await migrate(empty_database)
    async with empty_database.reading() as session:
        items = list(await session.scalars(select(RectificationItem)))
        assert {(one.kind, one.is_for_head, one.systems_built) for one in items} == {(ItemKind.INDIVIDUAL, True, 1)}
        assert [one.neighbours for one in await session.scalars(select(Village))] == [[]]
        assert [one.file_kind for one in await session.scalars(select(Evidence))] == [FileKind.PHOTO]
        ladder = (await session.get_one(ComplaintSettingsVersion, 1)).rectification
        assert ladder == {"midterm_days": 40}  # as the county's file says
        days = [talk.next_on for talk in await session.scalars(select(Talk).order_by(Talk.next_on))]
        assert len(days) == len(_CARDED)
        assert max(days.count(each) for each in days) == 10


async def test_what_is_late_already_is_told_the_day_after_and_what_was_told_is_not_told_again(
    empty_database: Database,
) -> None:
    await enter_at_version(empty_database, BEFORE_TELLING_AGAIN, UNSIGNED)
    assert await migrate(empty_database)
    async with empty_database.reading() as session:
        days = {one.id: one.tell_next_on for one in await session.scalars(select(FeedbackMeeting))}
        assert days == {"f1": date(2026, 12, 1), "f2": None}


def test_a_migrations_file_name_begins_with_its_version_and_the_newest_is_the_last() -> None:
    chain = list(ScriptDirectory.from_config(configuration()).walk_revisions())  # raises where there are two newest
    assert versions() == [script.revision for script in reversed(chain)]
    assert head() == chain[0].revision


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("ALTER TABLE outbox DROP COLUMN reason", "outbox.reason"),
        ("DROP TABLE sent_messages", "sent_messages"),
        ("ALTER TABLE staff ADD COLUMN pet VARCHAR NOT NULL DEFAULT 'none'", None),
        ("ALTER TABLE staff ADD COLUMN pet VARCHAR", None),
    ],
)
async def test_tables_that_are_not_those_of_the_version_they_bear_are_told(
    empty_database: Database, change: str, named: str | None
) -> None:
    await migrate(empty_database)
    async with empty_database.engine.begin() as connection:
        await connection.exec_driver_sql(change)
    for action in (require_current, migrate):
        if named is None:
            await action(empty_database)
        else:
            with pytest.raises(UnfitDatabase, match=rf"they are others \(.*: {named}\).*run `xunsheng init`"):
                await action(empty_database)


async def test_an_index_that_is_missing_is_told(empty_database: Database) -> None:
    await migrate(empty_database)
    index = next(index.name for table in METADATA.sorted_tables for index in table.indexes)
    async with empty_database.engine.begin() as connection:
        await connection.exec_driver_sql(f"DROP INDEX {index}")
    with pytest.raises(UnfitDatabase, match=str(index)):
        await require_current(empty_database)
