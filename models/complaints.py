"""What residents say (complaints), and what teams make of it (cases)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import UNORDERED, Base, UtcDateTime, random_id
from models.states import CaseState


class Author(StrEnum):
    """Who said a message of the dialogue."""

    REPORTER = "reporter"
    TEAM = "team"


class MessageKind(StrEnum):
    """What a message of the dialogue is."""

    TEXT = "text"
    PHOTO = "photo"
    QUESTION = "question"  # from the team
    ANSWER = "answer"  # from the team, at the end


class Conversation(Base):
    """Where a chat is in the resident's conversation: a draft, or a visit with a receipt code.

    The tag is an HMAC of the chat under the round's secret; `sealed` is the conversation's state as JSON, sealed
    to the round. A row dies at submission, or when it expires.
    """

    __tablename__ = "conversations"
    __table_args__ = UNORDERED

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class DraftMessage(Base):
    """One message of a draft, sealed to the round; it becomes a complaint's message as it stands."""

    __tablename__ = "draft_messages"
    __table_args__ = (
        UniqueConstraint("tag", "source"),
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    tag: Mapped[str] = mapped_column(ForeignKey("conversations.tag", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[MessageKind] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(64))  # keyed hash of the chat's message, so that an edit finds it
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Complaint(Base):
    """What one resident sent. Nothing here leads back to the person."""

    __tablename__ = "complaints"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"))
    receipt_digest: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # coarse: the hour
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # coarse
    satisfaction: Mapped[int | None]  # 1 not solved, 2 so-so, 3 solved


class ComplaintMessage(Base):
    """One message between a reporter and a team, sealed to the round as JSON {text, …}.

    A photo's bytes lie in the vault under the message's own id. Times are coarse; `position` keeps the order
    within one complaint and tells nothing across complaints.
    """

    __tablename__ = "complaint_messages"
    __table_args__ = (UniqueConstraint("complaint_id", "position"), UNORDERED)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.id", ondelete="CASCADE"))
    position: Mapped[int]
    author: Mapped[Author] = mapped_column(String(10))
    kind: Mapped[MessageKind] = mapped_column(String(10))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)  # coarse
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ReplyAddress(Base):
    """Where a reporter asked to be told, sealed under a key of its own that only the sender opens."""

    __tablename__ = "reply_addresses"
    __table_args__ = UNORDERED

    complaint_id: Mapped[str] = mapped_column(ForeignKey("complaints.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # JSON {chat, language}
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Case(Base):
    """What a team works on.

    `desk` is where it lies, and so who may see it at all: `team:T1`, `team_leader:T1` (it concerns the head of
    the unit), `office` (nobody's yet), `office_director` (it concerns a team). `rank` orders queues: hazards
    before the rest. `version` counts events, and numbers them.
    """

    __tablename__ = "cases"
    __table_args__ = (
        # The order of every list of cases: a page is found by walking this index, at any size.
        Index("ix_cases_queue", "desk", "is_open", "rank", "received_at", "id"),
        Index("ix_cases_mine", "owner_id", "is_open", "rank", "received_at", "id"),
        Index("ix_cases_clock", "state", "state_since"),
        UNORDERED,
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True)  # the random case number staff see
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    desk: Mapped[str] = mapped_column(String(60))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"))
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    state: Mapped[CaseState] = mapped_column(String(20))
    is_open: Mapped[bool]
    rank: Mapped[int]  # 0 hazard, 1 otherwise
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    concerns_head: Mapped[bool] = mapped_column(default=False)
    concerns_team: Mapped[bool] = mapped_column(default=False)
    suspected_spam: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # coarse
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)  # coarse
    reopened: Mapped[bool] = mapped_column(default=False)
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # a refusal that waits for the leader
    version: Mapped[int] = mapped_column(default=0)

    @property
    def hazard(self) -> bool:
        """Whether people are in danger until somebody looks."""
        return self.rank == 0


class CaseComplaint(Base):
    """Which complaints a case answers, and which cases a complaint became."""

    __tablename__ = "case_complaints"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CaseEvent(Base):
    """Something that happened to a case; rows are only ever added, and the states can be rebuilt from them."""

    __tablename__ = "case_events"
    __table_args__ = UNORDERED

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # coarse
    by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # nobody: the reporter or the clock
    event: Mapped[str] = mapped_column(String(30))
    from_state: Mapped[CaseState | None] = mapped_column(String(20))
    to_state: Mapped[CaseState] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # codes and ids, never words of a resident


class QueueCount(Base):
    """How many open cases lie on a desk, kept by unit so that a recused member's count leaves them out."""

    __tablename__ = "queue_counts"

    desk: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(100), primary_key=True)  # '' when the unit is not known
    open_cases: Mapped[int]
    hazards: Mapped[int]
