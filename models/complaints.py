"""What residents say (complaints), and what teams make of it (cases)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, UtcDateTime, enumeration, random_id
from models.clocks import NO_END, Clock
from models.desk import Desk, DeskColumn
from models.dismissal import Dismissal
from models.extension import AskedForTime
from models.states import CaseState
from models.urgency import ByRank, Urgency

THANKS = "thanks"  # the category of what is no complaint


class Author(StrEnum):
    """Who said a message of the dialogue."""

    REPORTER = "reporter"
    TEAM = "team"


class MessageKind(StrEnum):
    """What a message of the dialogue is."""

    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    PDF = "pdf"
    WORD = "word"
    EXCEL = "excel"
    QUESTION = "question"  # from the team
    ANSWER = "answer"  # from the team, at the end


class Door(StrEnum):
    """How a matter came that somebody on the staff entered, where its reporter did not send it by themselves."""

    LETTER = "letter"
    CALL = "call"
    VISIT = "visit"  # at the team's place, or at home
    TALK = "talk"  # with one person
    EVENING_TALK = "evening_talk"  # in a village, with whoever came


SENT_THEMSELVES = "code"  # in place of a door: its reporter sent it, by the bot or a page; which of them is not kept


class Particular(StrEnum):
    """What a team must know of a matter before it can check it."""

    WHO = "who"  # did it
    WHEN = "when"
    WHERE = "where"
    HOW_MUCH = "how_much"
    EVIDENCE = "evidence"


FILES = frozenset(
    {MessageKind.PHOTO, MessageKind.VOICE, MessageKind.VIDEO, MessageKind.PDF, MessageKind.WORD, MessageKind.EXCEL}
)
"""Messages that have a file in the store, under their own id."""


class Conversation(Base):
    """Where a chat is in the resident's conversation: a draft, or a visit with a receipt code or after sending.

    The tag is one of the chat's on this day, another for each draft; `sealed` is the conversation's state as JSON, with
    all that a draft says, sealed to the key of the day. A row dies when it expires, a day's keys when its last row has.
    """

    __tablename__ = "conversations"
    __table_args__ = UNORDERED

    tag: Mapped[str] = mapped_column(
        String(64),
        primary_key=True,
        info=touches(Kept.PSEUDONYM, Key.HASH, Until.HOUR_AFTER, "keyed hash of the chat, another for each draft"),
    )
    # the county's, on which it was last changed
    day: Mapped[date] = mapped_column(
        info=touches(Kept.CONVERSATION, Key.CLEAR, Until.HOUR_AFTER, "the day on which it was last changed")
    )
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary,
        info=touches(Kept.WORDS, Key.DAY, Until.HOUR_AFTER, "the conversation's state as JSON, and what a draft says"),
    )
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, info=touches(Kept.CONVERSATION, Key.CLEAR, Until.HOUR_AFTER, "when the row dies")
    )


class Complaint(Base):
    """What one resident sent. Nothing here leads back to the person."""

    __tablename__ = "complaints"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        default=random_id,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "a random number"),
    )
    round_id: Mapped[str] = mapped_column(
        ForeignKey("rounds.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the round")
    )
    village_id: Mapped[str | None] = mapped_column(
        ForeignKey("villages.id"),
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the village whose code was scanned"),
    )
    receipt_digest: Mapped[str] = mapped_column(
        String(64), unique=True, info=touches(Kept.RECEIPT, Key.HASH, Until.RETENTION, "HMAC of the receipt code")
    )
    # coarse: the hour
    received_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # coarse
    withdrawn_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # once what was said is erased
    key_ends: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the hour from which its key can be destroyed"),
    )
    # 1 not solved, 2 so-so, 3 solved
    satisfaction: Mapped[int | None] = mapped_column(
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the mark the resident gave")
    )


class ComplaintMessage(Base):
    """One message between a reporter and a team, sealed to the round as JSON {text, …}.

    A file's bytes lie in the attachment store under the message's own id. Times are coarse; `position` keeps the order
    within one complaint and tells nothing across complaints.
    """

    __tablename__ = "complaint_messages"
    __table_args__ = (UniqueConstraint("complaint_id", "position"), UNORDERED)

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        default=random_id,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "a random number"),
    )
    complaint_id: Mapped[str] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE"),
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "which complaint"),
    )
    position: Mapped[int] = mapped_column(
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the order within the complaint")
    )
    author: Mapped[Author] = mapped_column(
        enumeration(Author, 10), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "reporter or team")
    )
    kind: Mapped[MessageKind] = mapped_column(
        enumeration(MessageKind, 10), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "text or which kind of file")
    )
    # coarse
    sent_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the hour")
    )
    # until then the team does not know of it
    held_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        index=True,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the full hour at which the team learns of it"),
    )
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what was said")
    )


class ReplyAddress(Base):
    """Where a reporter asked to be told, sealed under a key of its own that only the sender opens."""

    __tablename__ = "reply_addresses"
    __table_args__ = UNORDERED

    complaint_id: Mapped[str] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE"),
        primary_key=True,
        info=touches(Kept.ADDRESS, Key.CLEAR, Until.CASE_CLOSED, "which complaint is told somewhere"),
    )
    # JSON {chat, language}
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.ADDRESS, Key.REPLY, Until.CASE_CLOSED, "chat and language")
    )
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, info=touches(Kept.ADDRESS, Key.CLEAR, Until.CASE_CLOSED, "when the row dies")
    )
    # set when it comes and whenever one of its cases is closed
    may_be_over: Mapped[bool] = mapped_column(
        default=True,
        index=True,
        info=touches(Kept.ADDRESS, Key.CLEAR, Until.CASE_CLOSED, "whether to look if it is still needed"),
    )


class Case(Base):
    """What a team works on.

    `desk` is where it lies, and so who may see it at all: a team's, its leader's (it concerns the head of the unit),
    the office's (nobody's yet), the director's (it concerns a team). `urgency` orders queues: a crisis before
    a danger, a danger before the rest; then comes what is due first, and then what came first. `version` counts events,
    and numbers them.
    """

    __tablename__ = "cases"
    __table_args__ = (
        # The order of every list of cases: a page is found by walking this index, at any size.
        Index("ix_cases_queue", "desk", "is_open", "urgency", "due_at", "received_at", "id"),
        Index("ix_cases_mine", "owner_id", "is_open", "urgency", "due_at", "received_at", "id"),
        Index("ix_cases_to_erase", "is_erased", "state", "state_since"),
        Index("ix_cases_to_compare", "is_compared", "is_open"),
        # What a case is compared with: those that came last, at one place and of one category.
        Index("ix_cases_alike", "unit_id", "category", "is_open", "received_at"),
        # Searches walk a desk from what came last.
        Index("ix_cases_newest", "desk", "received_at", "id"),
        UNORDERED,
    )

    # the random case number staff see
    id: Mapped[str] = mapped_column(
        String(12),
        primary_key=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the random case number staff see"),
    )
    round_id: Mapped[str] = mapped_column(
        ForeignKey("rounds.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the round")
    )
    desk: Mapped[Desk] = mapped_column(
        DeskColumn(), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "where it lies")
    )
    team_id: Mapped[str | None] = mapped_column(
        ForeignKey("teams.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the team")
    )
    unit_id: Mapped[str | None] = mapped_column(
        ForeignKey("units.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the unit")
    )
    village_id: Mapped[str | None] = mapped_column(
        ForeignKey("villages.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the village")
    )
    category: Mapped[str] = mapped_column(
        ForeignKey("categories.code"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "what it is about")
    )
    # nothing where its reporter sent it; who entered it stands in its first event
    door: Mapped[Door | None] = mapped_column(
        enumeration(Door, 20),
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "how it came, if somebody on the staff entered it"),
    )
    # codes of categories, where several matters were told in one
    further_categories: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "what else it is about")
    )
    # which particulars nobody has told so far; nothing where it was not looked at, as in thanks
    missing_particulars: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True),
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "whether who, when, where, how much, evidence is told"),
    )
    state: Mapped[CaseState] = mapped_column(
        enumeration(CaseState, 20), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the case's state")
    )
    is_open: Mapped[bool] = mapped_column(info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "open or not"))
    urgency: Mapped[Urgency] = mapped_column(
        ByRank, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "how soon somebody must look")
    )
    owner_id: Mapped[str | None] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whose it is")
    )
    concerns_head: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "whether it is about the head")
    )
    concerns_team: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "whether it is about the team")
    )
    suspected_spam: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "a mark of the team's")
    )
    # of a crisis: how often somebody was called since it came to this desk
    crisis_calls: Mapped[int] = mapped_column(
        default=0, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "how often somebody was called")
    )
    # to the minute, and only until somebody is on it
    next_call_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        index=True,
        info=touches(
            Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "of a crisis nobody is on yet: the minute of the next call"
        ),
    )
    # of a crisis: whom the product called, who answered and in which hour (models.crisis)
    crisis: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "of a crisis: who was called, who answered, the hour"),
    )
    # coarse
    # until then nobody on the staff knows of it
    held_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the full hour at which the team learns of it"),
    )
    received_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # coarse; of the clocks that somebody must meet the one that ends first, and NO_END where none runs
    due_at: Mapped[datetime] = mapped_column(
        UtcDateTime,
        default=NO_END,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour by which something must be done"),
    )
    due_clock: Mapped[Clock | None] = mapped_column(
        enumeration(Clock, 20), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "what must be done by then")
    )
    is_fast_track: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it is on the fast track")
    )
    # Who it is stands nowhere.
    is_named_report: Mapped[bool] = mapped_column(
        default=False,
        info=touches(
            Kept.MATTER, Key.CLEAR, Until.RETENTION, "whether its reporter has told the team who they are; never who"
        ),
    )
    # a reporter may ask for it once
    asked_for_other_team: Mapped[bool] = mapped_column(
        default=False,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether its reporter wants another team to have it"),
    )
    # by the department to which it was passed on last
    is_signed_for: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether a department signed for it")
    )
    is_extended: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it was given more time")
    )
    # coarse
    state_since: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    reopened: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it was reopened")
    )
    # once it was not accepted: a reporter may object once
    objected: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether its reporter has objected")
    )
    # whether what was said was erased since the last event
    is_erased: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether its texts are erased")
    )
    # a hint that is not followed by itself
    is_hint: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it is kept as a hint")
    )
    # several about one matter within days
    cluster_id: Mapped[str | None] = mapped_column(
        ForeignKey("clusters.id"),
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "with which others it seems to be about one matter"),
    )
    # whether it was compared with others since something was said in it
    is_compared: Mapped[bool] = mapped_column(
        default=False, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "whether it was compared with others")
    )
    # a refusal that waits for the leader, or a dismissal (models.dismissal) that waits or can be undone
    proposal: Mapped[dict[str, Any] | None] = mapped_column(
        JSON,
        info=touches(
            Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "a refusal or dismissal: who, which reason; its words are sealed"
        ),
    )
    # what the head of the leading group was asked to instruct, and has instructed (models.instruction)
    instruction: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        info=touches(
            Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "an instruction: by whom, which, until when; words sealed"
        ),
    )
    # until when it is to be done; as long as it is only asked for, the day on which it was
    instruction_on: Mapped[date | None] = mapped_column(
        index=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "until which day it is to be done")
    )
    # that its owner asks for more time, until it is decided (models.extension)
    extension: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        info=touches(
            Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "that more time is asked for: by whom, why; words sealed"
        ),
    )
    # written by the team, who may have read what a reporter said
    impact: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what the matter means for people")
    )
    version: Mapped[int] = mapped_column(
        default=0, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "how many events")
    )

    @property
    def awaits_response(self) -> bool:
        """Whether it is a crisis, and nobody has said yet that they are on it."""
        return self.next_call_at is not None

    @property
    def is_thanks(self) -> bool:
        """Whether somebody says thank you in it, and asks for nothing."""
        return self.category == THANKS

    @property
    def hazard(self) -> bool:
        """Whether people are in danger until somebody looks."""
        return self.urgency != Urgency.NORMAL

    @property
    def asked_for_time(self) -> AskedForTime | None:
        """That its owner asks for more time, as long as it waits: not of another's case by now, nor of a closed one."""
        asked = AskedForTime.read(self.extension)
        waits = asked is not None and self.is_open and not self.is_extended and self.owner_id == asked.by
        return asked if waits else None

    @property
    def dismissal(self) -> Dismissal | None:
        """The dismissal that waits to be decided, or can still be undone."""
        return Dismissal.read(self.proposal)


