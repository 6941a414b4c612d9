"""That the owner of a case asks for more time until it is answered, as it is kept with the case until it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from models.states import Actor


class ExtensionReason(StrEnum):
    """Why a case takes longer; its reporter is told."""

    COMPLEX = "complex"
    OTHERS_NEEDED = "others_needed"  # several departments must do their part
    WORKS = "works"  # what is to be built or repaired takes its time


@dataclass(frozen=True)
class AskedForTime:
    """Who asks and why, and who decides. `words` are the owner's own, sealed, in hexadecimal digits."""

    by: str
    reason: ExtensionReason
    words: str | None
    decider: Actor  # who leads where the case lies, as its team leader, or the office director
    alone: bool = False  # the owner leads there, and nobody else could decide

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Self | None:
        """Return what is kept with a case; None where nothing is asked for."""
        if kept is None:
            return None
        return cls(kept["by"], ExtensionReason(kept["reason"]), kept["words"], Actor(kept["decider"]), kept["alone"])

    def record(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "by": self.by,
            "reason": self.reason.value,
            "words": self.words,
            "decider": self.decider.value,
            "alone": self.alone,
        }
