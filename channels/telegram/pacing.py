"""When the next message may go: evenly over all chats, slowly to one chat, slower still to a group."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MINUTE = 60.0


@dataclass(frozen=True)
class Pace:
    """Messages a second overall and to one chat, and a minute to a group; Telegram refuses the 31st of a second."""

    per_second: float = 29.85
    per_chat_per_second: float = 1.0
    per_group_per_minute: int = 20


class Pacer:
    """Hands out moments to send at. A pause, after Telegram said to wait, holds everybody."""

    def __init__(self, pace: Pace, monotonic: Callable[[], float]) -> None:
        self._pace = pace
        self._monotonic = monotonic
        self._next = 0.0
        self._paused_until = 0.0
        self._second: deque[float] = deque(maxlen=max(1, int(pace.per_second) + 1))
        self._chats: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}

    async def turn(self, chat_id: int) -> None:
        """Wait until a message to this chat may go."""
        await self._until(self.chat_moment(chat_id))
        await self._until(self.moment())
        while self._paused_until > self._monotonic():  # the pause may have come while this one waited
            await self._until(self.moment())

    def pause(self, seconds: float) -> None:
        """Hold every message for a while."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    def chat_moment(self, chat_id: int) -> float:
        """Reserve and return the moment at which this chat may hear from us; groups have negative numbers."""
        now = self._monotonic()
        moment = max(now, self._chats.get(chat_id, 0.0))
        if chat_id < 0:
            sent = self._groups.setdefault(chat_id, deque(maxlen=self._pace.per_group_per_minute))
            if len(sent) == sent.maxlen:
                moment = max(moment, sent[0] + MINUTE)
            sent.append(moment)
        self._chats[chat_id] = moment + 1 / self._pace.per_chat_per_second
        self._forget_quiet_chats(now)
        return moment

    def moment(self) -> float:
        """Reserve and return the next moment at which any message may go."""
        moment = max(self._monotonic(), self._next, self._paused_until)
        if len(self._second) == self._second.maxlen:
            moment = max(moment, self._second[0] + 1.0)  # even pacing slips; no second ever holds one too many
        self._next = moment + 1 / self._pace.per_second
        self._second.append(moment)
        return moment

    async def _until(self, moment: float) -> None:
        delay = moment - self._monotonic()
        if delay > 0:
            await asyncio.sleep(delay)

    def _forget_quiet_chats(self, now: float) -> None:
        if len(self._chats) > 10_000:
            self._chats = {chat: moment for chat, moment in self._chats.items() if moment > now}
