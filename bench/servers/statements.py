"""Counts every statement where it reaches the driver: nothing above it, and no second engine, can hide one."""

import re
import sqlite3
from collections import Counter
from typing import Any

import asyncpg.connect_utils  # type: ignore[import-untyped]

_BOUNDARY = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK(?!\s+TO)|START\s+TRANSACTION|END)\b", re.IGNORECASE)


class StatementCount:
    """What was executed by this process since it was made: `statements`, `begins`, `commits`.

    A statement is one call of the driver, PRAGMAs and savepoints included; an `executemany` is one, and the rows that
    it brings are counted as `many_rows` besides. Make it before the first connection is opened.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        _watch_sqlite(self)
        _watch_asyncpg(self)

    def executed(self, sql: str, rows: int | None = None) -> None:
        """Count one call of the driver; `rows` are those of an executemany."""
        boundary = _BOUNDARY.match(sql)
        if boundary is None:
            self._counts["statements"] += 1
            self._counts["many_rows"] += rows or 0
        elif boundary[1].upper() in {"BEGIN", "START"}:
            self._counts["begins"] += 1
        elif boundary[1].upper() in {"COMMIT", "END"}:
            self._counts["commits"] += 1

    def counters(self) -> dict[str, int]:
        """Return the counts so far."""
        return dict(self._counts)


def _watch_sqlite(count: StatementCount) -> None:
    class CountingCursor(sqlite3.Cursor):
        def execute(self, sql: str, *parameters: Any) -> Any:
            count.executed(sql)
            return super().execute(sql, *parameters)

        def executemany(self, sql: str, parameters: Any) -> Any:
            rows = list(parameters)
            count.executed(sql, len(rows))
            return super().executemany(sql, rows)

        def executescript(self, script: str) -> Any:
            for sql in filter(str.strip, script.split(";")):
                count.executed(sql)
            return super().executescript(script)

    class CountingConnection(sqlite3.Connection):
        def cursor(self, factory: Any = CountingCursor) -> Any:  # execute() and its like of a connection come here too
            return super().cursor(factory)

        def commit(self) -> None:
            if self.in_transaction:
                count.executed("COMMIT")
            super().commit()

    connect = sqlite3.connect

    def counted(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **{"factory": CountingConnection, **named})
        return connection

    sqlite3.connect = counted  # type: ignore[assignment]


def _watch_asyncpg(count: StatementCount) -> None:
    protocol = asyncpg.connect_utils.protocol

    class CountingProtocol(protocol.Protocol):  # type: ignore[misc, name-defined]
        async def query(self, query: str, *rest: Any, **named: Any) -> Any:
            count.executed(query)
            return await super().query(query, *rest, **named)

        async def bind_execute(self, state: Any, *rest: Any, **named: Any) -> Any:
            count.executed(state.query)
            return await super().bind_execute(state, *rest, **named)

        async def bind_execute_many(self, state: Any, args: Any, *rest: Any, **named: Any) -> Any:
            rows = list(args)
            count.executed(state.query, len(rows))
            return await super().bind_execute_many(state, rows, *rest, **named)

        async def bind(self, state: Any, *rest: Any, **named: Any) -> Any:  # a cursor on the server
            count.executed(state.query)
            return await super().bind(state, *rest, **named)

    class CountingModule:
        Protocol = CountingProtocol

        def __getattr__(self, name: str) -> Any:
            return getattr(protocol, name)

    asyncpg.connect_utils.protocol = CountingModule()
