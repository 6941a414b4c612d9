"""What a cursor is made of: the place in a list after which the next page begins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Hours:
    """A moment that is known to the hour, in the few letters and digits that fit a button."""

    count: int  # since 1970

    @classmethod
    def of(cls, moment: datetime) -> Self:
        return cls((moment - _EPOCH) // _HOUR)

    @classmethod
    def read(cls, written: str) -> Self:
        """Read it as it is written; raise ValueError when it is none."""
        found = cls(int(written, 36))
        if not 0 <= found.count <= (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _HOUR:
            raise ValueError(written)
        return found

    @property
    def moment(self) -> datetime:
        """The moment at which the hour begins."""
        return _EPOCH + self.count * _HOUR

    def __str__(self) -> str:
        return base36(self.count)


def base36(number: int) -> str:
    """Return a number that is not negative in few letters and digits."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
