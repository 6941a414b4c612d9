"""Waiting for something to happen, without asking again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

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
        future = self._next()
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def until(self, look: Callable[[], T | None], at_rest: Callable[[], Awaitable[None]] | None = None) -> T:
        """Waits until look() finds something and returns it.

        Raises TimeoutError when at_rest() has returned and it still finds nothing, or after WAIT_LIMIT_SECONDS.
        """
        rest: asyncio.Future[Any] = asyncio.ensure_future(at_rest() if at_rest else asyncio.Event().wait())
        try:
            async with asyncio.timeout(WAIT_LIMIT_SECONDS):
                while not (found := look()):
                    if rest.done():
                        rest.result()
                        raise TimeoutError("Nothing more comes.")
                    change = self._next()
                    try:
                        await asyncio.wait([change, rest], return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        self._waiting.discard(change)
                return found
        finally:
            rest.cancel()

    def _next(self) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        return future
