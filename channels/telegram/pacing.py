"""When a message may go: so few at a time that no second of Telegram's clock holds one too many.

Telegram handles a call at some moment between its sending and its answer, and only these two are known here. So a call
counts from before it is sent until a second after it was answered: whatever the network and this process do to the
times, any two calls of one second of Telegram's clock are then counted at the same time.
"""

import asyncio
from bisect import insort
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

MINUTE = 60.0


@dataclass(frozen=True)
class Pace:
    """Messages in any second overall and to one chat, and in any minute to a group."""

    per_second: int = 30
    per_chat_per_second: float = 1.0
    per_group_per_minute: int = 20


@dataclass
class _Window:
    """At most so many calls in any stretch of so many seconds."""

    most: int
    seconds: float
    counted: int = 0

    @property
    def is_full(self) -> bool:
        """Whether one more call would be one too many."""
        return self.counted >= self.most


@dataclass(order=True)
class _Waiting:
    """A call that has no permission yet; a smaller priority goes first, then the one that came first."""

    priority: int
    number: int
    chat_id: int = field(compare=False)
    permission: asyncio.Future[None] = field(compare=False)


class Pacer:
    """Grants calls to Telegram their permission. A pause, after Telegram said to wait, holds them all."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._overall = _Window(pace.per_second, 1.0)
        self._chats: dict[int, tuple[_Window, ...]] = {}  # those with a call that still counts
        self._waiting: list[_Waiting] = []  # in the order in which they go
        self._numbers = count()
        self._pauses = 0

    @asynccontextmanager
    async def permission(self, chat_id: int, priority: int = 0) -> AsyncIterator[None]:
        """Wait until a call to this chat may go; make the call within, and leave as soon as it is answered or failed.

        While several wait, those with the smallest priority go first.
        """
        await self._wait(chat_id, priority)
        try:
            yield
        finally:
            self._end_call(chat_id)

    def pause(self, seconds: float) -> None:
        """Hold every call that has no permission yet."""
        self._pauses += 1
        asyncio.get_running_loop().call_later(seconds, self._end_pause)

    async def _wait(self, chat_id: int, priority: int) -> None:
        permission = asyncio.get_running_loop().create_future()
        waiting = _Waiting(priority, next(self._numbers), chat_id, permission)
        insort(self._waiting, waiting)
        self._grant()
        try:
            await permission
        except asyncio.CancelledError:
            if permission.cancelled():
                self._waiting.remove(waiting)
            else:  # it had the permission already, and has not made the call
                for window in (self._overall, *self._chats[chat_id]):
                    self._stop_counting(chat_id, window)
            raise

    def _grant(self) -> None:
        """Grant permission to every call that may go now."""
        for waiting in tuple(self._waiting):
            if self._pauses or self._overall.is_full:
                return
            windows = self._windows(waiting.chat_id)
            if waiting.permission.cancelled() or _any_full(windows):
                continue
            self._waiting.remove(waiting)
            self._chats[waiting.chat_id] = windows
            for window in (self._overall, *windows):
                window.counted += 1
            waiting.permission.set_result(None)

    def _windows(self, chat_id: int) -> tuple[_Window, ...]:
        if (known := self._chats.get(chat_id)) is not None:
            return known
        own = _Window(1, 1 / self._pace.per_chat_per_second)
        is_group = chat_id < 0
        return (own, _Window(self._pace.per_group_per_minute, MINUTE)) if is_group else (own,)

    def _end_call(self, chat_id: int) -> None:
        """Count an answered call for as long as it can share a second, or a group's minute, with one sent now."""
        loop = asyncio.get_running_loop()
        for window in (self._overall, *self._chats[chat_id]):
            loop.call_later(window.seconds, self._stop_counting, chat_id, window)

    def _stop_counting(self, chat_id: int, window: _Window) -> None:
        window.counted -= 1
        if not any(counting.counted for counting in self._chats.get(chat_id, ())):
            self._chats.pop(chat_id, None)
        self._grant()

    def _end_pause(self) -> None:
        self._pauses -= 1
        self._grant()


def _any_full(windows: Iterable[_Window]) -> bool:
    return any(window.is_full for window in windows)
