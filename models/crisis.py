"""Who was called of a crisis, and who answered, as it is kept with its case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True)
class CrisisCalls:
    """Whom the product has called since the calls began, in the order of the calls, and who said they are on it.

    `answered_at` is the hour. Nobody may have answered: as yet, or because the case ended before.
    """

    called: tuple[str, ...] = ()
    answered_by: str | None = None
    answered_at: datetime | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Self:
        """Return what is kept with a case."""
        if kept is None:
            return cls()
        at = kept["answered_at"]
        return cls(tuple(kept["called"]), kept["answered_by"], datetime.fromisoformat(at) if at else None)

    def record(self) -> dict[str, Any]:
        """Return it as it is kept."""
        at = self.answered_at.isoformat() if self.answered_at else None
        return {"called": list(self.called), "answered_by": self.answered_by, "answered_at": at}

    def also(self, staff_ids: Iterable[str]) -> Self:
        """Return it with some more who were called."""
        return replace(self, called=tuple(dict.fromkeys([*self.called, *staff_ids])))

    def answered(self, staff_id: str, at: datetime) -> Self:
        """Return it with who answered, and in which hour."""
        return replace(self, answered_by=staff_id, answered_at=at)
