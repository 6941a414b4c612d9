"""What of a case is passed on to a department: a summary in the team's own words."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, UtcDateTime, enumeration
from models.states import TransferState


class LeadOutcome(StrEnum):
    """What the discipline organ made of a lead; no more than this is told."""

    TALK = "talk"  # a talk, or an inquiry by letter: 谈话函询
    VERIFIED = "verified"  # looked into first: 初步核实
    FILED = "filed"  # a case was filed: 立案
    KEPT = "kept"  # kept until there is more: 暂存待查
    ENDED = "ended"  # nothing came of it: 予以了结


class Transfer(Base):
    """That a case was passed on to a department. Nothing here is of the reporter's own words."""

    __tablename__ = "transfers"
    __table_args__ = (Index("ix_transfers_department", "department_id", "state", "sent_at", "id"), UNORDERED)

    # 64 random bits, short enough for a button
    id: Mapped[str] = mapped_column(
        String(16),
        primary_key=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "a random number, which the department sees"),
    )
    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        index=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case was passed on"),
    )
    department_id: Mapped[str] = mapped_column(
        ForeignKey("departments.id"),
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "to which department"),
    )
    state: Mapped[TransferState] = mapped_column(
        enumeration(TransferState, 20),
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "how far the department is with it"),
    )
    by_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "who passed it on")
    )
    # coarse
    sent_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    return_until: Mapped[date] = mapped_column(
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the last day on which it may be sent back")
    )
    # coarse
    signed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    signed_by_id: Mapped[str | None] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "who signed for it")
    )
    # coarse
    ended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    ended_by_id: Mapped[str | None] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "who ended it")
    )
    # whether it goes to the discipline organ
    is_lead: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it is a lead on discipline")
    )
    # of a lead
    outcome: Mapped[LeadOutcome | None] = mapped_column(
        enumeration(LeadOutcome, 20),
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "what the discipline organ made of a lead, as a code"),
    )
    # a team writes it, and it may well repeat what a reporter said
    summary: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "the team's summary for the department")
    )
