"""What both databases promise."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url, select

from models.base import random_id
from models.database import Database, insert_or_ignore
from models.delivery import FailedUpdate, ProcessedUpdate, TrailMessage
from tests.conftest import ONLY_SQLITE


async def test_a_transaction_that_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            session.add(ProcessedUpdate(update_id=1, done_on=datetime(2026, 1, 1, tzinfo=UTC)))
            await session.flush()
            raise RuntimeError
    async with database.reading() as session:
        assert await session.scalar(select(ProcessedUpdate)) is None


async def test_a_second_row_with_the_same_key_is_ignored(database: Database) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    async with database.transaction() as session:
        assert await insert_or_ignore(session, ProcessedUpdate, update_id=7, done_on=moment)
        assert not await insert_or_ignore(session, ProcessedUpdate, update_id=7, done_on=moment)


async def test_times_come_back_as_the_same_moment_in_utc(database: Database) -> None:
    nine_in_the_county = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    async with database.transaction() as session:
        session.add(ProcessedUpdate(update_id=1, done_on=nine_in_the_county))
    async with database.reading() as session:
        row = await session.scalar(select(ProcessedUpdate))
    assert row is not None
    assert row.done_on == nine_in_the_county
    assert row.done_on.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"):
        async with database.transaction() as session:
            session.add(ProcessedUpdate(update_id=1, done_on=datetime(2026, 1, 1)))


async def test_two_transactions_at_once_both_commit(database: Database) -> None:
    import asyncio

    async def add(number: int) -> None:
        async with database.transaction(key=1) as session:
            session.add(ProcessedUpdate(update_id=number, done_on=datetime(2026, 1, 1, tzinfo=UTC)))

    await asyncio.gather(*(add(number) for number in range(20)))
    async with database.reading() as session:
        assert len((await session.scalars(select(ProcessedUpdate))).all()) == 20


@ONLY_SQLITE
async def test_what_is_deleted_is_overwritten_on_disk(database: Database, database_address: str) -> None:
    planted = b"what nobody may find " * 20
    async with database.transaction() as session:
        session.add(FailedUpdate(update_id=1, attempts=1, reason="KeyError", sealed=planted))
    file = Path(make_url(database_address).database or "")
    kept = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert planted in kept
    async with database.transaction() as session:
        await session.execute(delete(FailedUpdate))
    await database.close()
    assert [one.name for one in file.parent.glob(f"{file.name}*") if planted in one.read_bytes()] == []


@ONLY_SQLITE
async def test_in_which_order_rows_came_is_not_to_be_seen_in_the_file_once_the_hour_is_over(
    database: Database, database_address: str
) -> None:
    file = Path(str(make_url(database_address).database))
    came = [random_id() for _ in range(20)]
    for one in came:
        async with database.transaction() as session:
            session.add(
                TrailMessage(id=one, trail="0" * 32, masked=b"\0" * 8, expires_at=datetime(2026, 1, 1, tzinfo=UTC))
            )

    async def as_they_lie() -> list[str]:
        await database.checkpoint()
        content = file.read_bytes()
        return sorted(came, key=lambda one: content.index(one.encode()))

    assert await as_they_lie() in (came, came[::-1])
    await database.forget_order()
    assert await as_they_lie() in (sorted(came), sorted(came, reverse=True))
