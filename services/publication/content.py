"""What is made public of a round: all that its page, its JSON and its CSV say, and nothing else."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.publication import Grade
from models.share import Share
from services.packing import pack, unpack


@dataclass(frozen=True)
class Findings:
    """How many problems were found; of these, how many are solved, and how many of them in time."""

    found: int
    solved: int
    in_time: int


@dataclass(frozen=True)
class MoneyRecovered:
    """How much was recovered, and of how many problems that is said."""

    yuan: int
    problems: int


@dataclass(frozen=True)
class PublicOutcomes:
    """What came of the solved problems of a round together; what is None is not shown."""

    households: Share | None = None
    money: MoneyRecovered | None = None
    people: int | None = None  # that were dealt with
    as_of: str = ""  # may be earlier than the version: what changed since then would tell of few


@dataclass(frozen=True)
class UnitResult:
    """What is said of a unit; a number that is None is not shown."""

    unit: str
    grade: Grade | None
    findings: Findings | None
    satisfied: Share | None


@dataclass(frozen=True)
class PublicItem:
    """One result: a problem in the office's words, and what was done about it. `number` is its own in all versions."""

    number: int
    unit: str
    category: str
    problem: str
    result: str
    done_on: str  # ISO day
    in_time: bool
    before: tuple[str, ...]  # ids of photos
    after: tuple[str, ...]


@dataclass(frozen=True)
class PublicRound:
    """One version of the public page of a round."""

    county: str
    round_id: str
    round_name: str
    theme: str
    stay_from: str  # ISO days
    stay_until: str
    version: int
    as_of: str
    villages_visited: Share | None
    findings: Findings | None
    findings_as_of: str
    satisfied: Share | None
    satisfied_as_of: str  # may be earlier: what changed since then would tell of few
    units: tuple[UnitResult, ...]
    items: tuple[PublicItem, ...]
    outcomes: PublicOutcomes = PublicOutcomes()

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "PublicRound":
        """Read what `pack` returned. Raises TypeError or ValueError."""
        return unpack(cls, content)

    def pack(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return pack(self)

    @property
    def photos(self) -> frozenset[str]:
        """The ids of all photos that are shown."""
        return _photos_of(self.items)

    def item(self, number: int) -> PublicItem | None:
        """Return the result of a number."""
        return next((item for item in self.items if item.number == number), None)


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what is public, photos included, for their ids are theirs."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class PreparedItem:
    """An item that the office has chosen, in the words that are to be public."""

    item_id: str
    number: int
    problem: str
    result: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitGrade:
    """The grade of a unit that the office releases."""

    unit_id: str
    grade: Grade


@dataclass(frozen=True)
class Prepared:
    """What the office has chosen and entered so far."""

    villages_visited: int | None = None
    items: tuple[PreparedItem, ...] = ()
    grades: tuple[UnitGrade, ...] = ()

    @classmethod
    def read(cls, prepared: Mapping[str, Any]) -> "Prepared":
        """Read what `pack` returned. Raises TypeError or ValueError."""
        return unpack(cls, prepared)

    def pack(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return pack(self)

    @property
    def photos(self) -> frozenset[str]:
        """The ids of all photos that are to be shown."""
        return _photos_of(self.items)


def _photos_of(items: Iterable[PublicItem | PreparedItem]) -> frozenset[str]:
    return frozenset(photo for item in items for photo in (*item.before, *item.after))
