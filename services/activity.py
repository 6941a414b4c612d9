"""Whether the process has anything in hand."""

import asyncio


class Activity:
    """What the process has in hand, so that one can wait until it has nothing."""

    def __init__(self) -> None:
        self._in_hand: set[object] = set()
        self._nothing = asyncio.Event()
        self._nothing.set()

    def begin(self, what: object) -> None:
        """Count something as in hand, once however often it is said."""
        self._in_hand.add(what)
        self._nothing.clear()

    def end(self, what: object) -> None:
        """Count something as in hand no longer."""
        self._in_hand.discard(what)
        if not self._in_hand:
            self._nothing.set()

    async def idle(self) -> None:
        """Return once nothing is in hand."""
        while self._in_hand:
            await self._nothing.wait()
