"""A share: so many of so many, which everywhere is shown as n/N and in per cent."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        """In per cent, rounded; 100 only when it is all, and 0 only when it is none."""
        if self.part in (0, self.whole):
            return 100 if self.part else 0
        return min(99, max(1, round(100 * self.part / self.whole)))

    def reaches(self, rate: float) -> bool:
        """Whether it is a rate at least; of nothing, nothing is missing."""
        return not self.whole or Fraction(self.part, self.whole) >= Fraction(str(rate))
