"""Who was called of a crisis, and who answered, as it is kept with its case."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True)
class CrisisCalls:
    """Whom the product has called since the calls began, in the order of the calls, and who said they are on it.

    `on_call`: those of them who were on call then.
    `answered_at` is the hour. Nobody may have answered: as yet, or because the case ended before.
    """

    called: tuple[str, ...] = ()
    answered_by: str | None = None
    answered_at: datetime | None = None
    on_call: tuple[str, ...] = ()

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Self:
        """Return what is kept with a case."""
        if kept is None:
            return cls()
        at = kept["answered_at"]
        at = datetime.fromisoformat(at) if at else None
        return cls(tuple(kept["called"]), kept["answered_by"], at, tuple(kept.get("on_call", ())))

    def record(self) -> dict[str, Any]:
        """Return it as it is kept."""
        at = self.answered_at.isoformat() if self.answered_at else None
        called, on_call = list(self.called), list(self.on_call)
        return {"called": called, "answered_by": self.answered_by, "answered_at": at, "on_call": on_call}

    def also(self, staff_ids: Iterable[str], on_call: Collection[str]) -> Self:
        """Return it with some more who were called, and which of them were on call."""
        called = tuple(dict.fromkeys([*self.called, *staff_ids]))
        were = {*self.on_call, *on_call}
        return replace(self, called=called, on_call=tuple(one for one in called if one in were))

    def answered(self, staff_id: str, at: datetime) -> Self:
        """Return it with who answered, and in which hour."""
        return replace(self, answered_by=staff_id, answered_at=at)
