"""What the product asks of its database, seen at the engines."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import event

from bot.product import Product
from models.database import Database


def statements(product: Product) -> AbstractContextManager[list[str]]:
    """Record the statements of a product as they are made, each on one line; without what begins a transaction."""
    return statements_of(product.database)


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """Record the statements of a database as they are made."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")) and "pg_advisory_xact_lock" not in statement:
            made.append(" ".join(statement.split()))

    engines = {database._writer.sync_engine, database._reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield made
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
