"""Messages that are to be sent: rows written in the transaction of the action, sent after it by the sender."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar, Protocol, TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.base import random_id
from models.database import insert_later, insert_or_ignore
from models.delivery import OutboxRow
from models.message_key import MessageKey
from models.recipient import CHAT, Recipient
from privacy.keyring import Keyring, SealingKey
from privacy.tags import lane
from privacy.trail import Trail
from services.notice import NOTICES, Notice
from services.packing import pack, unpack
from texts.message import Message, Rows, WrittenFor


class Priority(IntEnum):
    """Who goes first; a smaller number does."""

    ANSWER = 0  # somebody has just pressed or written, and waits
    CRISIS = 5  # at any hour
    HAZARD = 10
    CARD = 20
    NOTICE = 30
    REMINDER = 40


@dataclass(frozen=True)
class SayMessage:
    """Say a message as it stands. A photo cannot be said so: it is rendered when it is sent."""

    kind: ClassVar[str] = "say"
    text: str
    buttons: Rows
    protect: bool
    written_for: WrittenFor | None = field(default=None, kw_only=True)

    @property
    def message(self) -> Message:
        return Message(self.text, self.buttons, self.protect, written_for=self.written_for)


class PreviewPlace(StrEnum):
    """Where the preview of a draft comes to stand, of which a chat shows only one."""

    FIRST = "first"  # there is none yet
    IN_PLACE = "in_place"  # the one that stands is changed
    AT_END = "at_end"  # it is said at the end of the chat, and the one that stood is deleted


@dataclass(frozen=True)
class SayPreview(SayMessage):
    """Say the preview of a draft."""

    kind: ClassVar[str] = "preview"
    place: PreviewPlace
    draft_id: str


@dataclass(frozen=True)
class DeleteMessage:
    """Delete a message of the recipient's chat. `case_id`: of a case whose texts or files it shows."""

    kind: ClassVar[str] = "delete"
    message_id: int
    case_id: str | None = None


@dataclass(frozen=True)
class DeletePreview:
    """Delete the preview of a draft wherever it stands on the message's trail, unless that is the message `but`."""

    kind: ClassVar[str] = "delete_preview"
    draft_id: str
    but: int | None = None


OutgoingContent: TypeAlias = Notice | SayMessage | DeleteMessage | DeletePreview


@dataclass(frozen=True)
class OutgoingMessage:
    """What one row asks of the sender.

    With a `key` the place of the message is remembered, and the next one of the same key edits it there. `edit` is the
    number of a message to edit in any case. `delete_after_hours` has it deleted by itself. With a `trail` it is noted
    as one of a resident's conversation, so that it can be cleared.
    """

    content: OutgoingContent
    key: MessageKey | None = None
    edit: int | None = None
    delete_after_hours: int | None = None
    trail: Trail | None = None

    @property
    def kind(self) -> str:
        """What kind of row it is."""
        return self.content.kind

    @property
    def draft_shown(self) -> str:
        """The draft whose preview it is, or nothing."""
        return self.content.draft_id if isinstance(self.content, SayPreview) else ""

    def pack(self) -> bytes:
        """Return it as it is sealed."""
        packed = {
            "kind": self.kind,
            "content": pack(self.content),
            "key": pack(self.key) if self.key else None,
            "edit": self.edit,
            "delete_after_hours": self.delete_after_hours,
            "trail": str(self.trail) if self.trail else None,
        }
        return json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def unpack(cls, sealed: bytes) -> "OutgoingMessage":
        """Read what `pack` returned; raise KeyError, TypeError or ValueError when it is of another version."""
        packed = json.loads(sealed)
        return cls(
            unpack(_CALLS.get(packed["kind"]) or NOTICES[packed["kind"]], packed["content"]),
            key=unpack(MessageKey, packed["key"]) if packed["key"] else None,
            edit=packed["edit"],
            delete_after_hours=packed["delete_after_hours"],
            trail=Trail.read(packed["trail"]) if packed["trail"] else None,
        )


class SealedRow(Protocol):
    """A row of the outbox, as far as it is opened."""

    @property
    def record_id(self) -> str: ...

    @property
    def day(self) -> date | None: ...

    @property
    def args(self) -> bytes | None: ...


def outgoing_message(keyring: Keyring, row: SealedRow) -> OutgoingMessage:
    """Return what a row asks for; raise when it was erased, or is of another version."""
    return OutgoingMessage.unpack(sealing_of(keyring, row.day).open(row.record_id, row.args or b""))


def sealing_of(keyring: Keyring, day: date | None) -> SealingKey:
    """Return the key that rows are sealed with which were queued on a day, if they go to a chat as they stand."""
    return keyring.outbox if day is None else keyring.day(day).sealing


def lanes_of(keyring: Keyring, address: Address) -> list[str]:
    """Return every lane in which something may be queued for a chat: its own, and on each day that of what waits."""
    return [
        lane(keyring.lane_secret, address),
        *(lane(keyring.day(day).tag_secret, address) for day in keyring.days()),
    ]


_CALLS: dict[str, type[SayMessage | DeleteMessage | DeletePreview]] = {
    call.kind: call for call in (SayMessage, SayPreview, DeleteMessage, DeletePreview)
}


