"""How soon somebody must look, and how that is stored: so that what is most urgent comes first by index."""

from enum import StrEnum

from sqlalchemy import Dialect, Integer
from sqlalchemy.types import TypeDecorator


class Urgency(StrEnum):
    """How soon somebody must look."""

    CRISIS = "crisis"  # somebody's life or body is at stake now
    DANGER = "danger"  # something can hurt people until it is mended
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """Its place in the order of queues: 0 for what comes first."""
        return _ORDER.index(self)

    @classmethod
    def of_rank(cls, rank: int) -> "Urgency":
        """Return the urgency of a rank."""
        return _ORDER[rank]


_ORDER = (Urgency.CRISIS, Urgency.DANGER, Urgency.NORMAL)


class ByRank(TypeDecorator[Urgency]):
    """An urgency as its rank, by which the database orders queues."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Urgency | None, _dialect: Dialect) -> int | None:
        return None if value is None else value.rank

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Urgency | None:
        return None if value is None else Urgency.of_rank(value)
