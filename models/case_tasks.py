"""What somebody is to do about a case until a day, beside what its clocks ask for."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, enumeration


class CaseTaskKind(StrEnum):
    """What is to be done."""

    INSTRUCTION = "instruction"  # what the head of the leading group has instructed
    VISIT = "visit"  # to go there again, and see how it went on: 跟踪走访


class CaseTask(Base):
    """One task of a case until it is done. `tell_on` is the day on which somebody is told of it next."""

    __tablename__ = "case_tasks"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case")
    )
    kind: Mapped[CaseTaskKind] = mapped_column(
        enumeration(CaseTaskKind, 20),
        primary_key=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "an instruction, or a visit"),
    )
    due_on: Mapped[date] = mapped_column(info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the last day for it"))
    # whoever it was given to; nobody where the case's owner, or who leads there, is to see to it
    owner_id: Mapped[str | None] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "who is to do it")
    )
    by_id: Mapped[str] = mapped_column(
        String(40), ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "who set it")
    )
    tell_on: Mapped[date | None] = mapped_column(
        index=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the day on which somebody is told of it")
    )
