"""Command `kill`: the product is killed at any moment for some minutes; what was lost and what doubled is counted."""

import argparse
import asyncio
import random
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic

from bench.databases import fresh_addresses
from bench.options import NAMES
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
from tests.killing import Counts, KillRun, Lives, fork_server_context
from tests.sample import SAMPLE

_BETWEEN = timedelta(minutes=1)  # so that hundreds of lives end before the round does


def main(arguments: Sequence[str]) -> int:
    """Kill for as long as was asked, on one database after the other; return 1 unless nothing was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m bench kill", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="on each database; %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and of what is said; %(default)s")
    parser.add_argument("--database", choices=tuple(NAMES), action="append", help="both, if none is named")
    given = parser.parse_args(arguments)
    clean = True
    for database in given.database or NAMES:
        with tempfile.TemporaryDirectory() as folder, fresh_addresses(database, Path(folder)) as fresh:
            counts = asyncio.run(_run(fresh(), Path(folder), minutes=given.minutes, seed=given.seed))
        print(f"{NAMES[database]}, seed {given.seed}, {given.minutes:g} minutes: {counts}", flush=True)
        clean = clean and counts.is_clean
    return 0 if clean else 1


async def _run(address: str, folder: Path, *, minutes: float, seed: int) -> Counts:
    keyring = Keyring.create(folder / "keyring")
    await _enter_county(address, keyring, folder)
    simulator = Simulator(TOKEN, clock=lambda: NOW, retry_second=0.01)
    await simulator.start()
    lives = Lives(open_deployment(simulator, address, keyring, folder), fork_server_context(), between=_BETWEEN)
    ends = monotonic() + 60 * minutes
    try:
        return await KillRun(lives, keyring, random.Random(seed)).play(lambda: monotonic() >= ends)
    finally:
        await lives.end()
        await lives.deployment.stop()
        await simulator.stop()


async def _enter_county(address: str, keyring: Keyring, folder: Path) -> None:
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    async with database.transaction() as session:
        work = UnitOfWork(session, NOW, keyring, FolderStore(folder / "files"), ZONE)
        await import_county(work, read_county(SAMPLE.read_text(encoding="utf-8")))
    await database.close()
