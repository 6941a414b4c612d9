"""What came in and what is to go out: the rows that make the product survive being killed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Serial, UtcDateTime


class ProcessedUpdate(Base):
    """That an update was done; Telegram may deliver it again for a day."""

    __tablename__ = "processed_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    done_on: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # coarse


class FailedUpdate(Base):
    """An update that could not be done; after the third failure it is set aside, and the queue moves on."""

    __tablename__ = "failed_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    attempts: Mapped[int]
    reason: Mapped[str] = mapped_column(String(100))  # the kind of error alone: its text may quote a resident
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    set_aside_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutboxState(StrEnum):
    """Where a queued message is."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


class OutboxRow(Base):
    """One call to a messenger that is owed.

    `recipient` names who: `staff:P05`, `board:T1`, `reporter:<complaint>`, or `chat`. A chat's number, where it is
    not looked up, stands in the sealed address. `lane` keeps the order within a chat. `args` is JSON sealed to the
    outbox key, erased once sent. A row whose `dedupe_key` must be remembered stays as sent; any other is deleted.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "priority", "id"),
        Index("ix_outbox_lane", "lane", "state", "priority", "id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    record_id: Mapped[str] = mapped_column(String(32))  # what the sealed columns are bound to
    recipient: Mapped[str] = mapped_column(String(60))
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    lane: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    args: Mapped[bytes | None] = mapped_column(LargeBinary)
    dedupe_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    priority: Mapped[int]
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[OutboxState] = mapped_column(String(10), default=OutboxState.QUEUED)
    reason: Mapped[str | None] = mapped_column(String(200))


class SentMessage(Base):
    """Where a message that will be edited or deleted later stands; never one to a resident."""

    __tablename__ = "sent_messages"

    handle: Mapped[str] = mapped_column(String(120), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int] = mapped_column(BigInteger)
