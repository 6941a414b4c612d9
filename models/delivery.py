"""What came in and what is to go out: the rows that make the product survive being killed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, BindParameter, ColumnElement, ForeignKey, Index, LargeBinary, String, or_
from sqlalchemy.orm import Mapped, mapped_column

from models.address import Address, AddressColumn
from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, Serial, UtcDateTime, enumeration
from models.message_key import MessageKey, MessageKeyColumn
from models.recipient import Recipient, RecipientColumn


class ProcessedUpdate(Base):
    """That an update was done; a channel may deliver it again for a day."""

    __tablename__ = "processed_updates"

    channel: Mapped[str] = mapped_column(
        String(20),
        primary_key=True,
        info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the channel an update came by"),
    )
    update_id: Mapped[str] = mapped_column(
        String(64),
        primary_key=True,
        info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the channel's id of an update"),
    )
    # coarse
    done_on: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the hour")
    )


class FailedUpdate(Base):
    """That an update could not be done; after the third failure it is set aside, and the queue moves on.

    Of what it said nothing is kept: its sender is told so, and asked to say it again.
    """

    __tablename__ = "failed_updates"

    channel: Mapped[str] = mapped_column(
        String(20),
        primary_key=True,
        info=touches(Kept.UPDATE, Key.CLEAR, Until.UPDATE_DONE, "the channel an update came by"),
    )
    update_id: Mapped[str] = mapped_column(
        String(64),
        primary_key=True,
        info=touches(Kept.UPDATE, Key.CLEAR, Until.UPDATE_DONE, "the channel's id of an update"),
    )
    attempts: Mapped[int] = mapped_column(
        info=touches(Kept.UPDATE, Key.CLEAR, Until.UPDATE_DONE, "how often it was tried")
    )
    # the kind of error alone: its text may quote a resident
    reason: Mapped[str] = mapped_column(
        String(100), info=touches(Kept.UPDATE, Key.CLEAR, Until.UPDATE_DONE, "the kind of error alone")
    )
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.UPDATE, Key.OUTBOX, Until.UPDATE_DONE, "the chat it came from")
    )
    # coarse
    first_failed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.UPDATE, Key.CLEAR, Until.UPDATE_DONE, "the hour of the first failure")
    )
    set_aside_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.UPDATE, Key.CLEAR, Until.UPDATE_DONE, "when it was set aside")
    )


class WaitingUpdate(Base):
    """An update that cannot be done yet: its file is still to be fetched, or it came after one of its chat that waits.

    Those of a lane are done in the order of their numbers, and each row goes with the transaction that does its update.
    """

    __tablename__ = "waiting_updates"
    __table_args__ = (Index("ix_waiting_updates_lane", "channel", "lane", "id"),)

    id: Mapped[int] = mapped_column(
        Serial, primary_key=True, info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the order of updates")
    )
    channel: Mapped[str] = mapped_column(
        String(20), info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the channel an update came by")
    )
    update_id: Mapped[str] = mapped_column(
        String(64), info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the channel's id of an update")
    )
    lane: Mapped[str] = mapped_column(
        String(64), info=touches(Kept.PSEUDONYM, Key.HASH, Until.TWO_DAYS, "keyed hash of the chat")
    )
    # the county's
    day: Mapped[date] = mapped_column(
        info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the day with whose key it is sealed")
    )
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.DAY, Until.TWO_DAYS, "what came in, until its file is here")
    )
    is_file: Mapped[bool] = mapped_column(
        info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "whether it is a file, or came after one")
    )
    is_late: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "whether its file takes long")
    )
    leased_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "which process fetches its file now")
    )
    # coarse
    came_on: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.UPDATE, Key.CLEAR, Until.TWO_DAYS, "the hour")
    )


class OutboxState(StrEnum):
    """Where a queued message is."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


