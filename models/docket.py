"""What lies before the leading group until a day (the docket), the tasks that come of it, and who was held accountable.

What is said of an item is kept as it stands; what is said of a case is sealed to its round, and goes with the case.
"""

from datetime import date
from enum import StrEnum
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, LargeBinary, String, event, inspect, update
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, enumeration
from models.complaints import Case
from models.rectification import AT_ONCE, RectificationItem
from models.states import AccountabilityState, DocketState, TaskState

_progress = partial(touches, Kept.PROGRESS, Key.CLEAR, Until.RETENTION)
_words = partial(touches, Kept.WORDS, Key.ROUND, Until.ROUND_KEY)


class DocketKind(StrEnum):
    """What the leading group is asked for."""

    MATTER = "matter"  # what is to be done about an item or a case
    RED_CARD = "red_card"  # whether an item gets one


class DocketEntry(Base):
    """That an item or a case lies before the leading group, with a day for the decision."""

    __tablename__ = "docket_entries"
    __table_args__ = (
        Index("ix_docket_state", "state", "decide_by", "id"),
        Index("ix_docket_next", "next_on", "id"),
        Index("ix_docket_item", "item_id", "state"),
        Index("ix_docket_case", "case_id", "state"),
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(
        String(16), primary_key=True, default=partial(token_hex, 8), info=_progress("a random number")
    )
    kind: Mapped[DocketKind] = mapped_column(
        enumeration(DocketKind, 10), info=_progress("what the leading group is asked")
    )
    item_id: Mapped[str | None] = mapped_column(ForeignKey("rectification_items.id"), info=_progress("which item"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), info=_progress("or which case"))
    state: Mapped[DocketState] = mapped_column(enumeration(DocketState, 20), info=_progress("whether it waits"))
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), info=_progress("who put it there"))
    asked_on: Mapped[date] = mapped_column(info=_progress("the day"))
    decide_by: Mapped[date] = mapped_column(info=_progress("the day for the decision"))
    # when the clock looks at it: the day for the decision, then the next ones; NEVER once it waits no more
    next_on: Mapped[date] = mapped_column(info=_progress("when it is asked for again"))
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), info=_progress("who decided"))
    decided_on: Mapped[date | None] = mapped_column(info=_progress("the day"))
    # of an item: `question` and `decision`
    words: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, info=_progress("what is asked and decided about an item; of a case nothing")
    )
    sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=_words("what is asked and decided about a case, in the words of the staff")
    )


class TaskKind(StrEnum):
    """What a person has to do until a day."""

    VISIT = "visit"  # go and look, after a card: 现场督查
    OPINION = "opinion"  # what the leading group wants done about an item or a case: 处置意见
    VILLAGE = "village"  # what a resident cadre sees to in their village: 驻村跟踪
    MATTER = "matter"  # a matter that is named with who answers for it: 点人点事


class Task(Base):
    """A thing that one person has to do until a day."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_next", "next_on", "id"),
        Index("ix_tasks_owner", "owner_id", "state", "due_on", "id"),
        Index("ix_tasks_kind", "state", "kind", "due_on", "id"),
        Index("ix_tasks_item", "item_id", "state"),
        Index("ix_tasks_entry", "entry_id", "due_on", "id"),
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(
        String(16), primary_key=True, default=partial(token_hex, 8), info=_progress("a random number")
    )
    kind: Mapped[TaskKind] = mapped_column(enumeration(TaskKind, 10), info=_progress("what is to be done"))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("rectification_items.id"), info=_progress("for which item"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True, info=_progress("or for which case"))
    entry_id: Mapped[str | None] = mapped_column(
        ForeignKey("docket_entries.id"), info=_progress("what the leading group decided on")
    )
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), info=_progress("the unit it is about"))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"), info=_progress("the village it is about"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), info=_progress("who has it"))
    due_on: Mapped[date] = mapped_column(info=_progress("the day"))
    state: Mapped[TaskState] = mapped_column(enumeration(TaskState, 20), info=_progress("whether it is done"))
    given_by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), info=_progress("who gave it"))
    given_on: Mapped[date] = mapped_column(info=_progress("the day"))
    ended_on: Mapped[date | None] = mapped_column(info=_progress("the day"))
    next_on: Mapped[date] = mapped_column(info=_progress("when its owner is reminded"))
    # without a case: `text` and `result`
    words: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, info=_progress("what is to be done, and what came of it; for a case nothing")
    )
    sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=_words("what is to be done for a case, and what came of it, in the words of the staff")
    )


class Measure(StrEnum):
    """How somebody was dealt with."""

    TALKED_TO = "talked_to"  # 谈话提醒、批评教育
    CHECKED = "checked"  # 责令检查、诫勉
    ORGANISATION = "organisation"  # 组织处理
    PARTY = "party"  # 党纪处分
    OFFICE = "office"  # 政务处分
    COURTS = "courts"  # 移送司法


class Accountability(Base):
    """How many people were dealt with in one way because of an item or a case; who they are stands nowhere."""

    __tablename__ = "accountability"
    __table_args__ = (
        Index("ix_accountability_state", "state", "entered_on", "id"),
        Index("ix_accountability_item", "item_id", "state"),
        Index("ix_accountability_case", "case_id", "state"),
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(
        String(16), primary_key=True, default=partial(token_hex, 8), info=_progress("a random number")
    )
    item_id: Mapped[str | None] = mapped_column(ForeignKey("rectification_items.id"), info=_progress("which item"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), info=_progress("or which case"))
    measure: Mapped[Measure] = mapped_column(enumeration(Measure, 20), info=_progress("how people were dealt with"))
    people: Mapped[int] = mapped_column(info=_progress("how many they were; they are of the unit"))
    state: Mapped[AccountabilityState] = mapped_column(
        enumeration(AccountabilityState, 20), info=_progress("whether it counts")
    )
    entered_by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), info=_progress("who entered it"))
    entered_on: Mapped[date] = mapped_column(info=_progress("the day"))
    reviewed_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), info=_progress("who reviewed it"))
    reviewed_on: Mapped[date | None] = mapped_column(info=_progress("the day"))


class WeeklyListRound(Base):
    """That it was seen in a week what there is to tell the leading group; only one tick of a week does it."""

    __tablename__ = "weekly_list_rounds"
    __nobody__ = "week"

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday


@event.listens_for(RectificationItem, "after_update")
def _item_ended(_mapper: object, connection: Connection, item: RectificationItem) -> None:
    """Let the clock look at once at what waits because of an item that is cleared."""
    if not item.is_open and inspect(item).attrs.is_open.history.has_changes():
        _look_at_once(connection, item_id=item.id)


@event.listens_for(Case, "after_update")
def _case_ended(_mapper: object, connection: Connection, case: Case) -> None:
    """Let the clock look at once at what waits because of a case that has ended."""
    if not case.is_open and inspect(case).attrs.is_open.history.has_changes():
        _look_at_once(connection, case_id=case.id)


def _look_at_once(connection: Connection, **about: str) -> None:
    for waiting in (
        update(Task).where(Task.state == TaskState.OPEN),
        update(DocketEntry).where(DocketEntry.state == DocketState.WAITING),
    ):
        connection.execute(waiting.filter_by(**about).values(next_on=AT_ONCE))
