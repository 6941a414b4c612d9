"""Anonymous polls about the leading group of a unit, and the codes by which each is answered once."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, UtcDateTime


class Poll(Base):
    """One poll at a unit in a round: who opened it, and how often each choice was made so far.

    No answer is a row: `sealed` is the counts alone, as JSON sealed to the round, and as long whatever they are. So
    nothing here tells who answered, when, or which choices were made together.
    """

    __tablename__ = "polls"
    __nobody__ = "id round_id unit_id questions printed opened_by_id opened_at ends_on closed_at"
    __table_args__ = (Index("ix_polls_place", "round_id", "unit_id"), UNORDERED)

    # short enough for a button
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    questions: Mapped[int]  # which version of them is asked
    printed: Mapped[int]  # codes, so far
    opened_by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_on: Mapped[date | None] = mapped_column(index=True)  # the last day; none: until somebody closes it
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.POLL, Key.ROUND, Until.ROUND_KEY, "how often each choice was made")
    )


class PollCode(Base):
    """A code that can still be used. Once it is, the row is gone: what is left of it is that one answer more counts."""

    __tablename__ = "poll_codes"
    __table_args__ = UNORDERED

    digest: Mapped[str] = mapped_column(
        String(64),
        primary_key=True,
        info=touches(Kept.POLL, Key.HASH, Until.POLL_CODE_USED, "a code that was printed"),
    )
    poll_id: Mapped[str] = mapped_column(
        ForeignKey("polls.id"),
        index=True,
        info=touches(Kept.POLL, Key.CLEAR, Until.POLL_CODE_USED, "the poll that it answers"),
    )
