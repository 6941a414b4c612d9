"""Long polling: one getUpdates at a time, answered as soon as there is something."""

import asyncio
from dataclasses import dataclass
from typing import Any

from simulator.changes import Changes
from simulator.errors import ApiError
from simulator.updates import Update, UpdateQueue
from simulator.world import World

_CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True)
class RawUpdates:
    """Updates for an answer, each as the text that was queued, so that a broken one stays broken."""

    updates: list[Update]

    def as_text(self) -> str:
        return "[" + ",".join(update.body for update in self.updates) + "]"


class Polling:
    """Hands updates to the one poller that there may be; a newer one ends the older one's wait."""

    def __init__(self, world: World, changes: Changes) -> None:
        self._world = world
        self._changes = changes
        self._current: asyncio.Future[str] | None = None

    @property
    def _queue(self) -> UpdateQueue:
        return self._world.updates

    async def get(self, *, offset: int, limit: int, seconds: float) -> RawUpdates:
        """The next updates, after at most so many seconds; raises ApiError 409 when another poller came."""
        self.end(_CONFLICT)
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._current = ended
        try:
            page = self._queue.page(offset, limit)
            if not page and seconds > 0:
                page = await self._wait(max(offset, 0), limit, seconds, ended)
            return RawUpdates(page)
        finally:
            if self._current is ended:
                self._current = None

    async def _wait(self, offset: int, limit: int, seconds: float, ended: asyncio.Future[str]) -> list[Update]:
        async def page() -> list[Update]:
            while not (found := self._queue.page(offset, limit)):
                await self._changes.next()
            return found

        waiting = asyncio.ensure_future(page())
        either: set[asyncio.Future[Any]] = {waiting, ended}
        try:
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                raise ApiError(409, f"Conflict: {ended.result()}")
            return waiting.result() if waiting.done() else []
        finally:
            waiting.cancel()

    def end(self, reason: str) -> None:
        """Ends the wait of the current poller with a conflict."""
        if self._current and not self._current.done():
            self._current.set_result(reason)
