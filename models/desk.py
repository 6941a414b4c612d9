"""Where a case lies, and so who may see it at all."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import String

from models.value_column import ValueColumn


class DeskKind(StrEnum):
    """What a desk is."""

    TEAM = "team"
    LEADER = "team_leader"  # a team leader's, for their eyes alone
    OFFICE = "office"
    DIRECTOR = "office_director"  # the office director's, for their eyes alone


@dataclass(frozen=True)
class Desk:
    """A desk of a team, by the team's id, or one of the office, of which there is one each.

    Written as `team:T1`, `team_leader:T1`, `office`, `office_director`.
    """

    kind: DeskKind
    team_id: str | None = None

    @classmethod
    def team(cls, team_id: str) -> "Desk":
        return cls(DeskKind.TEAM, team_id)

    @classmethod
    def leader(cls, team_id: str) -> "Desk":
        return cls(DeskKind.LEADER, team_id)

    @classmethod
    def parse(cls, written: str) -> "Desk":
        """Read a desk as it is written; raise ValueError when it is none."""
        kind, _, team_id = written.partition(":")
        return cls(DeskKind(kind), team_id or None)

    def __str__(self) -> str:
        return f"{self.kind}:{self.team_id}" if self.team_id else str(self.kind)

    @property
    def is_for_one(self) -> bool:
        """Whether it is for one pair of eyes: a team leader's, or the office director's."""
        return self.kind in (DeskKind.LEADER, DeskKind.DIRECTOR)

    def is_stricter_than(self, other: "Desk") -> bool:
        """Whether it keeps a case from people who may see one on another desk."""
        return _STRICTNESS.get(self.kind, 0) > _STRICTNESS.get(other.kind, 0)


_STRICTNESS = {DeskKind.LEADER: 1, DeskKind.DIRECTOR: 2}

OFFICE_DESK = Desk(DeskKind.OFFICE)
DIRECTOR_DESK = Desk(DeskKind.DIRECTOR)


class DeskColumn(ValueColumn[Desk]):
    """A desk in one column, as it is written."""

    impl = String(60)
    cache_ok = True

    def parse(self, written: str) -> Desk:
        return Desk.parse(written)
