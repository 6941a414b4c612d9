"""The two databases behind one interface: SQLite for one process, PostgreSQL for any number of them."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import cache
from typing import Any, TypeVar, cast

import aiosqlite
from sqlalchemy import CursorResult, Executable, event, insert, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import InstrumentedAttribute, ORMExecuteState, Session

from models.base import Base, table_of
from models.reference import Cache, attach, watch
from models.row_order import Rewriting
from models.sqlite_connection import OneVisitConnection, open_connection
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
        self._reference = Cache()
        self._turn: asyncio.Lock | None = None
        if self.dialect == "sqlite":
            self._turn = asyncio.Lock()
            self._writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(url, begin="BEGIN", pool_size=4)
        else:
            self._writer = self._reader = create_async_engine(url, pool_size=16, max_overflow=0, hide_parameters=True)
        watch(self._writer.sync_engine)

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes, for migrations and checks."""
        return self._writer

    @asynccontextmanager
    async def transaction(
        self, *, key: int | None = None, connection: AsyncConnection | None = None
    ) -> AsyncIterator[AsyncSession]:
        """Open a transaction that commits at the end, or leaves nothing behind when its body raises.

        Transactions with the same `key` (a signed 64-bit number) run one after another across all processes. What
        is to follow it (`after_commit`) is done before this returns, when nobody waits for the transaction any more.
        Without a `connection` it takes one that is free.
        """
        following: list[Callable[[], Awaitable[object]]] = []
        async with (
            self._turn or nullcontext(),
            AsyncSession(connection or self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            if key is not None:
                await take_turn(session, key)
            attach(session, self._reference, await session.run_sync(lambda opened: opened.connection().info))
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
            attach(session, self._reference, None)
            yield session

    async def checkpoint(self) -> None:
        """Move what was written into the database's own file, and empty the log beside it.

        What was deleted is overwritten in the file; the log would keep it until it is written over some day.
        PostgreSQL keeps deleted rows until they are vacuumed.
        """
        # It gives way at once to a reader such as a backup; the next tick tries again.
        statements = ("PRAGMA busy_timeout=100", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA busy_timeout=30000")
        await self._outside_transactions(*statements)

    async def damage(self) -> str | None:
        """Return what is wrong with SQLite's file, which is read from end to end; None when nothing is."""

        async def check(driver: aiosqlite.Connection) -> str | None:
            async with driver.execute("PRAGMA quick_check(1)") as rows:
                found = await rows.fetchone()
            return None if found is None or found[0] == "ok" else str(found[0]).splitlines()[-1]

        try:
            return await self._past_sqlalchemy(check)
        except sqlite3.DatabaseError as error:  # so damaged that it cannot be looked through
            return str(error)

    async def forget_order(self) -> None:
        """Write the rows that were written since the last time once more, in random order; see `Rewriting`.

        Within a page rows lie in the order in which they came, whatever their keys: the file would tell which of two
        complaints of an hour was the first. It is done in portions, between which writers have their turn. PostgreSQL
        keeps that order, and the transactions' numbers.
        """
        for table in tables_without_order():
            rewriting = Rewriting(table)
            while await self._past_sqlalchemy(rewriting.next_portion):
                # Portion by portion, too: else one writer would wait for the pages of many at the next commit.
                await self._outside_transactions("PRAGMA wal_checkpoint(PASSIVE)")
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


async def take_turn(session: AsyncSession, key: int) -> None:
    """Have transactions with the same key (a signed 64-bit number) run one after another from here to their ends.

    On SQLite all writers do.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


_FOLLOWING = "following"
_WAITING = "waiting rows"


def after_commit(session: AsyncSession, action: Callable[[], Awaitable[object]]) -> None:
    """Run an action after the commit of this transaction; skipped on rollback, lost on a crash."""
    session.info[_FOLLOWING].append(action)


def _sqlite_engine(url: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    # An error must never print the values of a statement: they may be a resident's.
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=0, connect_args={"timeout": 30}, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Any, _record: Any, args: Any, options: Any) -> OneVisitConnection:
        opened = dialect.connect(*args, async_creator_fn=open_connection, **options)
        return OneVisitConnection(dialect.dbapi, opened._connection)

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


Insert = sqlite.Insert | postgresql.Insert  # what they have beyond SQLAlchemy's own: ON CONFLICT
Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def insert_into(dialect: str, table: type[Base]) -> Insert:
    """Return an INSERT in one of the two dialects, to be built once and run with ever new values."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table_of(table))


async def execute(session: AsyncSession, statement: Executable, values: Values | None = None) -> CursorResult[Any]:
    """Run a prepared statement with its values past the ORM, once everything that waits to be written is."""

    def run(opened: Session) -> CursorResult[Any]:
        opened.flush()
        _insert_waiting(opened)
        return opened.connection().execute(statement, values)

    return await session.run_sync(run)


async def insert_or_ignore(session: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with the same unique key is there; return whether it was new."""
    return bool((await execute(session, _ignoring(session.get_bind().dialect.name, table), values)).rowcount)


async def insert_all_or_ignore(session: AsyncSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, but for those with a unique key that is there already."""
    if rows:
        await execute(session, _ignoring(session.get_bind().dialect.name, table), rows)


async def insert_new(
    session: AsyncSession, table: type[Base], rows: Sequence[dict[str, Any]], key: InstrumentedAttribute[_R]
) -> set[_R]:
    """Insert rows in one statement, but for those with a unique key that is there already; return the new keys."""
    if not rows:
        return set()
    insert = insert_into(session.get_bind().dialect.name, table).values(list(rows)).on_conflict_do_nothing()
    return set((await execute(session, insert.returning(key))).scalars())


def insert_later(session: AsyncSession, table: type[Base], **values: Any) -> None:
    """Insert a row before the next statement of this transaction or its commit, in one with others of its table."""
    waiting: list[tuple[type[Base], dict[str, Any]]] = session.info.setdefault(_WAITING, [])
    waiting.append((table, values))


@cache
def _ignoring(dialect: str, table: type[Base]) -> Insert:
    return insert_into(dialect, table).on_conflict_do_nothing()


@cache
def _inserting(table: type[Base]) -> Executable:
    return insert(table_of(table))


@event.listens_for(Session, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    _insert_waiting(state.session)


@event.listens_for(Session, "before_commit")
def _insert_waiting(session: Session) -> None:
    waiting: list[tuple[type[Base], dict[str, Any]]] | None = session.info.pop(_WAITING, None)
    if waiting:
        session.flush()  # they may refer to what is only now written
    by_table: dict[type[Base], list[dict[str, Any]]] = {}
    for table, values in waiting or ():
        by_table.setdefault(table, []).append(values)
    for table, rows in by_table.items():
        session.connection().execute(_inserting(table), rows)
