"""Waiting for something to happen, without asking again and again."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# The only cap on waiting: long enough for a slow and busy machine, so that what runs into it never comes.
WAIT_LIMIT_SECONDS = 300.0


class Changes:
    """Wakes everyone who waits whenever something in the simulator changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._listeners: list[Callable[[int | None], None]] = []

    def notify(self, chat_id: int | None = None) -> None:
        """Tells of a change in a chat, or in something else (None)."""
        for future in list(self._waiting):
            if not future.done():
                future.set_result(None)
        for listener in list(self._listeners):
            listener(chat_id)

    def listen(self, listener: Callable[[int | None], None]) -> Callable[[], None]:
        """Calls the listener at each change; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def next(self) -> None:
        """Waits for the next change."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def until(self, look: Callable[[], T | None]) -> T:
        """Waits until look() finds something and returns it; raises TimeoutError after WAIT_LIMIT_SECONDS."""
        async with asyncio.timeout(WAIT_LIMIT_SECONDS):
            while not (found := look()):
                await self.next()
            return found