class OutboxRow(Base):
    """One call to a messenger that is to be made.

    A recipient's address, where it is not looked up, is sealed in the row. `lane` keeps the order within a chat. `args`
    is JSON. Both are sealed to the outbox key, or, where they answer a chat, to the key of the day on which they were
    queued, which exists as long as they do. They are erased once sent. A row whose `dedupe_key` must be remembered
    stays as sent; any other is deleted.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "priority", "id"),
        Index("ix_outbox_lane", "lane", "state", "priority", "id"),
    )

    id: Mapped[int] = mapped_column(
        Serial, primary_key=True, info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "the order of messages")
    )
    # what the sealed columns are bound to
    record_id: Mapped[str] = mapped_column(
        String(32), info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "a random number")
    )
    recipient: Mapped[Recipient] = mapped_column(
        RecipientColumn(),
        info=touches(
            Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "a staff id, a board, `reporter:` and the complaint, or `chat`"
        ),
    )
    address: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=touches(Kept.ADDRESS, Key.OUTBOX, Until.DELIVERED, "the chat")
    )
    lane: Mapped[str] = mapped_column(
        String(64),
        info=touches(
            Kept.PSEUDONYM,
            Key.HASH,
            Until.DELIVERED,
            "keyed hash of the chat, for what goes later one of the day",
        ),
    )
    kind: Mapped[str] = mapped_column(String(40), info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "which call"))
    args: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.OUTBOX, Until.DELIVERED, "the message")
    )
    # the county's; None: sealed to the outbox key
    day: Mapped[date | None] = mapped_column(
        info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "the day with whose key it is sealed")
    )
    dedupe_key: Mapped[str | None] = mapped_column(
        String(120), unique=True, info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "what may be told once")
    )
    priority: Mapped[int] = mapped_column(info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "how urgent"))
    # at once: not a moment, which a clock that is set back would put off
    at_once: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "whether it may go whenever it is")
    )
    not_before: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "when it may go")
    )
    attempts: Mapped[int] = mapped_column(
        default=0, info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "how often it was tried")
    )
    leased_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "who sends it now")
    )
    state: Mapped[OutboxState] = mapped_column(
        enumeration(OutboxState, 10),
        default=OutboxState.QUEUED,
        info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "queued, sent or dead"),
    )
    reason: Mapped[str | None] = mapped_column(
        String(200), info=touches(Kept.DELIVERY, Key.CLEAR, Until.DELIVERED, "why it is dead")
    )


class ClockReading(Base):
    """What the clock said at the last tick, so that one that was set back is noticed, by the next process as well."""

    __tablename__ = "clock_readings"
    __nobody__ = "id read_at set_back_at set_back_minutes"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)  # to the minute
    set_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when that was noticed last, by the new time
    set_back_minutes: Mapped[int | None]


class SentMessage(Base):
    """Where a message that will be edited or deleted later stands; never one to a resident (TrailMessage)."""

    __tablename__ = "sent_messages"
    __nobody__ = "message_key address message_id case_id forget_at"

    message_key: Mapped[MessageKey] = mapped_column(MessageKeyColumn, primary_key=True)
    address: Mapped[Address] = mapped_column(AddressColumn)
    message_id: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[str | None] = mapped_column(String(12), index=True)  # of a case's card, or its proposed dismissal
    forget_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # nobody needs to know its place then


class DeliveredNotice(Base):
    """That a notice came to somebody on the staff, and when they first opened what it is about, in chat or on a page.

    `area` and `record_id` name that as buttons do; none: all that waits for them. `digest` is a keyed hash of what
    stands in the link of a mail; in a chat there is one row a record.
    """

    __tablename__ = "delivered_notices"
    __nobody__ = "digest staff_id area record_id arrived_at opened_at forget_at"
    __table_args__ = (Index("ix_delivered_notices_record", "area", "record_id", "staff_id"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    area: Mapped[str | None] = mapped_column(String(20))
    record_id: Mapped[str | None] = mapped_column(String(40))
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forget_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # none: kept as long as the record


class TrailMessage(Base):
    """One message of a resident's chat that can still be deleted there; in whose, only the phone can say.

    Names and number are made with a secret that stands in the buttons of that chat (privacy.trail).
    """

    __tablename__ = "trail_messages"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        info=touches(Kept.TRAIL, Key.PHONE, Until.TWO_DAYS, "the name of one message"),
    )
    trail: Mapped[str] = mapped_column(
        String(32), index=True, info=touches(Kept.TRAIL, Key.PHONE, Until.TWO_DAYS, "the name of one conversation")
    )
    masked: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.TRAIL, Key.PHONE, Until.TWO_DAYS, "the message's number in its chat")
    )
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime,
        index=True,
        info=touches(Kept.TRAIL, Key.CLEAR, Until.TWO_DAYS, "the hour in which it cannot be deleted any more"),
    )


def is_free(
    leased_until: ColumnElement[datetime], now: BindParameter[datetime], until: BindParameter[datetime]
) -> ColumnElement[bool]:
    """Whether a row may be leased until then: nobody has leased it, or no more.

    A lease that goes beyond a new one was taken before the clock was set back.
    """
    return or_(leased_until.is_(None), leased_until <= now, leased_until > until)
