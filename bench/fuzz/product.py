"""The product on one database, fuzzed in turn through polling and through its webhook."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from bench.databases import fresh_addresses
from bench.fuzz.updates import UpdateCounts, UpdateFuzz, count
from bench.servers.pipe import free_port
from bench.simulated import lift_limits, simulated_county
from tests.deployment import Deployment, open_deployment

ROUNDS_A_LIFE = 15  # before the product is started anew, the other way round
STRANGERS = 6  # at once
STAFF = ("P08", "P09", "P10")


def fuzz_product(
    database: str,
    folder: Path,
    seed: str,
    goes_on: Callable[[int], bool],
    report: Callable[[str], object],
    strangers: int = STRANGERS,
) -> UpdateCounts:
    """Fuzz the product on a new database of this kind while it goes on; return what came of it."""
    with fresh_addresses(database, folder) as fresh:
        return asyncio.run(_fuzz(fresh(), folder, seed, goes_on, report, strangers))


async def _fuzz(
    address: str,
    folder: Path,
    seed: str,
    goes_on: Callable[[int], bool],
    report: Callable[[str], object],
    strangers: int,
) -> UpdateCounts:
    counts, number, lives = UpdateCounts(), 0, 0
    staff: dict[str, int] = {}
    async with simulated_county(address, folder) as (simulator, keyring):
        while goes_on(lives // 2):  # both ways once at least
            deployment = open_deployment(simulator, address, keyring, folder)
            deployment.staff = staff
            if lives % 2:
                behind_webhook(deployment)
            await deployment.start()
            try:
                if not staff:
                    await lift_limits(deployment)
                    await deployment.enrol(*STAFF)
                    await deployment.board("第二巡察组", *STAFF)
                fuzz = UpdateFuzz(deployment, counts, report, strangers)
                number = await fuzz.run(seed, number, lambda done: done < ROUNDS_A_LIFE and goes_on(done))
                await count(deployment, counts)
            finally:
                await deployment.stop()
            lives += 1
            report(f"{number} rounds: {counts}")
    return counts


def behind_webhook(deployment: Deployment) -> None:
    """Let updates be delivered to a port of this machine."""
    port = free_port()
    webhook = {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_port": port,
        "webhook_secret": SecretStr("fuzz"),
    }
    telegram = deployment.config.telegram.model_copy(update=webhook)
    deployment.config = deployment.config.model_copy(update={"telegram": telegram})
