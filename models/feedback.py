"""Meetings at which the findings of a round are told to a unit."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, enumeration
from models.states import FeedbackState


class FeedbackKind(StrEnum):
    """Before whom the findings were told."""

    MEETING = "meeting"  # 集中反馈: before the leading group of the unit
    ONE_TO_ONE = "one_to_one"  # “一对一”反馈: to the head alone


class FeedbackMeeting(Base):
    """That a unit was told the findings of a round, on a day; and when its head signed for it."""

    __tablename__ = "feedback_meetings"
    __nobody__ = (
        "id round_id unit_id kind state held_on attended by_id recorded_on due_on tell_next_on signed_by signed_at"
    )
    __table_args__ = (
        Index("ix_feedback_meetings_next", "state", "tell_next_on", "id"),
        Index("ix_feedback_meetings_unit", "unit_id", "round_id", "id"),
        Index("ix_feedback_meetings_newest", "held_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[FeedbackKind] = mapped_column(enumeration(FeedbackKind, 20))
    state: Mapped[FeedbackState] = mapped_column(enumeration(FeedbackState, 20))
    held_on: Mapped[date]
    attended: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    recorded_on: Mapped[date]
    due_on: Mapped[date]  # the last day to sign for it
    tell_next_on: Mapped[date | None]  # the day on which somebody is told again that it waits; none: nobody any more
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
