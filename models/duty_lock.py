"""What only one process may do at a time, polling and sending, is guarded by a lock of the database."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import blake2b
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from models.database import Database

log = logging.getLogger(__name__)

# A server that vanished would otherwise be waited for until the network gives it up.
ANSWER_SECONDS = 10.0
TRANSACTION_SECONDS = 60.0
# A holder that works asks something of the database far more often. One that is frozen is not waited for.
STALE_SECONDS = 90.0
FRESH_SECONDS = 20.0  # after which a holder asks whether it still is one: it may have been frozen in between

# Counts on while the machine sleeps, where the system has such a clock.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_END_STALE_HOLDER = """
SELECT pg_terminate_backend(held.pid) FROM pg_locks held JOIN pg_stat_activity holder ON holder.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND held.classid = $1::bigint::oid AND held.objid = $2::bigint::oid
AND holder.state_change < clock_timestamp() - $3 * interval '1 second'
"""


class DutyLock:
    """One duty. On PostgreSQL it is an advisory lock of one connection, so a killed holder's is free at once.

    A holder that is frozen keeps its connection: whoever wants the duty ends it after STALE_SECONDS. SQLite serves one
    process, and needs none.
    """

    def __init__(self, database: Database, duty: str) -> None:
        self._database = database
        self._key = int.from_bytes(blake2b(f"duty:{duty}".encode(), digest_size=8).digest(), signed=True)
        self._connection: AsyncConnection | None = None
        self._held = False
        self._confirmed_at = 0.0  # when the database last said that it is held
        self._turn = asyncio.Lock()  # a connection does one thing at a time
        self.term = 0  # how often it was taken

    @property
    def is_held(self) -> bool:
        """Whether the duty is ours, as far as is known."""
        return self._held or self._database.dialect != "postgresql"

    async def is_ours(self, term: int) -> bool:
        """Whether the duty is still ours as it was taken then; the database is asked unless it has just said so."""
        if self._database.dialect != "postgresql":
            return True
        if self._held and time.clock_gettime(_CLOCK) - self._confirmed_at > FRESH_SECONDS:
            await self.hold()
        return self._held and self.term == term

    async def hold(self) -> bool:
        """Whether the duty is ours now; takes it when it is free."""
        if self._database.dialect != "postgresql":
            return True
        try:
            async with self._turn, asyncio.timeout(ANSWER_SECONDS):
                self._held = await self._ask()
                self._confirmed_at = time.clock_gettime(_CLOCK)
        except Exception as error:  # whatever is wrong with the connection, the duty is not known to be ours
            log.warning("the database does not say whose duty it is: %s", type(error).__name__)
            await self.release()
        return self._held

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction; while the duty is held, on the lock's own connection: it commits only if the lock lives.

        So whoever does all of a duty in such transactions need not ask again until one has failed.
        """
        if self._connection is None or not self._held:
            async with self._database.transaction() as session:
                yield session
            return
        async with self._turn:
            driver = await _driver(self._connection)
            too_late = asyncio.get_running_loop().call_later(TRANSACTION_SECONDS, driver.terminate)
            try:
                async with self._database.transaction(connection=self._connection) as session:
                    yield session
                self._confirmed_at = time.clock_gettime(_CLOCK)
            finally:
                too_late.cancel()
                if self._connection.invalidated:  # and would be replaced by one without the lock
                    await self.release()

    async def _ask(self) -> bool:
        if self._connection is None:
            self._connection = await self._database.engine.connect()
        driver = await _driver(self._connection)
        if self._held:  # asked for again while held, it would count up; any answer tells that the lock lives
            return bool(await driver.fetchval("SELECT true"))
        if await driver.fetchval("SELECT pg_try_advisory_lock($1)", self._key):
            self.term += 1
            return True
        high, low = divmod(self._key % 2**64, 2**32)
        if await driver.fetchval(_END_STALE_HOLDER, high, low, STALE_SECONDS):
            log.warning("a process on duty says nothing any more; it is not waited for")
        return False

    async def release(self) -> None:
        """Give the duty up, so that another process need not wait."""
        self._held = False
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.invalidate()  # closes it, and with it goes the lock
            await connection.close()


async def _driver(connection: AsyncConnection) -> Any:
    """Return asyncpg's own connection, which begins no transaction by itself."""
    return (await connection.get_raw_connection()).driver_connection
