"""One process at a time does a duty, and what it does commits only while the duty is its own."""

import pytest
from sqlalchemy import func, select, text

from models import duty_lock
from models.database import Database
from models.duty_lock import DutyLock
from models.rounds import Department
from tests.conftest import ONLY_POSTGRESQL
from tests.waiting import eventually

PID = "SELECT pg_backend_pid()"
END = "SELECT pg_terminate_backend(:pid, 60000)"  # and wait until it has ended


async def departments(database: Database) -> int | None:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Department))


@ONLY_POSTGRESQL  # SQLite serves one process
async def test_one_holds_a_duty_and_another_takes_it_over_once_it_is_given_up(database: Database) -> None:
    first, second = DutyLock(database, "sender"), DutyLock(database, "sender")
    assert await first.hold()
    assert await first.hold()
    assert not await second.hold()
    await first.release()
    assert await second.hold()
    await second.release()


async def test_what_is_done_in_a_transaction_of_a_duty_is_committed(database: Database) -> None:
    duty = DutyLock(database, "sender")
    for number in range(2):
        async with duty.transaction() as session:  # at first it is not held
            session.add(Department(id=f"d{number}", name="x", fields=[]))
        assert await duty.hold()
    await duty.release()
    assert await departments(database) == 2


@ONLY_POSTGRESQL
async def test_whoever_lost_a_duty_commits_nothing_more_until_it_is_theirs_again(database: Database) -> None:
    duty = DutyLock(database, "sender")
    assert await duty.hold()
    async with duty.transaction() as session:
        holder = await session.scalar(text(PID))
    async with database.transaction() as session:
        await session.execute(text(END), {"pid": holder})
    other = DutyLock(database, "sender")
    assert await other.hold()
    with pytest.raises(Exception, match=r"terminat|closed"):
        async with duty.transaction() as session:
            session.add(Department(id="d", name="x", fields=[]))
    assert await departments(database) == 0
    assert not await duty.hold()
    await other.release()
    assert await duty.hold()
    await duty.release()


@ONLY_POSTGRESQL
async def test_a_server_that_does_not_answer_holds_up_a_duty_for_a_limited_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duty_lock, "TRANSACTION_SECONDS", 0.05)
    duty = DutyLock(database, "sender")
    assert await duty.hold()
    with pytest.raises(Exception, match=r"closed"):
        async with duty.transaction() as session:
            holder = await session.scalar(text(PID))
            await session.execute(text("SELECT pg_sleep(100000)"))
    async with database.transaction() as session:
        await session.execute(text(END), {"pid": holder})
    assert await duty.hold()
    await duty.release()


@ONLY_POSTGRESQL
async def test_a_holder_that_says_nothing_any_more_is_not_waited_for_and_knows_it_once_it_wakes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen, other = DutyLock(database, "sender"), DutyLock(database, "sender")
    assert await frozen.hold()
    term = frozen.term
    assert await frozen.is_ours(term)
    assert not await other.hold(), "it was heard of just now"
    monkeypatch.setattr(duty_lock, "STALE_SECONDS", 0)

    async def taken() -> bool:
        return await other.hold()

    await eventually(taken)
    monkeypatch.setattr(duty_lock, "FRESH_SECONDS", 0)
    assert not await frozen.is_ours(term)
    assert not frozen.is_held
    monkeypatch.setattr(duty_lock, "STALE_SECONDS", 90)
    assert not await frozen.hold()
    await other.release()
    assert await frozen.hold()
    assert not await frozen.is_ours(term), "somebody else has had it in between"
    assert await frozen.is_ours(frozen.term)
    await frozen.release()


@ONLY_POSTGRESQL
async def test_a_duty_of_another_name_is_not_taken_from_its_holder(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    polling, sender, other = (DutyLock(database, name) for name in ("polling", "sender", "sender"))
    assert await polling.hold()
    assert await sender.hold()
    monkeypatch.setattr(duty_lock, "STALE_SECONDS", 0)

    async def taken() -> bool:
        return await other.hold()

    await eventually(taken)
    monkeypatch.setattr(duty_lock, "FRESH_SECONDS", 0)
    assert await polling.is_ours(polling.term)
    for duty in (polling, sender, other):
        await duty.release()
