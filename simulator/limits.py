"""How fast a bot may send: 30 a second in all, about 1 a second to a person, 20 a minute to a group."""

import math
from collections import deque
from datetime import datetime, timedelta

from simulator.errors import too_many_requests

OVERALL = 30
OVERALL_WINDOW = timedelta(seconds=1)
GROUP = 20
GROUP_WINDOW = timedelta(minutes=1)
PRIVATE_BURST = 3  # the server forgives a short burst
PRIVATE_SECONDS = 1.0


class SendLimits:
    """Counts what was sent and refuses what is too fast."""

    def __init__(self) -> None:
        self._all: deque[datetime] = deque()
        self._groups: dict[int, deque[datetime]] = {}
        self._credit: dict[int, tuple[float, datetime]] = {}

    def check(self, chat_id: int, now: datetime, messages: int = 1) -> None:
        """Counts so many messages to a chat; raises ApiError 429 when that is too fast."""
        waits = [_window_wait(self._all, OVERALL, OVERALL_WINDOW, now, messages)]
        group = self._groups.setdefault(chat_id, deque()) if chat_id < 0 else None
        if group is not None:
            waits.append(_window_wait(group, GROUP, GROUP_WINDOW, now, messages))
            credit = 0.0
        else:
            credit = self._private_credit(chat_id, now)
            waits.append(max(0.0, (1 - credit) * PRIVATE_SECONDS))
        if (wait := max(waits)) > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._all.extend([now] * messages)
        if group is not None:
            group.extend([now] * messages)
        else:
            self._credit[chat_id] = (credit - messages, now)

    def _private_credit(self, chat_id: int, now: datetime) -> float:
        credit, since = self._credit.get(chat_id, (float(PRIVATE_BURST), now))
        return min(float(PRIVATE_BURST), credit + (now - since).total_seconds() / PRIVATE_SECONDS)


def _window_wait(sent: deque[datetime], most: int, window: timedelta, now: datetime, messages: int) -> float:
    """Seconds until so many more messages fit into the trailing window."""
    while sent and now - sent[0] >= window:
        sent.popleft()
    excess = len(sent) + messages - most
    if excess <= 0 or not sent:
        return 0.0
    return (sent[min(excess, len(sent)) - 1] + window - now).total_seconds()
