"""The tick: every minute it asks what is due. Running twice, late or on two machines, it says nothing twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from models.base import coarse
from services.resources import Resources
from services.unit_of_work import More, UnitOfWork

log = logging.getLogger(__name__)

TICK_SECONDS = 60.0

Duty = Callable[[UnitOfWork], Awaitable[object]]


class Clock:
    """Does each duty in transactions of its own, so that one that fails holds up no other."""

    def __init__(
        self,
        duties: Sequence[Duty],
        resources: Resources,
        committed: Callable[[], None],
    ) -> None:
        self._duties = duties
        self._resources = resources
        self._committed = committed
        self._news = asyncio.Event()
        self._tidied: datetime | None = None

    def wake(self) -> None:
        """Tick now: the time was moved."""
        self._resources.activity.begin(self)
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Tick until told to stop."""
        while not stop.is_set():
            self._news.clear()
            self._resources.activity.begin(self)
            await self.tick()
            if not self._news.is_set():
                self._resources.activity.end(self)
            waiting = [asyncio.create_task(self._news.wait()), asyncio.create_task(stop.wait())]
            await asyncio.wait(waiting, timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
        self._resources.activity.end(self)

    async def tick(self) -> None:
        """Do every duty once."""
        for duty in self._duties:
            try:
                while await self._do(duty) is More.TO_DO:
                    pass
            except Exception as error:  # the next tick tries again; the others must not wait for it
                name = getattr(duty, "__name__", "a duty")
                log.error("%s failed: %s", name, type(error).__name__, exc_info=error)
        try:
            await self._tidy_up()
        except Exception as error:  # a disk that is full, say: the ticks go on
            log.error("the database cannot be tidied up: %s", type(error).__name__, exc_info=error)
        self._committed()

    async def _do(self, duty: Duty) -> object:
        async with self._resources.database.transaction() as session:
            return await duty(self._resources.work(session))

    async def _tidy_up(self) -> None:
        """Leave nothing of what was deleted, and from hour to hour nothing of the order in which the rest came."""
        hour = coarse(self._resources.now())
        if hour == self._tidied:
            await self._resources.database.checkpoint()
            return
        await self._resources.database.forget_order()
        self._tidied = hour
