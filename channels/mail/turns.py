"""When a mail may go: one at a time, and so many in a minute."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True)
class _Waiting:
    """Somebody who waits; a smaller priority goes first, then who came first."""

    priority: int
    number: int
    turn: asyncio.Future[None] = field(compare=False)


class Turns:
    """Gives turns, at least so far apart that no minute holds one too many."""

    def __init__(self, per_minute: float) -> None:
        self._apart = 60 / per_minute  # seconds
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._taken = False  # by somebody, or by the time that must pass after them

    @property
    def anybody_waits(self) -> bool:
        """Whether somebody waits for a turn."""
        return any(not one.turn.cancelled() for one in self._waiting)

    @asynccontextmanager
    async def turn(self, priority: int) -> AsyncIterator[None]:
        """Wait for one's turn, and have it within."""
        waiting = _Waiting(priority, next(self._numbers), asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiting, waiting)
        self._give()
        try:
            await waiting.turn
            yield
        finally:
            if not waiting.turn.cancelled():
                asyncio.get_running_loop().call_later(self._apart, self._end)

    def _give(self) -> None:
        """Give the next turn, unless it is somebody's."""
        while not self._taken and self._waiting:
            turn = heapq.heappop(self._waiting).turn
            if not turn.cancelled():
                self._taken = True
                turn.set_result(None)

    def _end(self) -> None:
        self._taken = False
        self._give()
