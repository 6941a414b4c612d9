"""Command `faults`: residents and staff play while the Bot API answers from a table: status, body and time.

What is thrown follows from the seed alone. The last line of each database counts; the exit status is 0 when nothing was
lost or doubled, nothing hung and nothing crashed.
"""

import asyncio
import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.databases import fresh_addresses
from bench.faults.play import FaultCounts, Play, prepare
from bench.options import NAMES, add_database, time_left, timed_run
from bench.simulated import simulated_county
from tests.deployment import open_deployment


def main(arguments: Sequence[str]) -> int:
    """Run on the chosen databases one after the other; return the exit status."""
    parser = timed_run("faults", __doc__, minutes=1.0, seed="1")
    add_database(parser)
    given = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # of what fails here by intent
    failed = False
    for database in given.database or NAMES:
        failed = not _run(database, given.seed, given.minutes) or failed
    return int(failed)


def _run(database: str, seed: str, minutes: float) -> bool:
    """Play on one database and print what came of it; return whether all is well."""
    has_time = time_left(minutes)

    def goes_on(number: int) -> bool:
        if number and number % 20 == 0:
            print(f"{NAMES[database]}: {number} rounds", flush=True)
        return has_time(number)

    with tempfile.TemporaryDirectory() as folder, fresh_addresses(database, Path(folder)) as fresh:
        counts = asyncio.run(_play(fresh(), Path(folder), seed, goes_on))
    print(f"{NAMES[database]}: {counts}", flush=True)
    return counts.is_well


async def _play(address: str, folder: Path, seed: str, goes_on: Callable[[int], bool]) -> FaultCounts:
    counts = FaultCounts()
    async with simulated_county(address, folder) as (simulator, keyring):
        deployment = open_deployment(simulator, address, keyring, folder)
        try:
            await deployment.start()
            await Play(deployment, await prepare(deployment), counts, print).run(seed, goes_on)
        finally:
            await deployment.stop()
    return counts
