"""Connections to SQLite by aiosqlite that run a statement in one visit to its thread.

SQLAlchemy goes there four times for one: to open a cursor, to run it, to fetch the rows, and to close it. Each visit
wakes two threads, which takes longer than most of our statements.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.util.concurrency import await_


class OneVisitCursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that holds all rows of its statement, and nothing in SQLite, once the statement has run."""

    __slots__ = ("_description", "_lastrowid", "_rowcount")

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._description: Any = None
        self._rowcount, self._lastrowid = -1, 0

    @property
    def description(self) -> Any:
        """The columns of the rows; None when the statement returns none."""
        return self._description

    @property
    def rowcount(self) -> int:
        """How many rows the statement has changed; -1 when that is not known."""
        return self._rowcount

    @property
    def lastrowid(self) -> int:
        """The number of the row that was inserted last."""
        return self._lastrowid

    def execute(self, operation: Any, parameters: Any = None) -> None:
        """Run a statement."""
        self._run(lambda cursor: cursor.execute(operation, () if parameters is None else parameters))

    def executemany(self, operation: Any, seq_of_parameters: Iterable[Any]) -> None:
        """Run a statement with each of some sets of values."""
        self._run(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    def close(self) -> None:
        """Let go of the rows."""
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Do nothing: the cursor in SQLite is closed already."""

    def _run(self, statement: Callable[[sqlite3.Cursor], object]) -> None:
        driver = cast("Any", self._connection)

        def visit() -> None:
            cursor = driver._conn.cursor()
            try:
                statement(cursor)
                self._description = cursor.description
                self._rows = deque(cursor.fetchall() if cursor.description else ())
                self._rowcount, self._lastrowid = cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        try:
            await_(cast("Awaitable[None]", driver._execute(visit)))
        except Exception as error:
            self._adapt_connection._handle_exception(error)


class OneVisitConnection(AsyncAdapt_aiosqlite_connection):
    """A connection with such cursors."""

    __slots__ = ()

    _cursor_cls = OneVisitCursor  # type: ignore[assignment]


async def open_connection(*args: Any, **options: Any) -> aiosqlite.Connection:
    """Open a connection; when that fails, its thread has ended before the error is raised."""
    connection = aiosqlite.connect(*args, **options)
    connection._thread.daemon = True
    try:
        return await connection
    except BaseException:
        # It tells the loop of its end, and would find a loop that is closed by then.
        await asyncio.to_thread(connection._thread.join)
        raise
