"""From what was counted of a unit to its grade: each criterion with its share, its points, and the sum."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from models.publication import Grade
from models.settings import EvaluationSettings
from models.share import Share


class Criterion(StrEnum):
    """What gives points, in the order of the sheet."""

    DONE = "done"
    IN_TIME = "in_time"
    PASSED_AT_ONCE = "passed_at_once"
    STAYS_DONE = "stays_done"
    NO_CARD = "no_card"
    SYSTEM_BUILT = "system_built"


@dataclass(frozen=True)
class UnitCounts:
    """What is counted of a unit's items in a round."""

    items: int = 0
    done: int = 0  # cleared
    due: int = 0  # handed in, or their day has passed
    in_time: int = 0  # of these, handed in by their day
    overdue: int = 0  # of these, still to be done
    handed_in: int = 0
    passed_at_once: int = 0  # of these, never returned
    ever_done: int = 0  # cleared, now or once
    reopened: int = 0  # of these
    yellow: int = 0
    red: int = 0
    long_term: int = 0
    system_needed: int = 0  # of what is done: but for what was said to need none
    system_built: int = 0  # of these, with what was set up so that it stays so

    @classmethod
    def read(cls, counts: Mapping[str, Any]) -> "UnitCounts":
        """Read what `pack` returned. Raises TypeError."""
        return cls(**counts)

    def pack(self) -> dict[str, int]:
        """Return it as JSON values."""
        return asdict(self)

    def __add__(self, other: "UnitCounts") -> "UnitCounts":
        """Return what is counted of the items of both."""
        theirs = other.pack()
        return UnitCounts(**{name: mine + theirs[name] for name, mine in self.pack().items()})

    def __sub__(self, other: "UnitCounts") -> "UnitCounts":
        """Return what is counted without some of the items."""
        theirs = other.pack()
        return UnitCounts(**{name: mine - theirs[name] for name, mine in self.pack().items()})

    def share(self, criterion: Criterion) -> Share:
        """Return how far a criterion is met."""
        match criterion:
            case Criterion.DONE:
                return Share(self.done, self.items)
            case Criterion.IN_TIME:
                return Share(self.in_time, self.due)
            case Criterion.PASSED_AT_ONCE:
                return Share(self.passed_at_once, self.handed_in)
            case Criterion.STAYS_DONE:
                return Share(self.ever_done - self.reopened, self.ever_done)
            case Criterion.NO_CARD:
                return Share(self.items - self.yellow - self.red, self.items)
            case Criterion.SYSTEM_BUILT:
                return Share(self.system_built, self.system_needed)


@dataclass(frozen=True)
class ScoreLine:
    """One criterion: how far it is met, and how many points it gives at most."""

    criterion: Criterion
    share: Share
    most: int

    @property
    def is_counted(self) -> bool:
        """Whether there is anything to count; otherwise its points are left out of the sum, too."""
        return self.share.whole > 0

    @property
    def points(self) -> Fraction:
        """The points that it gives."""
        return Fraction(self.most * self.share.part, self.share.whole) if self.is_counted else Fraction()


@dataclass(frozen=True)
class Score:
    """All lines of a score sheet for one unit, and the grade that follows."""

    lines: tuple[ScoreLine, ...]
    grade: Grade

    @property
    def most(self) -> int:
        """How many points could be had."""
        return sum(line.most for line in self.lines if line.is_counted)

    @property
    def points(self) -> Fraction:
        """How many there are."""
        return sum((line.points for line in self.lines), Fraction())

    @property
    def rate(self) -> Fraction:
        """How much that is of what could be had."""
        return self.points / self.most if self.most else Fraction()


def score(counts: UnitCounts, sheet: EvaluationSettings) -> Score:
    """Return the score of a unit: a pure function of what was counted."""
    lines = tuple(ScoreLine(one, counts.share(one), getattr(sheet, f"points_{one}")) for one in Criterion)
    found = Score(lines, Grade.POOR)
    if found.rate >= Fraction(str(sheet.good_rate)):
        return Score(lines, Grade.GOOD)
    return Score(lines, Grade.MEDIUM) if found.rate >= Fraction(str(sheet.medium_rate)) else found


def places(scores: Mapping[str, Score]) -> dict[str, int]:
    """Return the place of each, the best first; of those who are equal, all have the better one."""
    rates = sorted((one.rate for one in scores.values()), reverse=True)
    return {name: rates.index(one.rate) + 1 for name, one in scores.items()}


def place_beside(found: Score, others: Mapping[str, Score]) -> int:
    """Return the place of a unit that the others are not to know of: it shares one of theirs, and there is no more."""
    better = sum(one.rate > found.rate for one in others.values())
    return min(better + 1, max(len(others), 1))


def shown_points(points: Fraction) -> str:
    """Return points as they are shown, rounded down, so that nobody seems to reach what they have not reached."""
    tenths = points.numerator * 10 // points.denominator
    return f"{tenths // 10}.{tenths % 10}"
