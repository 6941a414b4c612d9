"""What is made public of a round, who approved it, and who says that a result is not so."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, UtcDateTime, enumeration, random_id
from models.states import PublicationState


class Grade(StrEnum):
    """How the office finds that a unit has rectified, where it releases that."""

    GOOD = "good"
    MEDIUM = "medium"
    POOR = "poor"


class Publication(Base):
    """One version of what is made public of a round.

    `prepared` is what the office has chosen and worded. `content` is all that is public, with its numbers, as it was
    when approval was asked for; `digest` is its SHA-256. It never changes after that: later ones are another version.
    """

    __tablename__ = "publications"
    __nobody__ = "id round_id version state since prepared_by_id prepared content digest"
    __table_args__ = (UniqueConstraint("round_id", "version"), Index("ix_publications_state", "state", "round_id"))

    # short enough for a button
    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=partial(token_hex, 8))
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    version: Mapped[int]
    state: Mapped[PublicationState] = mapped_column(enumeration(PublicationState, 20))
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # it is in this state
    prepared_by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))  # who asked for approval last, or began it
    prepared: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    digest: Mapped[str | None] = mapped_column(String(64))


class PublicationApproval(Base):
    """That somebody approved of a publication with this digest."""

    __tablename__ = "publication_approvals"
    __nobody__ = "publication_id staff_id digest at"

    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PublishedPhoto(Base):
    """A photo that was chosen to be made public, re-made for that; its id is the SHA-256 of its bytes, a JPEG."""

    __tablename__ = "published_photos"
    __nobody__ = "id round_id data"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ObjectionState(StrEnum):
    """What became of an objection."""

    WAITING = "waiting"
    REOPENED = "reopened"  # its item
    SET_ASIDE = "set_aside"


class Objection(Base):
    """That a reader of the public page says of a result that it is not so. Nothing here leads to whoever wrote it."""

    __tablename__ = "objections"
    __table_args__ = (
        Index("ix_objections_item", "item_id", "state", "received_at", "id"),
        Index("ix_objections_waiting", "state", "received_at", "item_id"),  # of all items
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        default=random_id,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "a random number"),
    )
    round_id: Mapped[str] = mapped_column(
        ForeignKey("rounds.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the round")
    )
    item_id: Mapped[str] = mapped_column(
        ForeignKey("rectification_items.id"),
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "which result it is about"),
    )
    # coarse
    received_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # JSON {text}
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what was said")
    )
    state: Mapped[ObjectionState] = mapped_column(
        enumeration(ObjectionState, 10),
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it waits for its reviewer"),
    )
    # coarse
    decided_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, index=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    decided_by_id: Mapped[str | None] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the staff member")
    )
    # the reviewer's words
    reason: Mapped[str] = mapped_column(
        Text, default="", info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "why the reviewer set it aside")
    )
