"""Command `faults`: residents and staff play while the Bot API answers from a table: status, body and time.

What is thrown follows from the seed alone. The last line of each database counts; the exit status is 0 when nothing was
lost or doubled, nothing hung and nothing crashed.
"""

import argparse
import asyncio
import logging
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from bench.databases import fresh_addresses
from bench.faults.play import FaultCounts, Play, prepare
from bench.options import NAMES, POSTGRESQL, SQLITE
from models.database import Database
from models.tables import METADATA
from privacy.keyring import Keyring
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from storage.folder import FolderStore
from tests.conftest import NOW
from tests.deployment import TOKEN, ZONE, open_deployment
from tests.sample import SAMPLE


def main(arguments: Sequence[str]) -> int:
    """Run on the chosen databases one after the other; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="on each database; %(default)s")
    parser.add_argument("--seed", default="1", help="%(default)s")
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), action="append", help="both, if none is named")
    given = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # of what fails here by intent
    failed = False
    for database in given.database or (SQLITE, POSTGRESQL):
        failed = not _run(database, given.seed, given.minutes) or failed
    return int(failed)


def _run(database: str, seed: str, minutes: float) -> bool:
    """Play on one database and print what came of it; return whether all is well."""
    end = monotonic() + 60 * minutes

    def goes_on(number: int) -> bool:
        if number and number % 20 == 0:
            print(f"{NAMES[database]}: {number} rounds", flush=True)
        return monotonic() < end

    with tempfile.TemporaryDirectory() as folder, fresh_addresses(database, Path(folder)) as fresh:
        counts = asyncio.run(_play(fresh(), Path(folder), seed, goes_on))
    print(f"{NAMES[database]}: {counts}", flush=True)
    return counts.is_well


async def _play(address: str, folder: Path, seed: str, goes_on: Callable[[int], bool]) -> FaultCounts:
    keyring = Keyring.create(folder / "keyring")
    await _enter_county(address, keyring, folder / "files")
    simulator = Simulator(TOKEN, clock=lambda: NOW, retry_second=0.01)
    await simulator.start()
    deployment = open_deployment(simulator, address, keyring, folder)
    counts = FaultCounts()
    try:
        await deployment.start()
        await Play(deployment, await prepare(deployment), counts, print).run(seed, goes_on)
    finally:
        await deployment.stop()
        await simulator.stop()
    return counts


async def _enter_county(address: str, keyring: Keyring, files: Path) -> None:
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    async with database.transaction() as session:
        work = UnitOfWork(session, NOW, keyring, FolderStore(files), ZONE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            await import_county(work, read_county(SAMPLE.read_text(encoding="utf-8")))
    await database.close()