class CaseComplaint(Base):
    """Which complaints a case answers, and which cases a complaint became."""

    __tablename__ = "case_complaints"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "which case")
    )
    complaint_id: Mapped[str] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "which complaint"),
    )
    # the case that was joined with this one, and goes with its complaints when they are taken apart
    came_with_id: Mapped[str | None] = mapped_column(
        ForeignKey("cases.id"),
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the case by whose merging it came"),
    )


class SimilarCase(Base):
    """That two cases seem to tell of the same matter; each pair stands there both ways. Why is not kept."""

    __tablename__ = "similar_cases"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "which case")
    )
    other_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        primary_key=True,
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "which other case seems to tell of the same"),
    )


class CaseMerger(Base):
    """That a case was joined with another, its head, which answers its complaints from then on."""

    __tablename__ = "case_mergers"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "which case")
    )
    head_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the case that it was joined with"),
    )
    # coarse
    at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # as it is again when they are taken apart
    state_before: Mapped[CaseState] = mapped_column(
        enumeration(CaseState, 20), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the state before")
    )
    # coarse
    in_it_since: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "since which hour it was in that state")
    )


class CaseClock(Base):
    """A clock of a case that runs, or stands still for a while; one that was met is here no longer.

    `next_at` is the hour in which the product is to do something about it: tell somebody, or go on by itself.
    """

    __tablename__ = "case_clocks"
    __table_args__ = (Index("ix_case_clocks_next", "clock", "next_at"), UNORDERED)

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case")
    )
    clock: Mapped[Clock] = mapped_column(
        enumeration(Clock, 20),
        primary_key=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "what must be done"),
    )
    # coarse
    began_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour in which the clock began")
    )
    # coarse
    ends_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour by which it must be done")
    )
    # coarse
    stands_since: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "since which hour the clock stands still")
    )
    # coarse
    next_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour in which somebody is told of it")
    )


