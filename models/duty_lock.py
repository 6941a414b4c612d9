"""What only one process may do at a time, polling and sending, is guarded by a lock of the database."""

import asyncio
import logging
from hashlib import blake2b

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.database import Database

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0  # a server that vanished would otherwise be waited for until the network gives it up


class DutyLock:
    """One duty. On PostgreSQL it is an advisory lock of one connection, so a killed holder's is free at once.

    SQLite serves one process, and needs none.
    """

    def __init__(self, database: Database, duty: str) -> None:
        self._database = database
        self._key = int.from_bytes(blake2b(f"duty:{duty}".encode(), digest_size=8).digest(), signed=True)
        self._connection: AsyncConnection | None = None
        self._held = False

    async def hold(self) -> bool:
        """Whether the duty is ours now; takes it when it is free."""
        if self._database.dialect != "postgresql":
            return True
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._held = await self._ask()
        except Exception as error:  # whatever is wrong with the connection, the duty is not known to be ours
            log.warning("the database does not say whose duty it is: %s", type(error).__name__)
            await self.release()
        return self._held

    async def _ask(self) -> bool:
        if self._connection is None:
            connection = await self._database.engine.connect()
            self._connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        # Asked again while held, it would count up; a plain look tells that the connection, and so the lock, lives.
        question = "SELECT true" if self._held else "SELECT pg_try_advisory_lock(:key)"
        return bool(await self._connection.scalar(text(question), {"key": self._key}))

    async def release(self) -> None:
        """Give the duty up, so that another process need not wait."""
        self._held = False
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.invalidate()  # closes it, and with it goes the lock
            await connection.close()
