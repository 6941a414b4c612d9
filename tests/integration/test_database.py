"""What both databases promise."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, insert, make_url, select, update
from sqlalchemy.exc import IntegrityError

from models import row_order
from models.base import random_id
from models.complaints import Author, Complaint, ComplaintMessage, MessageKind, ReplyAddress
from models.database import Database, insert_or_ignore
from models.delivery import FailedUpdate, ProcessedUpdate
from models.rounds import Round
from models.touched_rows import tables_without_order
from tests.conftest import ONLY_SQLITE
from tests.sqlite_file import OVERFLOW, order_shown

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_transaction_that_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            session.add(ProcessedUpdate(channel="telegram", update_id="1", done_on=datetime(2026, 1, 1, tzinfo=UTC)))
            await session.flush()
            raise RuntimeError
    async with database.reading() as session:
        assert await session.scalar(select(ProcessedUpdate)) is None


async def test_a_second_row_with_the_same_key_is_ignored(database: Database) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    async with database.transaction() as session:
        assert await insert_or_ignore(session, ProcessedUpdate, channel="telegram", update_id="7", done_on=moment)
        assert not await insert_or_ignore(session, ProcessedUpdate, channel="telegram", update_id="7", done_on=moment)


async def test_times_come_back_as_the_same_moment_in_utc(database: Database) -> None:
    nine_in_the_county = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    async with database.transaction() as session:
        session.add(ProcessedUpdate(channel="telegram", update_id="1", done_on=nine_in_the_county))
    async with database.reading() as session:
        row = await session.scalar(select(ProcessedUpdate))
    assert row is not None
    assert row.done_on == nine_in_the_county
    assert row.done_on.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"):
        async with database.transaction() as session:
            session.add(ProcessedUpdate(channel="telegram", update_id="1", done_on=datetime(2026, 1, 1)))


async def test_two_transactions_at_once_both_commit(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.transaction(key=1) as session:
            session.add(
                ProcessedUpdate(channel="telegram", update_id=str(number), done_on=datetime(2026, 1, 1, tzinfo=UTC))
            )

    await asyncio.gather(*(add(number) for number in range(20)))
    async with database.reading() as session:
        assert len((await session.scalars(select(ProcessedUpdate))).all()) == 20


@ONLY_SQLITE
async def test_what_is_deleted_is_overwritten_on_disk(database: Database, database_address: str) -> None:
    planted = b"what nobody may find " * 20
    async with database.transaction() as session:
        session.add(FailedUpdate(channel="telegram", update_id="1", attempts=1, reason="KeyError", sealed=planted))
    file = Path(make_url(database_address).database or "")
    kept = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert planted in kept
    async with database.transaction() as session:
        await session.execute(delete(FailedUpdate))
    await database.close()
    assert [one.name for one in file.parent.glob(f"{file.name}*") if planted in one.read_bytes()] == []


@ONLY_SQLITE
async def test_in_which_order_rows_came_is_not_to_be_seen_in_the_file_once_the_hour_is_over(
    database: Database, database_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(7)  # always the same, so that no page falls into order by accident
    monkeypatch.setattr(row_order, "_shuffle", chance.shuffle)
    came = [chance.randbytes(16).hex() for _ in range(16)]  # they fit one page of each tree
    await enter_complaints(database, came)
    before = order_shown(Path(str(make_url(database_address).database)), came)
    rows = await all_rows(database)
    await database.forget_order()
    after = order_shown(Path(str(make_url(database_address).database)), came)
    trees = {"complaints", "complaint_messages", "reply_addresses"}
    indexes = {"ix_reply_addresses_expires_at"}
    unique = {"sqlite_autoindex_complaints_2", "sqlite_autoindex_complaint_messages_2"}
    assert before.keys() >= {*trees, *indexes, *unique, OVERFLOW}
    assert {tree for tree, shown in before.items() if abs(shown) < 1} == set()
    assert {tree: shown for tree, shown in after.items() if abs(shown) > 0.5} == {}
    assert await all_rows(database) == rows


@ONLY_SQLITE
async def test_the_order_is_hidden_of_what_was_changed_as_well_and_of_nothing_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = [random_id() for _ in range(3)]
    await enter_complaints(database, came)
    rewritten: list[int] = []
    monkeypatch.setattr(row_order, "_shuffle", lambda rows: rewritten.append(len(rows)))
    await database.forget_order()
    assert sum(rewritten) == 3 * 3
    rewritten.clear()
    await database.forget_order()
    assert rewritten == []
    async with database.transaction() as session:
        await session.execute(update(Complaint).where(Complaint.id == came[0]).values(satisfaction=1))
    await database.forget_order()
    assert rewritten == [1]


@ONLY_SQLITE
async def test_writers_have_their_turn_between_the_portions_while_the_order_is_hidden(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enter_complaints(database, [random_id() for _ in range(30)])
    monkeypatch.setattr(row_order, "PORTION", 10)
    hiding = asyncio.create_task(database.forget_order())
    written = 0
    while not hiding.done():
        async with database.transaction() as session:
            session.add(ProcessedUpdate(channel="telegram", update_id=str(written), done_on=MOMENT))
            written += 1
    await hiding
    assert written >= 3 * 3  # a portion of each table, and a writer after each


@ONLY_SQLITE
async def test_hiding_the_order_that_fails_half_way_loses_no_row(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enter_complaints(database, [random_id() for _ in range(5)])
    rows = await all_rows(database)

    def fail(_rows: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(row_order, "_shuffle", fail)
    with pytest.raises(OSError, match="the disk is full"):
        await database.forget_order()
    assert await all_rows(database) == rows
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):  # which are checked again
        async with database.transaction() as session:
            session.add(ReplyAddress(complaint_id="nobody's", sealed=b"", expires_at=MOMENT))


async def enter_complaints(database: Database, came: list[str]) -> None:
    """Enter complaints one after the other, each with a message, some of them long, and with all that is theirs."""
    async with database.transaction() as session:
        day = MOMENT.date()
        inspection_round = {"id": "R1", "name": "", "theme": "", "state": "stationed", "notice": {}, "public_key": ""}
        stay = {"stay_from": day, "stay_until": day, "intake_until": day}
        await insert_or_ignore(session, Round, **inspection_round, **stay)
    for number, one in enumerate(came):
        of_it, told = {"complaint_id": one}, {"position": 0, "author": Author.REPORTER, "kind": MessageKind.TEXT}
        said = b"\0" * (2500 if number % 4 == 0 else 0) + one.encode()
        dies = {"expires_at": MOMENT}
        async with database.transaction() as session:
            for table, values in {
                Complaint: {"id": one, "round_id": "R1", "receipt_digest": one[::-1] + one, "received_at": MOMENT},
                ComplaintMessage: {"id": one, "sealed": said, "sent_at": MOMENT, **of_it, **told},
                ReplyAddress: {"sealed": b"", **of_it, **dies},
            }.items():
                await session.execute(insert(table).values(values))


async def all_rows(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table that may show no order, in the order of the keys."""
    async with database.reading() as session:
        return {
            table.name: [tuple(row) for row in await session.execute(select(table).order_by(*table.primary_key))]
            for table in tables_without_order()
        }
