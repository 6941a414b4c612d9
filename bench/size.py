"""Part `size`: what the clock's tasks, and hiding the order of rows, cost in a small and a large database.

Both are ratios, large to small: of the processor time of each task of a tick when nothing is due, and of the longest
wait of a writer while the order of 2,000 new rows is hidden.
"""

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from bench.databases import fresh_addresses, server_seconds
from bench.options import NAMES, SQLITE, Options
from bench.servers.product import AS_OF, ROUND, ZONE, enter_county
from bench.table import Row, at_most
from bot.bootstrap import duties
from bot.clock import Duty
from models.base import Base, random_id, table_of
from models.complaints import Case
from models.database import Database
from models.delivery import ProcessedUpdate
from models.rectification import RectificationItem
from models.touched_rows import create_triggers, triggers
from privacy.keyring import Keyring
from services.unit_of_work import More, UnitOfWork
from storage.folder import FolderStore

NEW_ROWS = 2000
ROWS_A_COMPLAINT = 4
TIMES = 21  # each task is measured so often; the median counts


@dataclass(frozen=True)
class Contents:
    """How much there is in a database."""

    cases: int
    items: int
    messages: int = 0  # a complaint, of four thousand bytes


RATIO = 1.3  # of a task's cost, large to small: the goal
WAIT_RATIO, WAIT_SECONDS = 1.5, 0.5
SIZES = (Contents(1_000, 100), Contents(1_000_000, 100_000))
QUICK_SIZES = (Contents(1_000, 100), Contents(50_000, 20_000))
WRITTEN = (Contents(1_000, 0, messages=3), Contents(100_000, 0, messages=3))  # files of 15 MB and of 1.5 GB
QUICK_WRITTEN = (Contents(1_000, 0, messages=3), Contents(10_000, 0, messages=3))


def rows(options: Options) -> Iterator[Row]:
    """Measure every task of the clock on each database, and the wait of writers on SQLite."""
    small, large = QUICK_SIZES if options.quick else SIZES
    for database in options.databases:
        costs = asyncio.run(_both_costs(database, small, large))
        if options.verbose:
            for name, (before, after) in costs.items():
                print(f"{database} {name}: {1000 * before:.2f} → {1000 * after:.2f} ms of CPU", file=sys.stderr)
        worst, (before, after) = max(costs.items(), key=lambda cost: cost[1][1] / cost[1][0])
        what = f"dearest task of a tick, {large.cases:,} cases : {small.cases:,}, {NAMES[database]}"
        yield at_most(what, after / before, RATIO, note=worst)
    if SQLITE in options.databases:
        rounds = 1 if options.quick else options.rounds
        sizes = QUICK_WRITTEN if options.quick else WRITTEN
        waits = [[asyncio.run(_longest_wait(contents)) for _ in range(rounds)] for contents in sizes]
        usual, long = (median(wait for _, wait, _, _ in found) for found in waits)
        note = f"{waits[0][0][0] / 1e6:.0f} MB and {waits[1][0][0] / 1e6:.0f} MB"
        yield at_most("longest wait of a writer, order hidden, large file : small", long / usual, WAIT_RATIO, note=note)
        yield at_most("longest wait of a writer, order hidden, large file", long, WAIT_SECONDS, unit=" s")


async def _both_costs(database: str, small: Contents, large: Contents) -> dict[str, tuple[float, ...]]:
    async with filled_database(database, small) as one, filled_database(database, large) as other:
        return await task_costs(one, other)


@dataclass(frozen=True)
class Filled:
    """A database that was filled."""

    database: Database
    work: Callable[[AsyncSession], UnitOfWork]
    folder: Path

    def processor_seconds(self) -> float:
        """Return the processor time that this process, and a server of this database, have used until now."""
        return time.process_time() + server_seconds(self.folder)

    async def do(self, duty: Duty) -> object:
        """Do a task of the clock once, as the clock does."""
        async with self.database.transaction() as session:
            return await duty(self.work(session))


@asynccontextmanager
async def filled_database(database: str, contents: Contents) -> AsyncIterator[Filled]:
    """Open a database that was filled, with the sample county."""
    with tempfile.TemporaryDirectory(prefix="xunsheng-bench-") as name, fresh_addresses(database, Path(name)) as fresh:
        folder = Path(name)
        keyring, attachment_store = Keyring.create(folder / "keyring"), FolderStore(folder / "files")
        address = await asyncio.to_thread(fresh)
        await enter_county(address, keyring, attachment_store)
        opened = Database(address)
        await fill(opened, contents)
        yield Filled(opened, lambda session: UnitOfWork(session, AS_OF, keyring, attachment_store, ZONE), folder)
        await opened.close()


async def do_what_is_due(database: Database, work: Callable[[AsyncSession], UnitOfWork], duty: Duty) -> None:
    """Do a task of the clock until nothing of it is due."""
    for _ in range(2):
        goes_on: object = More.TO_DO
        while goes_on is More.TO_DO:
            async with database.transaction() as session:
                goes_on = await duty(work(session))


