"""The sample county on a new database with a simulator beside it, and what goes wrong there unseen."""

import asyncio
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from models.database import Database
from models.tables import METADATA
from privacy.keyring import Keyring
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from storage.folder import FolderStore
from tests.conftest import NOW
from tests.deployment import TOKEN, ZONE, Deployment
from tests.sample import SAMPLE


@asynccontextmanager
async def simulated_county(address: str, folder: Path) -> AsyncIterator[tuple[Simulator, Keyring]]:
    """Enter the sample county into an empty database; give a simulator that runs meanwhile, and the keyring."""
    keyring = Keyring.create(folder / "keyring")
    await enter_county(address, keyring, FolderStore(folder / "files"))
    simulator = Simulator(TOKEN, clock=lambda: NOW, retry_second=0.01)
    await simulator.start()
    try:
        yield simulator, keyring
    finally:
        await simulator.stop()


async def lift_limits(deployment: Deployment) -> None:
    """Let everybody send as much as they like."""
    await deployment.set_in_county("abuse", complaints_a_day=10**6, wrong_receipts_a_day=10**6, alarm_scans_a_day=10**6)


class UncaughtErrors:
    """The errors that nobody caught, as the running loop is told of them."""

    def __init__(self) -> None:
        self._found: list[str] = []
        asyncio.get_running_loop().set_exception_handler(self._note)

    def take(self) -> list[str]:
        """Return those that came since the last time."""
        found, self._found = self._found, []
        return found

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        passed = traceback.extract_tb(error.__traceback__) if error else []
        where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(passed[-4:]))
        self._found.append(f"{context.get('message')}: {type(error).__name__} at {where}")


async def enter_county(address: str, keyring: Keyring, files: FolderStore) -> None:
    """Make every table in an empty database, and enter the sample county."""
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    async with database.transaction() as session:
        work = UnitOfWork(session, NOW, keyring, files, ZONE)
        await import_county(work, read_county(SAMPLE.read_text(encoding="utf-8")))
    await database.close()
