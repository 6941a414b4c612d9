"""One process at a time does a duty, and what it does commits only while the duty is its own."""

import pytest
from sqlalchemy import func, select, text

from models import duty_lock
from models.database import Database
from models.duty_lock import DutyLock
from models.rounds import Department
from tests.conftest import ONLY_POSTGRESQL

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
