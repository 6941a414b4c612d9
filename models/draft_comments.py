"""What the heads of units say of findings before these are issued."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, enumeration
from models.states import DraftCommentState


class Settlement(StrEnum):
    """What becomes of a finding once its author has read what the head says of it."""

    KEPT = "kept"
    CHANGED = "changed"
    DROPPED = "dropped"


class DraftComment(Base):
    """That the head of a unit is asked until a day what they say of a draft: 听取“一把手”意见.

    They read `problem` and `requirement` as they stood when they were asked, and nothing of where these come from.
    `case_id` is the case of the draft, by which it is known from whom this is hidden; the team alone knows it.
    """

    __tablename__ = "draft_comments"
    __nobody__ = (
        "id draft_id case_id unit_id staff_id state problem requirement by_id asked_on due_on "
        "tell_next_on reply replied_at settlement reason settled_by settled_on"
    )
    __table_args__ = (
        UniqueConstraint("draft_id", "staff_id"),
        Index("ix_draft_comments_next", "state", "tell_next_on", "id"),
        Index("ix_draft_comments_staff", "staff_id", "state", "due_on", "id"),
        Index("ix_draft_comments_by", "state", "asked_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    draft_id: Mapped[str] = mapped_column(String(16))  # of `item_drafts`; the draft itself ends, this stays
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[DraftCommentState] = mapped_column(enumeration(DraftCommentState, 20))
    problem: Mapped[str] = mapped_column(Text)
    requirement: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    asked_on: Mapped[date]
    due_on: Mapped[date]
    tell_next_on: Mapped[date | None]  # the day on which somebody is told again that it waits; none: nobody any more
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settlement: Mapped[Settlement | None] = mapped_column(enumeration(Settlement, 10))
    reason: Mapped[str] = mapped_column(Text, default="")
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    settled_on: Mapped[date | None]
