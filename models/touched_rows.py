"""Which rows that touch a resident were written since their order was last hidden: SQLite's triggers list them.

A row is listed under its key alone, in the transaction that writes it, whoever writes it and however. The list is in
the order of keys; that a row is listed tells no more than the row's own place in the file does until it is rewritten.
A row that is deleted is listed no longer. Rows that live for two days at most are not listed: nothing refers to them,
and of what is kept the order is hidden (docs/decisions/0038).
PostgreSQL has no such triggers, and the list stays empty there.
"""

from typing import Any

from sqlalchemy import Connection, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base

_SHORT_LIVED = frozenset({"conversations", "trail_messages"})


class TouchedRow(Base):
    """That a row was written since the order of rows was last hidden."""

    __tablename__ = "touched_rows"
    __table_args__ = UNORDERED

    table: Mapped[str] = mapped_column(
        "table_name",
        String(60),
        primary_key=True,
        info=touches(Kept.UPDATE, Key.CLEAR, Until.HOUR_OVER, "the table a row was written in"),
    )
    # a JSON array of the row's primary key
    key: Mapped[str] = mapped_column(
        String(200),
        primary_key=True,
        info=touches(Kept.UPDATE, Key.CLEAR, Until.HOUR_OVER, "the key of a row that was written"),
    )


def tables_without_order() -> list[Table]:
    """Return the tables whose rows must not tell in which order they came."""
    left_out = {TouchedRow.__tablename__, *_SHORT_LIVED}
    return [
        table
        for name, table in sorted(Base.metadata.tables.items())
        if table.dialect_kwargs.get("sqlite_with_rowid") is False and name not in left_out
    ]


def triggers() -> dict[str, str]:
    """Return the statements that make SQLite's triggers, by the names of the triggers."""
    made = {}
    for table in tables_without_order():
        new, old = (", ".join(f"{row}.{column.name}" for column in table.primary_key) for row in ("NEW", "OLD"))
        note = f"INSERT OR IGNORE INTO touched_rows (table_name, key) VALUES ('{table.name}', json_array({new}))"  # noqa: S608
        # Nothing of a row outlives it.
        drop = f"DELETE FROM touched_rows WHERE table_name = '{table.name}' AND key = json_array({old})"  # noqa: S608
        for change, listing in (("insert", note), ("update", note), ("delete", drop)):
            name = f"{table.name}_list_{change}"
            made[name] = f"CREATE TRIGGER {name} AFTER {change.upper()} ON {table.name} BEGIN {listing}; END"
    return made


def create_triggers(connection: Connection) -> None:
    """Let SQLite list what is written from now on. Altering a table there drops its triggers: this makes them anew."""
    if connection.dialect.name == "sqlite":
        for name, statement in triggers().items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "after_create")
def _after_create(_target: Any, connection: Connection, **_how: Any) -> None:
    create_triggers(connection)
