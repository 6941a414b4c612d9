"""The simulator's time: a real or given clock, and how far it was moved forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_time() -> datetime:
    """The present moment, in aware UTC."""
    return datetime.now(UTC)


class OffsetClock:
    """A clock that runs like its source and can be moved forward."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or real_time
        self._offset = timedelta()
        self.moves = 0
        self._listeners: list[Callable[[datetime], None]] = []

    def now(self) -> datetime:
        return (self._source() + self._offset).astimezone(UTC)

    def advance(self, seconds: float) -> datetime:
        """Moves the time forward by so many seconds and tells everyone who listens.

        Raises ValueError for a negative number: messages would come from the future.
        """
        if seconds < 0:
            raise ValueError("The clock only moves forward; give a number of seconds above zero.")
        self._offset += timedelta(seconds=seconds)
        self.moves += 1
        now = self.now()
        for listener in list(self._listeners):
            listener(now)
        return now

    def on_change(self, listener: Callable[[datetime], None]) -> None:
        """Calls the listener with the new time whenever the clock is moved."""
        self._listeners.append(listener)
