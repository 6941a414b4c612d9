"""A dismissal, as it is kept with its case: proposed by the owner, decided by somebody else, undone within a week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from models.states import Actor, CaseState

UNDO_DAYS = 7
_KEY = "dismissal"


class DismissalReason(StrEnum):
    """Why a case is none at all."""

    ADVERTISEMENT = "advertisement"
    EMPTY = "empty"  # nothing in it, or nothing that can be made out
    TRIAL = "trial"  # somebody tried the code out
    OTHER = "other_dismissal"  # the words say what


@dataclass(frozen=True)
class Dismissal:
    """Who proposed it and why, and who decides. `words` are the proposer's own, sealed, in hexadecimal digits.

    Once it is confirmed, `before` and `since` are the state the case was in, and from when on.
    """

    by: str
    reason: DismissalReason
    decider: Actor  # a team leader at the desk where the case lies, or the office director
    alone: bool = False  # the director proposed it, and nobody else may know of the case
    words: str | None = None
    before: CaseState | None = None
    since: datetime | None = None

    @classmethod
    def read(cls, proposal: Mapping[str, Any] | None) -> Self | None:
        """Return the dismissal that is kept as a case's proposal; None when there is none."""
        kept = (proposal or {}).get(_KEY)
        if kept is None:
            return None
        return cls(
            kept["by"],
            DismissalReason(kept["reason"]),
            Actor(kept["decider"]),
            kept["alone"],
            kept["words"],
            CaseState(kept["before"]) if kept["before"] else None,
            datetime.fromisoformat(kept["since"]) if kept["since"] else None,
        )

    def record(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            _KEY: {
                "by": self.by,
                "reason": self.reason.value,
                "decider": self.decider.value,
                "alone": self.alone,
                "words": self.words,
                "before": self.before.value if self.before else None,
                "since": self.since.isoformat() if self.since else None,
            }
        }

    @property
    def waits(self) -> bool:
        """Whether it is still to be decided."""
        return self.before is None
