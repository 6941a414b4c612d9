"""Command `year`: a year of rectification items over the units of a county, in which the clock ticks, stops, is killed,
ticks twice and is set wrong, while people act, due dates and holidays move, and heads are replaced.

What was told is compared with what a second calculation demands, which knows docs/reminders.md and nothing of the
product. The exit status is 0 when everybody was told exactly that, once, within working hours.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic

from bench.databases import fresh_addresses
from bench.options import NAMES, add_database
from bench.servers.product import ZONE, enter_county
from bench.table import Row, render
from bench.year.play import Compared, Size, Year, compare
from models.database import Database
from privacy.keyring import Keyring
from services.resources import Resources
from storage.folder import FolderStore

WHOLE = Size(units=349, items=18_000, acts=4)
QUICK = Size(units=12, items=40, acts=10, last=date(2026, 4, 30))


def main(arguments: Sequence[str]) -> int:
    """Play a year on each database; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench year", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.items} items in four months")
    parser.add_argument("--items", type=int, help=f"{WHOLE.items}")
    parser.add_argument("--units", type=int, help=f"{WHOLE.units}")
    parser.add_argument("--seed", type=int, default=1, help="%(default)s")
    add_database(parser)
    given = parser.parse_args(arguments)
    usual = QUICK if given.quick else WHOLE
    size = replace(usual, units=given.units or usual.units, items=given.items or usual.items)
    rows: list[Row] = []
    for database in given.database or NAMES:
        began = monotonic()
        with tempfile.TemporaryDirectory(prefix="xunsheng-year-") as name:
            year, compared = _played(database, Path(name), size, given.seed)
        for fault in compared.faults[:20]:
            print(f"{NAMES[database]}: {fault}", file=sys.stderr)
        if len(compared.faults) > 20:
            kinds = Counter(fault.partition(":")[0] for fault in compared.faults)
            print(f"{NAMES[database]}, in all: {dict(kinds)}", file=sys.stderr)
        rows += _rows(NAMES[database], size, year, compared, monotonic() - began)
    print(render(rows))
    return int(any(row.met is False for row in rows))


def _played(database: str, folder: Path, size: Size, seed: int) -> tuple[Year, Compared]:
    with fresh_addresses(database, folder) as fresh:
        address, keyring = fresh(), Keyring.create(folder / "keyring")
        asyncio.run(enter_county(address, keyring, FolderStore(folder / "files")))
        return asyncio.run(play(address, keyring, folder / "files", size, seed, say=_say))


async def play(
    address: str, keyring: Keyring, files: Path, size: Size, seed: int, *, say: Callable[[str], object] = str
) -> tuple[Year, Compared]:
    """Play a year in a database with the sample county, whose staff can all be told; compare what came of it."""
    store = FolderStore(files)

    def opened(now: Callable[[], datetime]) -> Resources:
        return Resources(Database(address), keyring, store, ZONE, now)

    year = Year(size, opened, Random(seed), say)
    await year.play()
    database = Database(address)
    compared = await compare(year, database)
    await database.close()
    return year, compared


def _say(said: str) -> None:
    print(said, file=sys.stderr, flush=True)


def _rows(name: str, size: Size, year: Year, compared: Compared, seconds: float) -> list[Row]:
    what = f"{size.items:,} items of {size.units} units in a year, {name}"
    opening, other = (1000 * median(year.costs[key]) for key in (True, False))
    happened = ", ".join(f"{count:,} {what}" for what, count in sorted(year.happened.items()))
    print(f"{name}: {happened}", file=sys.stderr)
    return [
        Row(f"{what}: told and demanded", f"{compared.demanded:,}, in {seconds / 60:.0f} minutes"),
        Row(f"{what}: missing, twice, not demanded, at night", f"{len(compared.faults)}", "0", not compared.faults),
        Row(f"{what}: CPU of a tick as hours begin, of another", f"{opening:.1f} ms, {other:.1f} ms"),
    ]
