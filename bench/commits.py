"""Counts durable commits: those of transactions that changed a row, and so had to reach the disk."""

from typing import Any

from sqlalchemy import Connection, event

from models.database import Database


class CommitCount:
    """The durable commits of a database since this was made.

    A transaction that only looked, or whose statements found nothing to change, waits for no disk and does not count.
    """

    def __init__(self, database: Database) -> None:
        self.durable = 0
        engine = database.engine.sync_engine
        event.listen(engine, "after_cursor_execute", self._after_statement)
        event.listen(engine, "commit", self._on_commit)
        event.listen(engine, "rollback", lambda connection: connection.info.pop("changed", None))

    def _after_statement(self, connection: Connection, cursor: Any, *statement: Any) -> None:
        context = statement[2]
        if (context.isinsert or context.isupdate or context.isdelete) and cursor.rowcount != 0:
            connection.info["changed"] = True

    def _on_commit(self, connection: Connection) -> None:
        self.durable += connection.info.pop("changed", False)
