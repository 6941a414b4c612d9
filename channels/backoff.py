"""Waits between tries, not past the end of the process."""

import asyncio

FIRST_SECONDS = 0.1
LONGEST_SECONDS = 30.0


class Backoff:
    """Waits twice as long after each failure, at most LONGEST_SECONDS, and not past the stop."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._failures = 0

    def reset(self) -> None:
        """Begin anew: something has succeeded."""
        self._failures = 0

    async def next(self) -> None:
        """Wait after a failure."""
        await pause(min(FIRST_SECONDS * 2 ** min(self._failures, 20), LONGEST_SECONDS), self._stop)
        self._failures += 1


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Wait, and not past the stop."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