class CaseEvent(Base):
    """Something that happened to a case; rows are only ever added, and the states can be rebuilt from them."""

    __tablename__ = "case_events"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case")
    )
    version: Mapped[int] = mapped_column(
        primary_key=True, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the event's number")
    )
    # coarse
    at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # nobody: the reporter or the clock
    by_id: Mapped[str | None] = mapped_column(
        ForeignKey("staff.id"),
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the staff member; nobody: the reporter or the clock"),
    )
    event: Mapped[str] = mapped_column(
        String(30), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "what happened")
    )
    from_state: Mapped[CaseState | None] = mapped_column(
        enumeration(CaseState, 20), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the state before")
    )
    to_state: Mapped[CaseState] = mapped_column(
        enumeration(CaseState, 20), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the state after")
    )
    # codes and ids, never words of a resident
    detail: Mapped[dict[str, Any]] = mapped_column(
        JSON,
        default=dict,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "codes and ids, never words of a resident"),
    )


class CaseShutOut(Base):
    """That a member of the staff is named in a complaint, and so may not know of its case."""

    __tablename__ = "case_shut_outs"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        primary_key=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "which case"),
    )
    staff_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"),
        primary_key=True,
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the staff member it names"),
    )


class Unmasking(Base):
    """That what leads to a reporter is shown to whoever reads a case, as long as it lies on this desk, and why."""

    __tablename__ = "unmaskings"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        default=random_id,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "a random number"),
    )
    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        index=True,
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "which case's traces were unmasked"),
    )
    desk: Mapped[Desk] = mapped_column(
        DeskColumn(), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "where the case lay")
    )
    by_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the staff member")
    )
    # coarse
    at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # why, in the leader's words: they may well name the reporter
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "the leader's reason")
    )


