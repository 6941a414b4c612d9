"""How the units of a round are graded, what was told of it each week, and where the process itself does not go well."""

from datetime import date, datetime
from enum import StrEnum
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, enumeration
from models.publication import Grade
from models.states import EvaluationState


class RoundEvaluation(Base):
    """The grades of a round: by which score sheet and on which day they were computed, and who confirmed them."""

    __tablename__ = "round_evaluations"
    __nobody__ = "round_id state version sheet computed_on confirmed_at confirmed_by_id released_at with_places"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    state: Mapped[EvaluationState] = mapped_column(enumeration(EvaluationState, 10))
    version: Mapped[int]  # how often they were computed: nobody confirms others than those that they looked at
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)  # EvaluationSettings
    computed_on: Mapped[date]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    with_places: Mapped[bool] = mapped_column(default=False)  # each unit is told its place, too


class ReportCard(Base):
    """What was counted of a unit in a round when its grade was computed, and the grade; frozen with it.

    `topics` are how many complaints of each category the unit had; a count that is too small is not even here.
    `items` is what each item counts for, with those that count for the unit and its leader alone: not everybody reads
    all of them, and each reader is shown the sums of what they read.
    """

    __tablename__ = "report_cards"
    __nobody__ = "id round_id unit_id grade place counts items topics"
    __table_args__ = (UniqueConstraint("round_id", "unit_id"),)

    # short enough for a button; stays the same however often it is computed
    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=partial(token_hex, 8))
    round_id: Mapped[str] = mapped_column(ForeignKey("round_evaluations.round_id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    grade: Mapped[Grade] = mapped_column(enumeration(Grade, 10))
    place: Mapped[int]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)  # UnitCounts
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # ItemCounts
    topics: Mapped[dict[str, int]] = mapped_column(JSON)

    @property
    def is_apart(self) -> bool:
        """Whether all its items lie on desks for one pair of eyes: then it is for those alone who read one of them."""
        return bool(self.items) and all(one["apart"] for one in self.items)

    def items_led_by(self, staff_id: str) -> set[str]:
        """Return the ids of those of its items that a county leader leads."""
        return {one["item"] for one in self.items if staff_id in one["leaders"]}


class WeeklyDigestRound(Base):
    """How far the digest of a week has come: it goes to everybody in the order of their ids, to each once."""

    __tablename__ = "weekly_digest_rounds"
    __nobody__ = "week told_to"

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    told_to: Mapped[str | None] = mapped_column(String(40))  # the last one; none: everybody was


class ProcessAlarmKind(StrEnum):
    """What does not go well with the process itself, whatever becomes of single items."""

    UNOWNED = "unowned"  # an item: nobody answers for it
    ACTIVITY_DROPS = "activity_drops"  # a unit in a round: it does much less than after the feedback
    FEW_DIRECT = "few_direct"  # a round: too few items go to heads directly
    NO_PHOTO = "no_photo"  # an item: it was handed in without a single photo
    REVIEWS_LATE = "reviews_late"  # a team: its reviews are always late


class ProcessAlarm(Base):
    """That something of the process does not go well: told once, and listed until it is over.

    `subject` is the item, the round, the team, or the round and the unit, by the kind.
    """

    __tablename__ = "process_alarms"
    __nobody__ = "kind subject round_id unit_id team_id part whole raised_on ended_on"
    __table_args__ = (Index("ix_process_alarms_listed", "ended_on", "raised_on"),)

    kind: Mapped[ProcessAlarmKind] = mapped_column(enumeration(ProcessAlarmKind, 20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(150), primary_key=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("rounds.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    # so many of so many, where it is a share
    part: Mapped[int] = mapped_column(default=0)
    whole: Mapped[int] = mapped_column(default=0)
    raised_on: Mapped[date]
    ended_on: Mapped[date | None]


class ProcessAlarmRound(Base):
    """That the process was looked at on a county day; only one tick of the day does it."""

    __tablename__ = "process_alarm_rounds"
    __nobody__ = "day"

    day: Mapped[date] = mapped_column(primary_key=True)
