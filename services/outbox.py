"""Messages that are owed: rows written in the transaction of the action, sent after it by the sender."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.base import random_id
from models.database import insert_later, insert_or_ignore
from models.delivery import OutboxRow
from privacy.keyring import Keyring
from privacy.tags import lane
from privacy.trail import Trail
from texts.message import Button, Message, Rows


class Priority(IntEnum):
    """Who goes first; a smaller number does."""

    ANSWER = 0  # somebody has just pressed or written, and waits
    HAZARD = 10
    CARD = 20
    NOTICE = 30
    REMINDER = 40


@dataclass(frozen=True)
class OutgoingMessage:
    """What one row asks of the sender.

    `kind` is "say" (args is a message), "delete" (of `message_id`), or a notice that is rendered only when it is
    sent, so that it tells the state of that moment. With a `handle` the place of the message is remembered, and the
    next order of the same handle edits it there. `edit` is the number of a message to edit in any case.
    `delete_after_hours` takes the message back by itself. With a `trail` (privacy.trail) the message is noted as one of
    a resident's conversation, so that it can be cleared. "clear" deletes what was noted of its trail.
    """

    kind: str
    args: Mapping[str, Any]
    handle: str | None = None
    edit: int | None = None
    delete_after_hours: int | None = None
    trail: str | None = None

    def pack(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def unpack(cls, packed: bytes) -> "OutgoingMessage":
        return cls(**json.loads(packed))


class Outbox:
    """Writes orders in one transaction at one moment."""

    def __init__(self, session: AsyncSession, keyring: Keyring, now: datetime) -> None:
        self._session = session
        self._keyring = keyring
        self._now = now
        self.staff_not_before: datetime | None = None  # while a reporter does something, the staff learn of it then

    async def to_chat(
        self,
        address: Address,
        order: OutgoingMessage,
        *,
        priority: Priority = Priority.ANSWER,
        not_before: datetime | None = None,
    ) -> None:
        """Answer a chat; its address is sealed, and gone from the row once the message is sent."""
        own = lane(self._keyring.lane_secret, address)
        await self._add("chat", own, order, priority=priority, address=address, not_before=not_before)

    async def to_staff(
        self,
        staff_id: str,
        order: OutgoingMessage,
        *,
        priority: Priority = Priority.NOTICE,
        dedupe_key: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Tell a staff member, wherever they are reached."""
        recipient = f"staff:{staff_id}"
        when = not_before or self.staff_not_before
        await self._add(recipient, recipient, order, priority=priority, dedupe_key=dedupe_key, not_before=when)

    async def to_board(self, team_id: str, order: OutgoingMessage, *, dedupe_key: str | None = None) -> None:
        """Put something on a team's board, its group."""
        recipient = f"board:{team_id}"
        when = self.staff_not_before
        await self._add(recipient, recipient, order, priority=Priority.CARD, dedupe_key=dedupe_key, not_before=when)

    async def to_reporter(
        self,
        complaint_id: str,
        order: OutgoingMessage,
        *,
        priority: Priority = Priority.NOTICE,
        not_before: datetime | None = None,
    ) -> None:
        """Tell the reporter of a complaint, if they asked to be told; otherwise the sender lets it go.

        It comes by itself, and so has a trail of its own, by which it can be cleared.
        """
        recipient, trail = f"reporter:{complaint_id}", str(Trail.fresh())
        on_its_trail = replace(order, args={**order.args, "trail": trail}, trail=trail)
        await self._add(recipient, recipient, on_its_trail, priority=priority, not_before=not_before)

    async def again_to(
        self, recipient: str, lane_name: str, order: OutgoingMessage, *, not_before: datetime, address: Address
    ) -> None:
        """Owe a recipient that a row named already something more, later, in the same chat whoever has it then."""
        await self._add(recipient, lane_name, order, priority=Priority.NOTICE, not_before=not_before, address=address)

    async def _add(
        self,
        recipient: str,
        lane_name: str,
        order: OutgoingMessage,
        *,
        priority: Priority,
        address: Address | None = None,
        dedupe_key: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        record_id = random_id()
        seal = self._keyring.outbox.seal
        row = {
            "record_id": record_id,
            "recipient": recipient,
            "address": None if address is None else seal(record_id, str(address).encode()),
            "lane": lane_name,
            "kind": order.kind,
            "args": seal(record_id, order.pack()),
            "dedupe_key": dedupe_key,
            "priority": int(priority),
            "not_before": not_before or self._now,
        }
        if dedupe_key is None:
            insert_later(self._session, OutboxRow, **row)
        else:
            await insert_or_ignore(self._session, OutboxRow, **row)


def say(message: Message, **how: Any) -> OutgoingMessage:
    """Return the order to say a message as it stands. A photo cannot be said so: it is rendered when sent."""
    args = {"text": message.text, "protect": message.protect, "buttons": pack_buttons(message.buttons)}
    return OutgoingMessage("say", args, **how)


def said(args: Mapping[str, Any]) -> Message:
    """Return the message of an order made by `say`."""
    return Message(args["text"], buttons=unpack_buttons(args["buttons"]), protect=args["protect"])


def pack_buttons(rows: Rows) -> list[list[dict[str, str | None]]]:
    return [[asdict(button) for button in row] for row in rows]


def unpack_buttons(rows: list[list[dict[str, str | None]]]) -> Rows:
    return tuple(tuple(Button(**button) for button in row) for row in rows)  # type: ignore[arg-type]
