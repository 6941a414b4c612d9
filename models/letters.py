"""What several items have in common, and the letters (巡察建议书) in which a department is asked to change it."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enumeration
from models.states import LetterState, PatternState


class PatternKind(StrEnum):
    """What several items of a round show."""

    COMMON = "common"  # several units have one fault: a common problem
    MANY = "many"  # one unit has many problems


class Pattern(Base):
    """That the items of a round of one category, or of one unit, are so many that the office should look at them.

    `subject_id` is the category, or the unit. `counted` is how many units, or items, there were when it was proposed.
    """

    __tablename__ = "patterns"
    __nobody__ = "id kind round_id subject_id state counted proposed_on decided_by decided_on"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "subject_id"),
        Index("ix_patterns_newest", "proposed_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[PatternKind] = mapped_column(enumeration(PatternKind, 10))
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    subject_id: Mapped[str] = mapped_column(String(100))
    state: Mapped[PatternState] = mapped_column(enumeration(PatternState, 20))
    counted: Mapped[int]
    proposed_on: Mapped[date]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_on: Mapped[date | None]


class Letter(Base):
    """A suggestion letter to a department. It has a number once the director has approved it.

    `evidence_count` is how many items stood behind it when it was written, `unit_count` at how many units.
    """

    __tablename__ = "letters"
    __nobody__ = (
        "id year number round_id category department_id state evidence_count unit_count text by_id written_on "
        "approved_by sent_on due_on is_late_told signed_by signed_on reply replied_on reform reformed_on"
    )
    __table_args__ = (
        UniqueConstraint("year", "number"),
        Index("ix_letters_newest", "written_on", "id"),
        Index("ix_letters_department", "department_id", "state", "due_on", "id"),
        Index("ix_letters_due", "is_late_told", "state", "due_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int | None]
    number: Mapped[int | None]
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    state: Mapped[LetterState] = mapped_column(enumeration(LetterState, 20))
    evidence_count: Mapped[int]
    unit_count: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    written_on: Mapped[date]
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    sent_on: Mapped[date | None]
    due_on: Mapped[date | None]  # for the reply
    is_late_told: Mapped[bool] = mapped_column(default=False)
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    signed_on: Mapped[date | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_on: Mapped[date | None]
    reform: Mapped[str] = mapped_column(Text, default="")
    reformed_on: Mapped[date | None]
