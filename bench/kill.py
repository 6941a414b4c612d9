"""Command `kill`: the product is killed at any moment for some minutes; what was lost and what doubled is counted."""

import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bench.databases import fresh_addresses
from bench.options import NAMES, add_database, time_left, timed_run
from bench.simulated import simulated_county
from tests.deployment import open_deployment
from tests.killing import Counts, KillRun, Lives, fork_server_context

_BETWEEN = timedelta(minutes=1)  # so that hundreds of lives end before the round does


def main(arguments: Sequence[str]) -> int:
    """Kill for as long as was asked, on one database after the other; return 1 unless nothing was lost or doubled."""
    parser = timed_run("kill", __doc__, minutes=30, seed=1)
    add_database(parser)
    given = parser.parse_args(arguments)
    clean = True
    for database in given.database or NAMES:
        with tempfile.TemporaryDirectory() as folder, fresh_addresses(database, Path(folder)) as fresh:
            counts = asyncio.run(_run(fresh(), Path(folder), minutes=given.minutes, seed=given.seed))
        print(f"{NAMES[database]}, seed {given.seed}, {given.minutes:g} minutes: {counts}", flush=True)
        clean = clean and counts.is_clean
    return 0 if clean else 1


async def _run(address: str, folder: Path, *, minutes: float, seed: int) -> Counts:
    async with simulated_county(address, folder) as (simulator, keyring):
        lives = Lives(open_deployment(simulator, address, keyring, folder), fork_server_context(), between=_BETWEEN)
        goes_on = time_left(minutes)
        try:
            run = KillRun(lives, keyring, random.Random(seed))
            counts = await run.play(lambda: not goes_on(lives.kills))
            for who in run.waited_in_vain:
                print(who, file=sys.stderr, flush=True)
            return counts
        finally:
            await lives.end()
            await lives.deployment.stop()
