"""Who on the staff did what is written down once and for all, and the office director reads it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from models.audit import Audited, AuditEntry, AuditHead
from models.database import Database
from models.staff import Staff
from privacy.keyring import Keyring
from services.audit import Seal, faults, record, seal_now
from tests.conftest import OpenWork
from tests.house import House
from tests.journey import Journey
from tests.story import Hands


async def written(open_work: OpenWork, number: int = 5) -> Seal:
    for entry in range(number):
        async with open_work() as work:
            await record(work, Audited.OPENED, by="P05", case_id=f"{entry:08d}", step=entry)
    async with open_work() as work:
        return await seal_now(work.session)


async def found(session: AsyncSession, keyring: Keyring, noted: Seal | None = None) -> list[tuple[int, str]]:
    return [(fault.number, fault.what) async for fault in faults(session, keyring, noted)]


@pytest.fixture
async def unguarded(database: Database) -> Database:
    """A database whose owner has taken the guard off the log."""
    async with database.transaction() as session:
        if database.dialect == "sqlite":
            for deed in ("UPDATE", "DELETE"):
                await session.execute(text(f"DROP TRIGGER audit_entries_stay_{deed}"))
        else:
            await session.execute(text("DROP TRIGGER audit_entries_stay ON audit_entries"))
    return database


async def test_a_log_nobody_touched_is_in_order(open_work: OpenWork, keyring: Keyring) -> None:
    seal = await written(open_work)
    assert seal.number == 5
    async with open_work() as work:
        assert await found(work.session, keyring, Seal.read(str(seal))) == []
        numbers = await work.session.scalars(select(AuditEntry.number).order_by(AuditEntry.number))
        assert list(numbers) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("deed", [update(AuditEntry).values(by_id="P06"), delete(AuditEntry)], ids=["change", "delete"])
async def test_the_database_itself_refuses_to_change_the_log(open_work: OpenWork, deed: object) -> None:
    await written(open_work, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        async with open_work() as work:
            await work.session.execute(deed)  # type: ignore[call-overload]


@pytest.mark.parametrize("column", ["at", "deed", "by_id", "case_id", "subject", "detail"])
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
        assert await found(work.session, keyring, seal) == [(5, "was noted, and is not there")]


async def test_a_log_that_grew_on_from_an_old_copy_differs_from_what_was_noted(
    unguarded: Database, open_work: OpenWork, keyring: Keyring
) -> None:
    seal = await written(open_work)
    async with open_work() as work:
        await work.session.execute(delete(AuditEntry))
        await work.session.execute(delete(AuditHead))
    await written(open_work, 4)
    async with open_work() as work:
        await record(work, Audited.OPENED, by="P07", case_id="00000004")
    async with open_work() as work:
        assert await found(work.session, keyring) == []
        assert await found(work.session, keyring, seal) == [(5, "is not the one that was noted")]


async def test_entries_written_at_once_make_one_chain(open_work: OpenWork, keyring: Keyring) -> None:
    async def one(number: int) -> None:
        async with open_work() as work:
            await record(work, Audited.OPENED, by=f"P{number:02d}")

    await asyncio.gather(*map(one, range(12)))
    async with open_work() as work:
        assert await found(work.session, keyring) == []
        assert (await seal_now(work.session)).number == 12


def test_what_is_no_seal_is_not_read_as_one() -> None:
    assert [Seal.read(one) for one in ("", "5", "5-xyz", "a-0123456789ab", "5-0123")] == [None] * 5


async def test_the_office_director_reads_who_opened_a_case_and_nobody_else_does(house: House) -> None:
    journey = await Journey.begin(house)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    journey.office.say(f"/audit {journey.case_id}")
    shown = await journey.office.reads("打开了内容")
    assert f"{journey.case_id}" in shown.text
    async with house.database.reading() as session:
        name = (await session.get_one(Staff, "P06")).name
        assert await found(session, house.keyring) == []
    assert name in shown.text
    journey.office.say("/audit")
    assert "封印" in (await journey.office.reads("最近的审计记录")).text
    journey.office.say("/audit 99999999")
    await journey.office.reads("没有记录")
    for stranger in (journey.leader, journey.member, Hands(house.simulator, house.staff["P14"])):
        stranger.say("/audit")
        assert "打开了" not in (await stranger.reads("只给巡察办主任看")).text
