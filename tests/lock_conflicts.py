"""Two transactions that meet on PostgreSQL, one step after the other and never by chance."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text

from models.database import Database
from services.unit_of_work import UnitOfWork
from simulator.changes import WAIT_LIMIT_SECONDS
from tests.conftest import OpenWork

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


async def wait_for_lock_waiter(database: Database, *, unless: asyncio.Task[Any] | None = None) -> None:
    """Return once a transaction waits for what another holds; fail when the one that should has ended."""
    async with asyncio.timeout(WAIT_LIMIT_SECONDS), database.engine.connect() as connection:
        while not await connection.scalar(_WAITING):
            await connection.rollback()  # or it would be shown the same moment again
            if unless is not None and unless.done():
                raise AssertionError("it met nobody") from unless.exception()


async def start_and_wait_for_lock(
    open_work: OpenWork, database: Database, action: Callable[[UnitOfWork], Awaitable[Any]], **how: Any
) -> asyncio.Task[Any]:
    """Begin an action in a transaction of its own, and return once it waits for what is held here."""

    async def run() -> Any:
        async with open_work(**how) as work:
            return await action(work)

    running = asyncio.create_task(run())
    await wait_for_lock_waiter(database, unless=running)
    return running
