"""What is counted of a day, under pseudonyms that nobody can make again once the day is over."""

from datetime import date

from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base


class DaySecret(Base):
    """The random secret of one day's pseudonyms, sealed; it is deleted when the day is over."""

    __tablename__ = "day_secrets"
    __nobody__ = "day sealed"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class DayCount(Base):
    """How often a pseudonym did something on one day; `what` names it, such as `sent` or `scan:` and a code."""

    __tablename__ = "day_counts"
    __table_args__ = UNORDERED

    tag: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        info=touches(Kept.PSEUDONYM, Key.DAY, Until.DAY_OVER, "HMAC of the chat under the day's own secret"),
    )
    what: Mapped[str] = mapped_column(
        String(40),
        primary_key=True,
        index=True,
        info=touches(Kept.PSEUDONYM, Key.CLEAR, Until.DAY_OVER, "sent, mistyped, or which code was scanned"),
    )
    day: Mapped[date] = mapped_column(
        Date, index=True, info=touches(Kept.PSEUDONYM, Key.CLEAR, Until.DAY_OVER, "the day")
    )
    times: Mapped[int] = mapped_column(info=touches(Kept.PSEUDONYM, Key.CLEAR, Until.DAY_OVER, "how often"))
