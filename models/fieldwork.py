"""What a team does in the field: checklists ticked, households visited, evening talks, talks, plans for villages."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, UtcDateTime, enumeration, random_id
from models.rounds import PlaceKind


class ChecklistTick(Base):
    """That a point of a checklist was checked at a place of a round; `point` counts from 0 in the round's version."""

    __tablename__ = "checklist_ticks"
    __nobody__ = "round_id place_kind place_id point by_id at"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    place_kind: Mapped[PlaceKind] = mapped_column(enumeration(PlaceKind, 10), primary_key=True)
    place_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    point: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # what was found; it may repeat what somebody said
    sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what was found at a point, if anything")
    )


class VisitCount(Base):
    """How many households of a group a team has visited in a village: whose they were, and when, is kept nowhere."""

    __tablename__ = "visit_counts"
    __nobody__ = "round_id village_id visit_group visits"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), primary_key=True)
    visit_group: Mapped[str] = mapped_column(String(40), primary_key=True)
    visits: Mapped[int]


class VillagePlan(Base):
    """What a team means to do in a village, and in which order."""

    __tablename__ = "village_plans"
    __nobody__ = "round_id village_id by_id at"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), primary_key=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what a team means to do in a village")
    )


class EveningTalk(Base):
    """An evening on which a team talks with whoever comes in a village. It is announced in public.

    `counted` and `counted_solved` are suggestions of which no more is known than how many there were.
    """

    __tablename__ = "evening_talks"
    __nobody__ = "id round_id village_id held_on begins_at place by_id counted counted_solved"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    held_on: Mapped[date]
    begins_at: Mapped[str | None] = mapped_column(String(5))  # HH:MM of the county's clock
    place: Mapped[str | None] = mapped_column(String(100))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # nobody: it came with the county's file
    counted: Mapped[int] = mapped_column(default=0)
    counted_solved: Mapped[int] = mapped_column(default=0)


class Suggestion(Base):
    """One thing that somebody suggested at an evening talk; who it was stands nowhere."""

    __tablename__ = "suggestions"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        default=random_id,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "a random number"),
    )
    talk_id: Mapped[str] = mapped_column(
        ForeignKey("evening_talks.id"),
        index=True,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the evening talk at which it was made"),
    )
    position: Mapped[int] = mapped_column(
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the order within the talk")
    )
    by_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the staff member who noted it")
    )
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what was suggested")
    )
    is_solved: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it is solved")
    )
    # solved once that is closed
    case_id: Mapped[str | None] = mapped_column(
        ForeignKey("cases.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the case that was made of it")
    )


class TalkRecord(Base):
    """A talk of a member with one person: sealed to the round, read by the team and its leader."""

    __tablename__ = "talk_records"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        default=random_id,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "a random number"),
    )
    round_id: Mapped[str] = mapped_column(
        ForeignKey("rounds.id"), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the round")
    )
    unit_id: Mapped[str] = mapped_column(
        ForeignKey("units.id"), index=True, info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the unit")
    )
    # whose it is to read; nobody's, where an earlier version kept it and the unit has no team any more
    team_id: Mapped[str | None] = mapped_column(
        ForeignKey("teams.id"), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the team")
    )
    by_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the staff member")
    )
    held_on: Mapped[date] = mapped_column(info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the day"))
    # the post of whom they talked with, the topics, the points found, as JSON
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "with whom, about what, and what was found")
    )


class TalkCase(Base):
    """That a talk was about a case."""

    __tablename__ = "talk_cases"
    __table_args__ = UNORDERED

    talk_id: Mapped[str] = mapped_column(
        ForeignKey("talk_records.id"),
        primary_key=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which talk"),
    )
    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        primary_key=True,
        index=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case it was about"),
    )


class TalkItem(Base):
    """That a talk was about a finding, a rectification item."""

    __tablename__ = "talk_items"
    __nobody__ = "talk_id item_id"

    talk_id: Mapped[str] = mapped_column(ForeignKey("talk_records.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), primary_key=True, index=True)
