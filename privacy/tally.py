"""Counts of what chats did on one day, in the memory of this process and nowhere else.

On a disk, beside the complaints that came in the same moment, even a pseudonym would name their senders to whoever has
the keys. A restart forgets the counts, and every process has its own: whoever floods gains little by either.
"""

import secrets
from collections import defaultdict
from datetime import date

from models.address import Address
from privacy.tags import tag

_SECRET_BYTES = 32


class Tally:
    """Counts how often each chat did each thing today; the pseudonyms of a day are forgotten with it."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._secret = b""
        self._times: dict[str, dict[str, int]] = {}  # what was done -> who -> how often

    def count(self, day: date, what: str, address: Address) -> None:
        """Count that a chat did something."""
        who = self._pseudonym(day, address)
        self._times.setdefault(what, defaultdict(int))[who] += 1

    def times(self, day: date, what: str, address: Address) -> int:
        """Return how often a chat did something."""
        return self._times.get(what, {}).get(self._pseudonym(day, address), 0)

    def turn(self, day: date, what: str, address: Address, turns: int) -> int:
        """Count that a chat did something, and return whose turn it is of so many: one after another, round and round.

        With whom it begins is drawn for each chat and each process.
        """
        begins_with = int(self._pseudonym(day, address)[:8], 16)
        self.count(day, what, address)
        return (begins_with + self.times(day, what, address)) % turns

    def chats(self, day: date, what: str) -> int:
        """Return how many chats did something."""
        self._start_day(day)
        return len(self._times.get(what, {}))

    def _pseudonym(self, day: date, address: Address) -> str:
        self._start_day(day)
        return tag(self._secret, address)

    def _start_day(self, day: date) -> None:
        """Begin a new day with a new secret, and without the counts of the one before."""
        if self._day != day:
            self._day, self._secret, self._times = day, secrets.token_bytes(_SECRET_BYTES), {}
