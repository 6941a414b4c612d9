"""What the product asks of its database, seen at the engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.product import Product


@contextmanager
def statements(product: Product) -> Iterator[list[str]]:
    """Record the statements of a product as they are made, each on one line; without what begins a transaction."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")) and "pg_advisory_xact_lock" not in statement:
            made.append(" ".join(statement.split()))

    engines = {product.database._writer.sync_engine, product.database._reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield made
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
