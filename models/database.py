"""The two databases behind one door: SQLite for one process, PostgreSQL for any number of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, TypeVar, cast

import aiosqlite
from sqlalchemy import CursorResult, event, make_url, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from models.base import Base
from models.row_order import Rewriting
from models.touched_rows import tables_without_order

log = logging.getLogger(__name__)

_R = TypeVar("_R")

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


def database_url(address: str) -> URL:
    """Read a database address; `sqlite:///file` and `postgresql://…` get their asynchronous drivers."""
    url = make_url(address)
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))


class Database:
    """Sessions on one database: `transaction()` writes and commits, `reading()` only looks.

    SQLite has one writer: a single connection behind a lock, each transaction begun IMMEDIATE. More of them
    would only wait for one another. Readers have connections of their own and never wait (WAL).
    """

    def __init__(self, address: str) -> None:
        url = database_url(address)
        self.dialect = url.get_backend_name()
        self._turn: asyncio.Lock | None = None
        if self.dialect == "sqlite":
            self._turn = asyncio.Lock()
            self._writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(url, begin="BEGIN", pool_size=4)
        else:
            self._writer = self._reader = create_async_engine(url, pool_size=16, max_overflow=0, hide_parameters=True)

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes, for migrations and checks."""
        return self._writer

    @asynccontextmanager
    async def transaction(self, *, key: int | None = None) -> AsyncIterator[AsyncSession]:
        """Open a transaction that commits at the end, or leaves nothing behind when its body raises.

        Transactions with the same `key` (a signed 64-bit number) run one after another across all processes. What
        is to follow it (`after_commit`) is done before this returns, when nobody waits for the transaction any more.
        """
        following: list[Callable[[], Awaitable[object]]] = []
        async with (
            self._turn or nullcontext(),
            AsyncSession(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            if key is not None and self.dialect == "postgresql":
                await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
            session.info[_FOLLOWING] = following
            yield session
        for action in following:
            try:
                await action()
            except Exception as error:  # what is committed is done, whatever becomes of this
                log.warning("what was to follow a transaction failed: %s", type(error).__name__)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session for looking only; what it changes is not kept."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session

    async def checkpoint(self) -> None:
        """Move what was written into the database's own file, and empty the log beside it.

        What was deleted is overwritten in the file; the log would keep it until it is written over some day.
        PostgreSQL keeps deleted rows until they are vacuumed.
        """
        # It gives way at once to a reader such as a backup; the next tick tries again.
        statements = ("PRAGMA busy_timeout=100", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA busy_timeout=30000")
        await self._outside_transactions(*statements)

    async def forget_order(self) -> None:
        """Write the rows that were written since the last time once more, in random order; see `Rewriting`.

        Within a page rows lie in the order in which they came, whatever their keys: the file would tell which of two
        complaints of an hour was the first. It is done in portions, between which writers have their turn. PostgreSQL
        keeps that order, and the transactions' numbers.
        """
        for table in tables_without_order():
            rewriting = Rewriting(table)
            while await self._past_sqlalchemy(rewriting.next_portion):
                pass
        await self.checkpoint()

    async def _outside_transactions(self, *statements: str) -> None:
        """Run statements on SQLite; within a transaction they do nothing."""

        async def run(driver: aiosqlite.Connection) -> None:
            for statement in statements:
                async with driver.execute(statement):
                    pass

        await self._past_sqlalchemy(run)

    async def _past_sqlalchemy(self, task: Callable[[aiosqlite.Connection], Awaitable[_R]]) -> _R | None:
        """Let a task have SQLite's writing connection to itself, without the transaction SQLAlchemy would begin."""
        if self._turn is None:
            return None
        async with self._turn, self._writer.connect() as connection:
            raw = await connection.get_raw_connection()
            return await task(cast("aiosqlite.Connection", raw.driver_connection))

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        await self._reader.dispose()


_FOLLOWING = "following"


def after_commit(session: AsyncSession, action: Callable[[], Awaitable[object]]) -> None:
    """Let something follow this transaction: not at all if it leaves nothing behind, and not if we are killed then."""
    session.info[_FOLLOWING].append(action)


def _sqlite_engine(url: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    # An error must never print the values of a statement: they may be a resident's.
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=0, connect_args={"timeout": 30}, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred: a writer could fail half-way
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def open_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


async def insert_or_ignore(session: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with the same unique key is there; return whether it was new."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    result = await session.execute(insert(table).values(**values).on_conflict_do_nothing())
    return bool(cast("CursorResult[Any]", result).rowcount)


async def insert_all_or_ignore(session: AsyncSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, but for those with a unique key that is there already."""
    if rows:
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        await session.execute(insert(table).on_conflict_do_nothing(), rows)
