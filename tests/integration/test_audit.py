"""Who on the staff did what is written down once and for all, and the office director reads it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.people.audit import audit_page
from models.audit import CLOCK, Audited, AuditEntry, AuditHead
from models.complaints import CaseEvent, Unmasking
from models.database import Database
from models.staff import Staff
from models.states import CaseState
from privacy.keyring import Keyring
from services.access.member import member
from services.audit.log import NotWritten, Seal, done_by, entries, position_of, record, seal_now, send_weekly_seal
from services.audit.verify import faults
from services.cases.identity_probing import MOST_PREVIEWS_A_DAY
from services.cases.read_case import hand_over
from services.cases.unmask import unmask
from services.rectification.issue_item import draft_fix
from tests.conftest import NOW, ONLY_POSTGRESQL, ONLY_SQLITE, OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import county, lay, queued_for, rendered  # noqa: F401 (a fixture)
from tests.journey import Journey
from tests.notices import args_of
from tests.story import PhoneUser
from texts.catalogue import Words

NOWHERE = (None, "The seal that was noted is nowhere in the log")


async def written(open_work: OpenWork, number: int = 5) -> Seal:
    for entry in range(number):
        async with open_work() as work:
            await record(work, Audited.TRANSFERRED, by="P05", case_id=f"{entry:08d}", step=entry)
    async with open_work() as work:
        return await seal_now(work.session)


async def found(session: AsyncSession, keyring: Keyring, noted: Seal | None = None) -> list[tuple[int | None, str]]:
    """Return the faults of the entries and of the seal; the guards were taken off by the test itself."""
    faulty = await all_found(session, keyring, noted)
    return [(number, what) for number, what in faulty if not what.startswith("The database no longer guards")]


async def all_found(session: AsyncSession, keyring: Keyring, noted: Seal | None = None) -> list[tuple[int | None, str]]:
    return [(fault.number, fault.what) async for fault in faults(session, keyring, noted)]


@pytest.fixture
async def unguarded(database: Database) -> Database:
    """A database whose owner has taken the guard off the log."""
    async with database.transaction() as session:
        if database.dialect == "sqlite":
            for action in ("UPDATE", "DELETE"):
                await session.execute(text(f"DROP TRIGGER audit_entries_stay_{action}"))
        else:
            await session.execute(text("DROP TRIGGER audit_entries_stay ON audit_entries"))
    return database


async def test_a_log_nobody_touched_is_in_order(open_work: OpenWork, keyring: Keyring) -> None:
    seal = await written(open_work)
    async with open_work() as work:
        assert await all_found(work.session, keyring, Seal.read(str(seal))) == []
        assert await position_of(work.session, seal) == 5
        numbers = await work.session.scalars(select(AuditEntry.number).order_by(AuditEntry.number))
        assert list(numbers) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "action", [update(AuditEntry).values(by_id="P06"), delete(AuditEntry)], ids=["change", "delete"]
)
async def test_the_database_itself_refuses_to_change_the_log(open_work: OpenWork, action: object) -> None:
    await written(open_work, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        async with open_work() as work:
            await work.session.execute(action)  # type: ignore[call-overload]


@pytest.mark.parametrize("column", ["at", "action", "by_id", "case_id", "subject", "detail"])
async def test_any_alteration_is_found(unguarded: Database, open_work: OpenWork, keyring: Keyring, column: str) -> None:
    await written(open_work)
    async with open_work() as work:
        other = {"at": work.now + timedelta(hours=1), "detail": {"step": 9}}.get(column, "P99")
        await work.session.execute(update(AuditEntry).where(AuditEntry.number == 3).values({column: other}))
    async with open_work() as work:
        assert await found(work.session, keyring) == [(3, "is not what was written")]


async def test_a_gap_is_found(unguarded: Database, open_work: OpenWork, keyring: Keyring) -> None:
    await written(open_work)
    async with open_work() as work:
        await work.session.execute(delete(AuditEntry).where(AuditEntry.number.in_([2, 3])))
    async with open_work() as work:
        assert await found(work.session, keyring) == [(2, "to 3 are missing")]


async def test_a_gap_that_was_closed_up_is_found(unguarded: Database, open_work: OpenWork, keyring: Keyring) -> None:
    await written(open_work)
    async with open_work() as work:
        await work.session.execute(delete(AuditEntry).where(AuditEntry.number == 2))
        for number in (3, 4, 5):
            await work.session.execute(
                update(AuditEntry).where(AuditEntry.number == number).values(number=AuditEntry.number - 1)
            )
        await work.session.execute(update(AuditHead).values(number=4))
    async with open_work() as work:
        assert (2, "is not what was written") in await found(work.session, keyring)


async def test_a_log_that_was_cut_short_is_found(unguarded: Database, open_work: OpenWork, keyring: Keyring) -> None:
    seal = await written(open_work)
    async with open_work() as work:
        await work.session.execute(delete(AuditEntry).where(AuditEntry.number > 3))
    async with open_work() as work:
        assert await found(work.session, keyring) == [(4, "to 5 are missing at the end")]
        chain = await work.session.scalar(select(AuditEntry.chain).where(AuditEntry.number == 3))
        await work.session.execute(update(AuditHead).values(number=3, chain=chain))  # as an older copy has it
    async with open_work() as work:
        assert await found(work.session, keyring) == []
        assert await found(work.session, keyring, seal) == [NOWHERE]


async def test_a_log_that_grew_on_from_an_old_copy_differs_from_what_was_noted(
    unguarded: Database, open_work: OpenWork, keyring: Keyring
) -> None:
    seal = await written(open_work)
    async with open_work() as work:
        await work.session.execute(delete(AuditEntry))
        await work.session.execute(delete(AuditHead))
    await written(open_work, 4)
    async with open_work() as work:
        await record(work, Audited.TRANSFERRED, by="P07", case_id="00000004")
    async with open_work() as work:
        assert await found(work.session, keyring) == []
        assert await found(work.session, keyring, seal) == [NOWHERE]


async def test_entries_written_at_once_make_one_chain(open_work: OpenWork, keyring: Keyring) -> None:
    async def one(number: int) -> None:
        async with open_work() as work:
            await record(work, Audited.INVITED, by=f"P{number:02d}")

    await asyncio.gather(*map(one, range(12)))
    async with open_work() as work:
        assert await found(work.session, keyring) == []
        assert await position_of(work.session, await seal_now(work.session)) == 12


def test_what_is_no_seal_is_not_read_as_one() -> None:
    assert [Seal.read(one) for one in ("", "5", "5-xyz", "a-0123456789ab", "5-0123", "0123")] == [None] * 6


async def test_a_seal_tells_nothing_of_how_much_was_written_and_one_that_did_is_still_known(
    open_work: OpenWork,
) -> None:
    seal = await written(open_work, 5)
    assert len(str(seal)) == 16
    assert seal.chain.startswith(str(seal))
    assert Seal.read(f"5-{seal.chain[:12]}") == Seal(seal.chain[:12])


SUPPRESSING = {
    "sqlite": [
        "CREATE TRIGGER a BEFORE INSERT ON audit_entries WHEN new.by_id = 'P06' BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER b AFTER UPDATE ON audit_head WHEN NOT EXISTS (SELECT 1 FROM audit_entries WHERE number = "
        "new.number) BEGIN UPDATE audit_head SET number = old.number, chain = old.chain; END",
    ],
    "postgresql": [
        "CREATE FUNCTION a() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF new.by_id = 'P06' THEN RETURN NULL; END IF; RETURN new; END $$",
        "CREATE TRIGGER a BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION a()",
    ],
}
PUTTING_BACK = {
    "sqlite": [
        "CREATE TRIGGER b AFTER UPDATE ON audit_head "
        "BEGIN UPDATE audit_head SET number = old.number, chain = old.chain; END"
    ],
    "postgresql": [
        "CREATE FUNCTION b() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN old; END $$",
        "CREATE TRIGGER b BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION b()",
    ],
}


async def run(database: Database, *statements: str) -> None:
    async with database.transaction() as session:
        for statement in statements:
            await session.execute(text(statement))


async def test_what_the_log_does_not_take_is_not_done_and_what_leaves_it_out_is_found(
    database: Database,
    county: OpenWork,  # noqa: F811
    keyring: Keyring,
) -> None:
    async with county() as work:
        case = await lay(work, "路灯不亮三个月了")
    await run(database, *SUPPRESSING[database.dialect])
    with pytest.raises(NotWritten):
        async with county() as work:
            await hand_over(work, await member(work.session, "P06"), case.id)
    async with county() as work:
        assert await queued_for(work, "staff:P06", "case_text") == []
        assert not list(await work.session.scalars(select(CaseEvent).where(CaseEvent.event == "open")))
        await hand_over(work, await member(work.session, "P05"), case.id)  # whom nobody leaves out
    async with county() as work:
        strange = [what for _, what in await all_found(work.session, keyring) if "stands what is not ours" in what]
    assert len(strange) == (2 if database.dialect == "sqlite" else 1)


SILENCING = {
    "sqlite": [
        "CREATE TRIGGER c AFTER INSERT ON outbox WHEN new.kind = 'case_unmasked' "
        "BEGIN DELETE FROM outbox WHERE id = new.id; END"
    ],
    "postgresql": [
        "CREATE FUNCTION c() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER c BEFORE INSERT ON outbox FOR EACH ROW WHEN (new.kind = 'case_unmasked') EXECUTE FUNCTION c()",
        "CREATE RULE d AS ON INSERT TO outbox WHERE new.kind = 'trace_repeated' DO INSTEAD NOTHING",
        "CREATE POLICY e ON outbox USING (kind <> 'order_tried')",
    ],
}


async def test_what_stands_over_any_other_table_is_found_too(
    database: Database, open_work: OpenWork, keyring: Keyring
) -> None:
    await run(database, *SILENCING[database.dialect])
    async with open_work() as work:
        strange = [what for _, what in await all_found(work.session, keyring)]
    assert all(what.startswith("In the database stands what is not ours") for what in strange)
    assert len(strange) == (1 if database.dialect == "sqlite" else 3)


async def test_the_end_of_the_log_is_not_to_be_put_back(
    database: Database, open_work: OpenWork, keyring: Keyring
) -> None:
    await written(open_work, 2)
    await run(database, *PUTTING_BACK[database.dialect])
    with pytest.raises(NotWritten):
        await written(open_work, 1)
    async with open_work() as work:
        [(_, what)] = await all_found(work.session, keyring)
    assert what.startswith("In the database stands what is not ours")


async def test_a_guard_that_is_taken_off_is_missed(unguarded: Database, open_work: OpenWork, keyring: Keyring) -> None:
    await written(open_work, 1)
    async with open_work() as work:
        gone = [what for _, what in await all_found(work.session, keyring)]
    assert all(what.startswith("The database no longer guards the log by «CREATE TRIGGER") for what in gone)
    assert len(gone) == (2 if unguarded.dialect == "sqlite" else 1)


@ONLY_SQLITE
async def test_a_guard_that_guards_no_more_is_told_from_ours(
    database: Database, open_work: OpenWork, keyring: Keyring
) -> None:
    await run(
        database,
        "DROP TRIGGER audit_entries_stay_DELETE",
        "CREATE TRIGGER audit_entries_stay_DELETE BEFORE DELETE ON audit_entries BEGIN SELECT 1; END",
    )
    async with open_work() as work:
        assert len(await all_found(work.session, keyring)) == 2  # ours is gone, and what is there is not ours


@ONLY_POSTGRESQL
@pytest.mark.parametrize(
    ("how", "number"),
    [
        ("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_stay", 2),
        (
            "CREATE OR REPLACE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$",
            2,
        ),
        ("CREATE RULE b AS ON DELETE TO audit_head DO INSTEAD NOTHING", 1),
    ],
    ids=["switched off", "emptied", "a rule"],
)
async def test_a_guard_that_guards_no_more_is_told_from_ours_on_postgresql(
    database: Database, open_work: OpenWork, keyring: Keyring, how: str, number: int
) -> None:
    await run(database, how)
    async with open_work() as work:
        assert len(await all_found(work.session, keyring)) == number


async def test_whatever_a_case_knows_and_the_log_does_not_is_found(
    unguarded: Database,
    county: OpenWork,  # noqa: F811
    keyring: Keyring,
) -> None:
    async with county() as work:
        case = await lay(work, "我叫李秀英,路灯不亮三个月了")
        who = await member(work.session, "P05")
        await hand_over(work, who, case.id)
        await hand_over(work, who, case.id)
        await unmask(work, who, case.id, "要当面核实")
        assert await found(work.session, keyring) == []
        last = await work.session.scalar(select(func.max(AuditEntry.number)))
        await work.session.execute(delete(AuditEntry).where(AuditEntry.number == last))
        before = await work.session.scalar(select(AuditEntry.chain).where(AuditEntry.number == (last or 0) - 1))
        await work.session.execute(update(AuditHead).values(number=AuditHead.number - 1, chain=before))
        await work.session.execute(delete(CaseEvent).where(CaseEvent.event == "open", CaseEvent.version == 3))
    async with county() as work:
        assert await found(work.session, keyring) == [
            (None, f"Case {case.id} was opened by P05 1 times, as its events have it, and 2 in the log"),
            (None, f"Case {case.id} was unmasked by P05 1 times, as its events have it, and 0 in the log"),
        ]


async def test_what_the_directors_are_told_of_cannot_be_cut_off_the_log_any_more(
    unguarded: Database,
    county: OpenWork,  # noqa: F811
    keyring: Keyring,
) -> None:
    async with county() as work:
        case = await lay(work, "我叫李秀英,路灯不亮三个月了", state=CaseState.VERIFYING)
        who = await member(work.session, "P05")
        await record(work, Audited.SEALED)
        monday, length = await seal_now(work.session), await work.session.scalar(select(AuditHead.number))
        await unmask(work, who, case.id, "要当面核实")
        await draft_fix(work, who, case.id, "李秀英门口的路灯", NOW.date())
        for _ in range(MOST_PREVIEWS_A_DAY):
            await draft_fix(work, who, case.id, "路灯", NOW.date())
        seals = {}
        for outgoing in await queued_for(work, "staff:P03", "case_unmasked", "trace_repeated", "order_tried"):
            shown = await rendered(work, "staff:P03", outgoing)
            assert shown is not None
            assert f"<code>{args_of(outgoing)['seal']}</code>" in shown.text
            seals[outgoing.kind] = Seal(args_of(outgoing)["seal"])
        places = [await position_of(work.session, seal) for seal in seals.values()]
        assert places == [(length or 0) + 1, (length or 0) + 2, (length or 0) + 3]
        await work.session.execute(delete(AuditEntry).where(AuditEntry.number > length))
        await work.session.execute(update(AuditHead).values(number=length, chain=monday.chain))
        await work.session.execute(delete(CaseEvent).where(CaseEvent.event == "unmask"))
        await work.session.execute(delete(Unmasking))
    async with county() as work:
        assert await found(work.session, keyring, monday) == []
        for seal in seals.values():
            assert await found(work.session, keyring, seal) == [NOWHERE]


async def test_on_mondays_the_directors_are_sent_a_hash_alone(county: OpenWork) -> None:  # noqa: F811
    monday = datetime(2026, 11, 23, 1, tzinfo=UTC)
    async with county(now=monday) as work:
        await send_weekly_seal(work)
        await send_weekly_seal(work)
        [outgoing] = await queued_for(work, "staff:P03", "audit_seal")
        assert args_of(outgoing) == {"seal": (await seal_now(work.session)).chain[:16]}
    async with county(now=monday + timedelta(days=7)) as work:  # nothing was done, and still it is another one
        await send_weekly_seal(work)
        assert len({args_of(outgoing)["seal"] for outgoing in await queued_for(work, "staff:P03", "audit_seal")}) == 2


async def renamed(deployment: Deployment, staff_id: str, name: str) -> None:
    async with deployment.database.transaction() as session:
        await session.execute(update(Staff).where(Staff.id == staff_id).values(name=name))


async def test_the_office_director_reads_who_opened_a_case_and_nobody_else_does(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    journey.office.say(f"/audit {journey.case_id}")
    shown = await journey.office.reads("打开了内容")
    assert f"{journey.case_id}" in shown.text
    async with deployment.database.reading() as session:
        name = (await session.get_one(Staff, "P06")).name
        assert await found(session, deployment.keyring) == []
    assert name in shown.text
    await renamed(deployment, "P06", "别人")
    journey.office.say("/audit")
    shown = await journey.office.reads("最近的审计记录")
    async with deployment.database.reading() as session:
        assert str(await seal_now(session)) not in shown.text
    assert f"{name} 打开了内容 {journey.case_id}" in shown.text
    assert "别人" not in shown.text
    journey.office.say("/audit 99999999")
    await journey.office.reads("没有记录")
    for stranger in (journey.leader, journey.member, PhoneUser(deployment.simulator, deployment.staff["P14"])):
        stranger.say("/audit")
        assert "打开了" not in (await stranger.reads("只给巡察办主任看")).text


@pytest.mark.parametrize(
    ("language", "clock", "command"), [("zh_Hans", "系统定时", "命令行"), ("en", "the clock", "command line")]
)
async def test_the_audit_names_the_clock_for_what_the_clock_did_and_the_command_line_for_what_it_did(
    county: OpenWork,  # noqa: F811
    language: str,
    clock: str,
    command: str,
) -> None:
    async with county() as work:
        await record(work, Audited.SETTINGS_CHANGED, changes=1)
    async with county(now=NOW + timedelta(days=1)) as work:
        await send_weekly_seal(work)
        words = Words(language)
        shown = await audit_page(work, words, await member(work.session, "P03"), None)
        by_clock, by_command = (next(line for line in shown.splitlines() if what in line) for what in (clock, command))
        assert words("office.audited_sealed") in by_clock
        assert words("office.audited_settings_changed") in by_command
        assert {done_by(entry) for entry in await work.session.scalars(entries())} == {CLOCK, None}


@pytest.mark.usefixtures("enrolled_county")
async def test_a_director_who_is_named_in_one_of_two_cases_finds_no_entry_about_both(open_work: OpenWork) -> None:
    async with open_work() as work:
        seen, named = await lay(work, "路坏了"), await lay(work, "路又坏了", shut_out=["P03"])
        await record(work, Audited.COMPARED, by="P06", case_id=seen.id, subject=named.id)
        await record(work, Audited.HEAD_FILE_COMPILED, by="P05", subject="P14", unit="U1")
        director = await member(work.session, "P03")
        words = Words("zh_Hans")
        shown = await audit_page(work, words, director, None)
        assert named.id not in shown
        assert words("office.audited_head_file_compiled") in shown
        shut_out = replace(director, shut_out_of=frozenset({"U1"}))
        assert words("office.audited_head_file_compiled") not in await audit_page(work, words, shut_out, None)