class Outbox:
    """Writes outgoing messages as rows, in one transaction at one moment."""

    is_gathering: ClassVar[bool] = False  # whether answers are gathered: nothing changes in the chats of who gets them

    def __init__(self, session: AsyncSession, keyring: Keyring, now: datetime, today: date) -> None:
        self._session = session
        self._keyring = keyring
        self._now = now
        self._today = today
        self.staff_not_before: datetime | None = None  # while a reporter does something, the staff learn of it then

    def gathering(self, address: Address, staff_id: str) -> "GatheringOutbox":
        """Return the outbox to be used instead for somebody on the staff who looks at a page, at this address."""
        return GatheringOutbox(self._session, self._keyring, self._now, self._today, address, staff_id)

    async def to_chat(
        self,
        address: Address,
        outgoing: OutgoingMessage,
        *,
        priority: Priority = Priority.ANSWER,
        not_before: datetime | None = None,
    ) -> None:
        """Answer a chat; its address is sealed, and gone from the row once the message is sent.

        What is to go later needs no order, and waits under a name of the day.
        """
        keys = self._keyring.day(self._today)
        own = lane(self._keyring.lane_secret if not_before is None else keys.tag_secret, address)
        await self._add(CHAT, own, outgoing, priority=priority, address=address, not_before=not_before, day=keys.day)

    async def to_staff(
        self,
        staff_id: str,
        outgoing: OutgoingMessage,
        *,
        priority: Priority = Priority.NOTICE,
        dedupe_key: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Tell a staff member, wherever they are reached."""
        recipient = Recipient.staff(staff_id)
        when = not_before or self.staff_not_before
        await self._add(recipient, str(recipient), outgoing, priority=priority, dedupe_key=dedupe_key, not_before=when)

    async def to_each(
        self,
        staff_ids: Iterable[str],
        outgoing: OutgoingMessage,
        *,
        once: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Tell several staff members; what is told `once` is never queued a second time under that name."""
        for staff_id in staff_ids:
            key = f"{once}:{staff_id}" if once else None
            await self.to_staff(staff_id, outgoing, dedupe_key=key, not_before=not_before)

    async def to_board(
        self,
        team_id: str,
        outgoing: OutgoingMessage,
        *,
        dedupe_key: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Put something on a team's board, its group."""
        recipient = Recipient.board(team_id)
        when = not_before or self.staff_not_before
        await self._add(
            recipient, str(recipient), outgoing, priority=Priority.CARD, dedupe_key=dedupe_key, not_before=when
        )

    async def to_reporter(
        self,
        complaint_id: str,
        outgoing: OutgoingMessage,
        *,
        priority: Priority = Priority.NOTICE,
        not_before: datetime | None = None,
    ) -> None:
        """Tell the reporter of a complaint, if they asked to be told; otherwise the sender lets it go.

        It comes by itself, and so has a trail of its own, by which it can be cleared.
        """
        recipient, on_its_trail = Recipient.reporter(complaint_id), replace(outgoing, trail=Trail.fresh())
        await self._add(recipient, str(recipient), on_its_trail, priority=priority, not_before=not_before)

    async def again_to(
        self,
        recipient: Recipient,
        lane_name: str,
        outgoing: OutgoingMessage,
        *,
        priority: Priority = Priority.NOTICE,
        not_before: datetime,
        address: Address,
    ) -> None:
        """Queue something more for a recipient that a row named already, in the same chat whoever has it then."""
        await self._add(recipient, lane_name, outgoing, priority=priority, not_before=not_before, address=address)

    async def _add(
        self,
        recipient: Recipient,
        lane_name: str,
        outgoing: OutgoingMessage,
        *,
        priority: Priority,
        address: Address | None = None,
        dedupe_key: str | None = None,
        not_before: datetime | None = None,
        day: date | None = None,
    ) -> None:
        record_id = random_id()
        seal = sealing_of(self._keyring, day).seal
        row = {
            "record_id": record_id,
            "recipient": recipient,
            "address": None if address is None else seal(record_id, str(address).encode()),
            "lane": lane_name,
            "kind": outgoing.kind,
            "args": seal(record_id, outgoing.pack()),
            "day": day,
            "dedupe_key": dedupe_key,
            "priority": int(priority),
            "at_once": not_before is None or not_before <= self._now,
            "not_before": not_before or self._now,
        }
        if dedupe_key is None:
            insert_later(self._session, OutboxRow, **row)
        else:
            await insert_or_ignore(self._session, OutboxRow, **row)


class GatheringOutbox(Outbox):
    """Gathers what answers somebody on the staff who looks at a page, for they see it at once; the rest it queues."""

    is_gathering = True

    def __init__(
        self, session: AsyncSession, keyring: Keyring, now: datetime, today: date, address: Address, staff_id: str
    ) -> None:
        super().__init__(session, keyring, now, today)
        self.address = address
        self.staff_id = staff_id
        self.answers: list[OutgoingMessage] = []

    async def _add(
        self,
        recipient: Recipient,
        lane_name: str,
        outgoing: OutgoingMessage,
        *,
        priority: Priority,
        address: Address | None = None,
        **how: Any,
    ) -> None:
        if self._answers_them(recipient, address, priority):
            self.answers.append(outgoing)
        else:
            await super()._add(recipient, lane_name, outgoing, priority=priority, address=address, **how)

    def _answers_them(self, recipient: Recipient, address: Address | None, priority: Priority) -> bool:
        """Whether something answers them: it is said where they are, or brought to them because they pressed."""
        is_brought = address is None and recipient == Recipient.staff(self.staff_id) and priority == Priority.ANSWER
        return address == self.address or is_brought


def say(
    message: Message,
    *,
    key: MessageKey | None = None,
    edit: int | None = None,
    delete_after_hours: int | None = None,
    trail: Trail | None = None,
) -> OutgoingMessage:
    """Return what says a message as it stands."""
    message = message.folded
    content = SayMessage(message.text, message.buttons, message.protect, written_for=message.written_for)
    return OutgoingMessage(content, key, edit, delete_after_hours, trail)