async def task_costs(*filled: Filled) -> dict[str, tuple[float, ...]]:
    """Return the seconds of processor time that each task of the clock takes in each database when nothing is due.

    The time of a PostgreSQL server's own processes is in it.

    They take turns, so that what else the machine does meanwhile meets all alike.
    """
    costs: dict[str, tuple[float, ...]] = {}
    for duty in duties():
        for one in filled:
            await do_what_is_due(one.database, one.work, duty)
        taken: list[list[float]] = [[] for _ in filled]
        for _ in range(TIMES):
            for one, times in zip(filled, taken, strict=True):
                began = one.processor_seconds()
                await one.do(duty)
                times.append(one.processor_seconds() - began)
        costs[getattr(duty, "__qualname__", repr(duty))] = tuple(map(median, taken))
    return costs


async def _longest_wait(contents: Contents) -> tuple[int, float, float, float]:
    """Return the size of the file, the longest and the usual wait of a writer, and how long hiding took in all."""
    async with filled_database("sqlite", contents) as filled:
        return await _wait_in(filled.database, filled.folder)


async def _wait_in(database: Database, folder: Path) -> tuple[int, float, float, float]:
    for _ in range(NEW_ROWS // ROWS_A_COMPLAINT):
        await _enter_complaint(database)
    await database.checkpoint()
    size = sum(file.stat().st_size for file in folder.glob("*.sqlite3"))
    numbers, waits = count(), []

    async def write() -> None:
        began = time.perf_counter()
        async with database.transaction() as session:
            session.add(ProcessedUpdate(channel="telegram", update_id=str(next(numbers)), done_on=AS_OF))
        waits.append(time.perf_counter() - began)

    for _ in range(20):
        await write()
    usual = median(waits)
    waits.clear()
    began = time.perf_counter()
    hiding = asyncio.create_task(database.forget_order())
    while not hiding.done():
        await write()
    await hiding
    return size, max(waits), usual, time.perf_counter() - began


async def _enter_complaint(database: Database) -> None:
    number, complaint, message = f"n{secrets.token_hex(5)}", random_id(), random_id()
    values: dict[str, object] = {
        "n": number,
        "c": complaint,
        "m": message,
        "r": ROUND,
        "at": "2026-11-22 00:00:00.000000",
    }
    values |= {"digest": random_id(), "sealed": secrets.token_bytes(1500)}
    async with database.transaction() as session:
        for statement in (
            "INSERT INTO complaints (id, round_id, receipt_digest, received_at) VALUES (:c, :r, :digest, :at)",
            f"INSERT INTO cases ({_CASE}{_OTHERS}) "
            "SELECT :n, round_id, desk, team_id, unit_id, category, 'assigned', true, 2, "
            "false, false, false, :at, :at, 'decision', :at, false, false, false, false, false, true, 0, 2"
            f"{_DEFAULTS} FROM cases LIMIT 1",
            "INSERT INTO case_complaints (case_id, complaint_id) VALUES (:n, :c)",
            "INSERT INTO complaint_messages (id, complaint_id, position, author, kind, sent_at, sealed) "
            "VALUES (:m, :c, 0, 'reporter', 'text', :at, :sealed)",
        ):
            await session.execute(text(statement), values)


_CASE = (
    "id, round_id, desk, team_id, unit_id, category, state, is_open, urgency, concerns_head, concerns_team, "
    "suspected_spam, received_at, due_at, due_clock, state_since, is_fast_track, is_extended, reopened, objected, "
    "is_erased, is_compared, crisis_calls, version"
)


_ITEM = (
    "id, round_id, unit_id, team_id, category, source, problem, requirement, issued_on, due_on, state, state_since, "
    "is_open"
)


def _by_default(model: type[Base], columns: str) -> tuple[str, str]:
    """Return the columns of a table that are not among these and must hold something, and what they hold by default."""
    named = {name.strip() for name in columns.split(",")}
    others = [one for one in table_of(model).columns if not one.nullable and one.name not in named]
    defaults = [_literal(cast("ScalarElementColumnDefault", one.default).arg) for one in others]
    return "".join(f", {one.name}" for one in others), "".join(f", {held}" for held in defaults)


def _literal(held: object) -> str:
    return str(held).lower() if isinstance(held, bool | int) else f"'{held}'"


_OTHERS, _DEFAULTS = _by_default(Case, _CASE)
_ITEM_OTHERS, _ITEM_DEFAULTS = _by_default(RectificationItem, _ITEM)


async def fill(database: Database, contents: Contents) -> None:
    """Enter cases, half of them open, with their complaints, cards and events; and items that are due next year."""
    on_sqlite = database.dialect == "sqlite"
    async with database.transaction() as session:
        if on_sqlite:
            await session.execute(text("PRAGMA cache_size = -400000"))  # keys come at random
            for name in triggers():
                await session.execute(text(f"DROP TRIGGER {name}"))
        await _fill_tables(session, contents, on_sqlite=on_sqlite)
        if on_sqlite:
            await (await session.connection()).run_sync(create_triggers)
        await session.execute(text("DELETE FROM touched_rows"))
        if not on_sqlite:  # which does it by itself; SQLite's statistics are never taken
            await session.execute(text("ANALYZE"))
        if on_sqlite:
            await session.execute(text("PRAGMA cache_size = -2000"))  # as it is by default


async def _fill_tables(session: AsyncSession, contents: Contents, *, on_sqlite: bool) -> None:
    query = "SELECT unit_id, team_id FROM assignments WHERE round_id = :r AND team_id IS NOT NULL ORDER BY unit_id"
    places = [tuple(row) for row in await session.execute(text(query), {"r": ROUND})]
    category = await session.scalar(text("SELECT code FROM categories ORDER BY position LIMIT 1"))
    unit, team = (
        f"CASE i % {len(places)} "
        + " ".join(f"WHEN {k} THEN '{place[part]}'" for k, place in enumerate(places))
        + " END"
        for part in (0, 1)
    )
    number = (
        "printf('%08d', (i * 37094821) % 100000000)"
        if on_sqlite
        else "lpad((i::bigint * 37094821 % 100000000)::text, 8, '0')"
    )
    at = (
        "datetime('2024-01-01', '+' || (i % 20000) || ' hours') || '.000000'"
        if on_sqlite
        else "timestamptz '2024-01-01 00:00Z' + i % 20000 * interval '1 hour'"
    )
    complaint = "printf('%032x', i * 7)" if on_sqlite else "lpad(to_hex(i::bigint * 7), 32, '0')"
    chance = "lower(hex(randomblob(16)))" if on_sqlite else "md5('x' || i)"
    # Whatever was closed a year before AS_OF has been erased: nothing is due.
    old = "'2025-12-01'" if on_sqlite else "timestamptz '2025-12-01'"
    cases, items = _numbers(contents.cases, on_sqlite), _numbers(contents.items, on_sqlite)
    statements = [
        f"INSERT INTO cases ({_CASE}{_OTHERS}) "
        f"SELECT {number}, '{ROUND}', 'team:' || {team}, {team}, {unit}, '{category}', "
        f"CASE WHEN i % 2 = 0 THEN 'assigned' ELSE 'closed' END, i % 2 = 0, CASE WHEN i % 100 = 0 THEN 1 ELSE 2 END, "
        "false, false, "
        f"false, {at}, {at}, 'decision', {at}, false, false, false, false, i % 2 = 1 AND {at} < {old}, true, "
        f"0, 2{_DEFAULTS} "
        f"FROM {cases}",
        # They have ended, and everybody was told.
        "INSERT INTO case_clocks (case_id, clock, began_at, ends_at) "
        f"SELECT {number}, 'decision', {at}, {at} FROM {cases} WHERE i % 2 = 0",
        "INSERT INTO complaints (id, round_id, receipt_digest, received_at) "
        f"SELECT {complaint}, '{ROUND}', {chance} || {chance}, {at} FROM {cases}",
        f"INSERT INTO case_complaints (case_id, complaint_id) SELECT {number}, {complaint} FROM {cases}",
        "INSERT INTO sent_messages (message_key, address, message_id, case_id) "
        f"SELECT 'card:' || {number} || ':board:' || {team}, 'telegram:-100123', i, {number} FROM {cases} "
        "WHERE i % 2 = 0",
        "INSERT INTO reply_addresses (complaint_id, sealed, expires_at, may_be_over) "
        f"SELECT {complaint}, {_blob(100, on_sqlite)}, {at.replace('2024', '2028')}, false FROM {cases} "
        "WHERE i % 10 = 0",
        f"INSERT INTO rectification_items ({_ITEM}{_ITEM_OTHERS}) "
        f"SELECT 'X' || i, '{ROUND}', {unit}, {team}, '{category}', 'feedback', 'problem', 'requirement', "
        f"'2026-11-20', '2027-11-20', 'in_progress', '2026-11-20', true{_ITEM_DEFAULTS} FROM {items}",
    ]
    statements += [
        "INSERT INTO complaint_messages (id, complaint_id, position, author, kind, sent_at, sealed) "
        f"SELECT {chance}, {complaint}, {place}, 'reporter', 'text', {at}, {_blob(4000, on_sqlite)} FROM {cases}"
        for place in range(contents.messages)
    ]
    for statement in statements:
        await session.execute(text(statement.replace(":", r"\:")))


def _numbers(last: int, on_sqlite: bool) -> str:
    counted = f"WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {last}) SELECT i FROM s"
    return f"({counted if on_sqlite else f'SELECT generate_series(1, {last}) AS i'}) AS numbers"


def _blob(length: int, on_sqlite: bool) -> str:
    return f"randomblob({length})" if on_sqlite else f"convert_to(repeat('x', {length}), 'UTF8')"