class ItemThanks(Base):
    """That thanks are for what was done about an item."""

    __tablename__ = "item_thanks"
    __table_args__ = UNORDERED

    # the case in which the thanks came
    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        primary_key=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the case in which the thanks came"),
    )
    item_id: Mapped[str] = mapped_column(
        ForeignKey("rectification_items.id"),
        index=True,
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the item they are for"),
    )


class CaseNote(Base):
    """What somebody on the staff wrote down about a case for their colleagues. It never goes to a reporter."""

    __tablename__ = "case_notes"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(
        String(32),
        primary_key=True,
        default=random_id,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "a random number"),
    )
    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        index=True,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "which case the note is about"),
    )
    by_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the staff member")
    )
    # the version of the case it came with, which keeps the order within one case
    version: Mapped[int] = mapped_column(
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the order within the case")
    )
    # coarse
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the hour"))
    # it may well repeat what a reporter said
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what the staff noted for themselves")
    )


class CaseSummary(Base):
    """What the team leader wrote of a case that is about the head of the unit, for the file on that head.

    They are the leader's words, without what leads to a person; never those of a reporter.
    """

    __tablename__ = "case_summaries"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(
        ForeignKey("cases.id"),
        primary_key=True,
        info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "which case the summary is of"),
    )
    by_id: Mapped[str] = mapped_column(
        ForeignKey("staff.id"), info=touches(Kept.WORDS, Key.CLEAR, Until.ROUND_KEY, "the staff member")
    )
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "what the leader wrote of the case")
    )


class QueueCount(Base):
    """How many open cases lie on a desk, kept by unit so that a recused member's count leaves them out."""

    __tablename__ = "queue_counts"

    desk: Mapped[Desk] = mapped_column(
        DeskColumn(), primary_key=True, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "where cases lie")
    )
    # '' when the unit is not known
    unit_id: Mapped[str] = mapped_column(
        String(100), primary_key=True, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the unit")
    )
    open_cases: Mapped[int] = mapped_column(info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "how many are open"))
    hazards: Mapped[int] = mapped_column(info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "how many are hazards"))


class LateCaseRound(Base):
    """That on a working day everybody was reminded of the cases that are late; its row is the right to do it."""

    __tablename__ = "late_case_rounds"
    __nobody__ = "day"

    day: Mapped[date] = mapped_column(primary_key=True)


class CaseDigestRound(Base):
    """That everybody was told on a day how their cases stand, and when; its row is the right to do it."""

    __tablename__ = "case_digest_rounds"
    __nobody__ = "day at"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
