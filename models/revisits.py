"""What was put right is looked at again (抽查、回头看): what was drawn, visits, and what other units are asked."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, enumeration
from models.states import RevisitState, SelfCheckState, VisitState


class RevisitKind(StrEnum):
    """Which items are looked at again."""

    SAMPLE = "sample"  # drawn by lot: 抽查
    LOOK_BACK = "look_back"  # all old items of a round: 回头看


class Evaluator(StrEnum):
    """For whom it is looked again; each draws its own sample."""

    OFFICE = "office"  # 巡察办
    DISCIPLINE = "discipline"  # 纪检监察机关
    ORGANISATION = "organisation"  # 组织部门


class Body(StrEnum):
    """Whose people are in a re-visit group."""

    INSPECTION = "inspection"  # 巡察机构
    DISCIPLINE = "discipline"  # 纪委监委
    RESIDENT_DISCIPLINE = "resident_discipline"  # 派驻纪检组
    ORGANISATION = "organisation"  # 组织部门
    OTHER = "other"


class Verdict(StrEnum):
    """What is found of an item that counts as put right."""

    TRUE = "true"  # 真改
    FALSE = "false"  # 假改: on paper alone
    RECURRED = "recurred"  # 反弹: it was, and is there again


class Revisit(Base):
    """That items of a round are looked at again by a group, until a day.

    `frame` is the list that was drawn from (`services.revisits.sampling.Frame`); with the seed and the shares it is
    all that is needed to draw once more.
    """

    __tablename__ = "revisits"
    __nobody__ = "id kind evaluator round_id state seed unit_share item_share frame by_id begun_on ends_on"
    __table_args__ = (
        Index("ix_revisits_ending", "state", "ends_on", "id"),
        Index("ix_revisits_newest", "begun_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[RevisitKind] = mapped_column(enumeration(RevisitKind, 10))
    evaluator: Mapped[Evaluator] = mapped_column(enumeration(Evaluator, 20))
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    state: Mapped[RevisitState] = mapped_column(enumeration(RevisitState, 10))
    # of a sample
    seed: Mapped[str | None] = mapped_column(String(64))
    unit_share: Mapped[str | None] = mapped_column(String(20))  # a fraction: 1/3
    item_share: Mapped[str | None] = mapped_column(String(20))
    frame: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    begun_on: Mapped[date]
    ends_on: Mapped[date]  # the last day, of the county's calendar


class RevisitMember(Base):
    """That somebody is in a re-visit group, as one of a body's people. They have what was drawn until `ended_at`."""

    __tablename__ = "revisit_members"
    __nobody__ = "revisit_id staff_id body ended_at"

    revisit_id: Mapped[str] = mapped_column(ForeignKey("revisits.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    body: Mapped[Body] = mapped_column(enumeration(Body, 30))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RevisitItem(Base):
    """An item that is looked at again, and what was found of it.

    What is found counts, and is told, once the visit to its unit is recorded; until then the group alone knows of it.
    """

    __tablename__ = "revisit_items"
    __nobody__ = "revisit_id item_id unit_id verdict words judged_by judged_on recorded_on"
    __table_args__ = (Index("ix_revisit_items_unit", "revisit_id", "unit_id", "item_id"),)

    revisit_id: Mapped[str] = mapped_column(ForeignKey("revisits.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), primary_key=True, index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    verdict: Mapped[Verdict | None] = mapped_column(enumeration(Verdict, 10))
    words: Mapped[str] = mapped_column(Text, default="")
    judged_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    judged_on: Mapped[date | None]
    recorded_on: Mapped[date | None]


class RevisitVisit(Base):
    """The visit to one unit in a re-visit. Of one that is not announced (暗访) the unit learns by its result alone."""

    __tablename__ = "revisit_visits"
    __nobody__ = "id revisit_id unit_id state planned_on is_unannounced planned_by recorded_by recorded_on"
    __table_args__ = (UniqueConstraint("revisit_id", "unit_id"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    revisit_id: Mapped[str] = mapped_column(ForeignKey("revisits.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    state: Mapped[VisitState] = mapped_column(enumeration(VisitState, 20))
    planned_on: Mapped[date | None]
    is_unannounced: Mapped[bool] = mapped_column(default=False)
    planned_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    recorded_on: Mapped[date | None]


class SelfCheck(Base):
    """That a unit is asked until a day whether it has a problem that was found elsewhere: 举一反三.

    `item_id` says where it was found; the unit does not learn it.
    """

    __tablename__ = "self_checks"
    __nobody__ = "id item_id unit_id state text by_id sent_on due_on is_late_told has_problem reply ended_by ended_on"
    __table_args__ = (
        UniqueConstraint("item_id", "unit_id"),
        Index("ix_self_checks_due", "state", "is_late_told", "due_on", "id"),
        Index("ix_self_checks_unit", "unit_id", "state", "due_on", "id"),
        Index("ix_self_checks_newest", "sent_on", "id"),
        Index("ix_self_checks_by", "by_id", "sent_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    state: Mapped[SelfCheckState] = mapped_column(enumeration(SelfCheckState, 20))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sent_on: Mapped[date]
    due_on: Mapped[date]
    is_late_told: Mapped[bool] = mapped_column(default=False)
    has_problem: Mapped[bool | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    ended_on: Mapped[date | None]
