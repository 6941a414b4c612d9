"""What departments are asked for: data for a case, or to come and help a township with an item (乡村吹哨)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, UtcDateTime, enumeration
from models.states import RequestState


class RequestKind(StrEnum):
    """What a department is asked for."""

    DATA = "data"  # by a team, for a case
    CALL = "call"  # 乡村吹哨: by a unit, for an item of its own; by a township's office, for what it is shown


class Request(Base):
    """That a department is asked for something until a day. Nothing here is of a reporter's own words."""

    __tablename__ = "requests"
    __table_args__ = (
        Index("ix_requests_department", "department_id", "state", "due_on", "id"),
        Index("ix_requests_by", "by_id", "state", "due_on", "id"),
        Index("ix_requests_due", "state", "is_late_told", "due_on", "id"),
        UNORDERED,
    )

    # 64 random bits, short enough for a button
    id: Mapped[str] = mapped_column(
        String(16),
        primary_key=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "a random number, which the department sees"),
    )
    kind: Mapped[RequestKind] = mapped_column(
        enumeration(RequestKind, 10), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "data, or a call")
    )
    round_id: Mapped[str] = mapped_column(
        ForeignKey("rounds.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the round")
    )
    case_id: Mapped[str | None] = mapped_column(
        ForeignKey("cases.id"),
        index=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case data are asked for"),
    )
    item_id: Mapped[str | None] = mapped_column(
        ForeignKey("rectification_items.id"),
        index=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which item a department is called to"),
    )
    department_id: Mapped[str] = mapped_column(
        ForeignKey("departments.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which department")
    )
    state: Mapped[RequestState] = mapped_column(
        enumeration(RequestState, 20), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it waits")
    )
    by_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "who asked")
    )
    # coarse
    sent_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    due_on: Mapped[date] = mapped_column(
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the last day for the answer")
    )
    is_late_told: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it was told that it is late")
    )
    # coarse
    ended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # written by whoever asks, who may have read what a reporter said
    text: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what the department is asked for")
    )
    reply: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what the department answers")
    )
