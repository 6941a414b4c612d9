"""The product on one database, fuzzed in turn through polling and through its webhook."""

import asyncio
import socket
import warnings
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from bench.databases import fresh_addresses
from bench.fuzz.updates import UpdateCounts, UpdateFuzz, count, prepare_for_fuzz
from models.database import Database
from models.tables import METADATA
from privacy.keyring import Keyring
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from storage.folder import FolderStore
from tests.conftest import NOW
from tests.deployment import TOKEN, ZONE, Deployment, open_deployment
from tests.sample import SAMPLE

ROUNDS_A_LIFE = 15  # before the product is started anew, the other way round
STRANGERS = 6  # at once
STAFF = ("P08", "P09", "P10")


def fuzz_product(
    database: str, folder: Path, seed: str, goes_on: Callable[[], bool], report: Callable[[str], object]
) -> UpdateCounts:
    """Fuzz the product on a new database of this kind while it goes on; return what came of it."""
    with fresh_addresses(database, folder) as fresh:
        return asyncio.run(_fuzz(fresh(), folder, seed, goes_on, report))


async def _fuzz(
    address: str, folder: Path, seed: str, goes_on: Callable[[], bool], report: Callable[[str], object]
) -> UpdateCounts:
    keyring = Keyring.create(folder / "keyring")
    await _enter_county(address, keyring, folder / "files")
    counts, number = UpdateCounts(), 0
    simulator = Simulator(TOKEN, clock=lambda: NOW, retry_second=0.01)
    await simulator.start()
    staff: dict[str, int] = {}
    try:
        while goes_on():
            deployment = open_deployment(simulator, address, keyring, folder)
            deployment.staff = staff
            if number // ROUNDS_A_LIFE % 2:
                behind_webhook(deployment)
            await deployment.start()
            try:
                if not staff:
                    await prepare_for_fuzz(deployment)
                    await deployment.enrol(*STAFF)
                    await deployment.board("第二巡察组", *STAFF)
                end = number + ROUNDS_A_LIFE
                fuzz = UpdateFuzz(deployment, counts, report, STRANGERS)
                number = await fuzz.run(seed, number, lambda at, end=end: at < end and goes_on())  # type: ignore[misc]
                await count(deployment, counts)
            finally:
                await deployment.stop()
            report(f"{number} rounds: {counts}")
    finally:
        await simulator.stop()
    return counts


def behind_webhook(deployment: Deployment) -> None:
    """Let updates be delivered to a port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    webhook = {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_port": port,
        "webhook_secret": SecretStr("fuzz"),
    }
    telegram = deployment.config.telegram.model_copy(update=webhook)
    deployment.config = deployment.config.model_copy(update={"telegram": telegram})


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
