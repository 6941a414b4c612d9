"""What is said to a press on a page: kept sealed in the session, for the page that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from handlers.context import HandlerContext
from handlers.forms import state_of
from models.address import Address
from services.cases.notices import CaseCard, CaseFile, CaseMatches, CaseNotes, CaseText
from services.outbox import DeleteMessage, DeletePreview, OutgoingMessage, SayMessage, say
from services.people.forms import OpenForm
from texts.message import Message
from web.desk.addresses import address_of_record, is_at_record
from web.visitor import CHANNEL

Opened = CaseText | CaseFile | CaseMatches | CaseNotes
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Flash:
    """What was said last, at which address of ours, and what was typed and not taken.

    Besides what of a case was opened last, and what the open form asks, as long as it is in the state of `asked_in`.

    Notices are kept as such: they are rendered anew, as their reader may read them then, whenever the page is shown.
    """

    at: str = ""
    until: str = ""
    toast: str = ""
    typed: str = ""
    messages: tuple[OutgoingMessage, ...] = ()
    opened: tuple[OutgoingMessage, ...] = ()
    question: OutgoingMessage | None = None
    asked_in: str = ""

    @classmethod
    def unpack(cls, packed: Mapping[str, Any]) -> Self:
        """Read what `pack` returned; nothing was said when it is of another version."""
        try:
            return cls(
                at=packed["at"],
                until=packed["until"],
                toast=packed["toast"],
                typed=packed["typed"],
                messages=tuple(map(_unpack, packed["messages"])),
                opened=tuple(map(_unpack, packed["opened"])),
                question=_unpack(packed["question"]) if packed["question"] else None,
                asked_in=packed["asked_in"],
            )
        except (KeyError, TypeError, ValueError):
            return cls()

    def pack(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "at": self.at,
            "until": self.until,
            "toast": self.toast,
            "typed": self.typed,
            "messages": [one.pack().decode() for one in self.messages],
            "opened": [one.pack().decode() for one in self.opened],
            "question": self.question.pack().decode() if self.question else None,
            "asked_in": self.asked_in,
        }

    @property
    def kept(self) -> Self:
        """What of it is not gone with the next press."""
        return replace(self, at="", until="", toast="", typed="", messages=())

    def saying(self, message: Message, *, at: str, now: datetime) -> Self:
        """Return it with something that is said at an address of ours."""
        return replace(self, at=at, until=(now + LIFETIME).isoformat(), messages=(say(message),))

    def is_of(self, at: str, now: datetime) -> bool:
        """Whether it is still to be shown at an address of ours."""
        return self.at == at and now.isoformat() < self.until

    def opened_of(self, case_id: str) -> Sequence[Opened]:
        """Return what was opened of a case."""
        found = [one.content for one in self.opened]
        return [one for one in found if isinstance(one, Opened) and one.case_id == case_id]

    def after(self, context: HandlerContext, answers: Sequence[OutgoingMessage], *, typed: str, at: str) -> Self:
        """Return what is said after an update that came from the page at an address, of which `typed` was not taken.

        Where a card was shown, its own page is led to.
        """
        shown_anew = [context.asked, *(card.message for card in context.cards)]
        leads = [address_of_record(card.area, card.id) for card in context.cards]
        messages = list(self.messages)
        opened: list[OutgoingMessage] = []
        for answer in answers:
            match answer.content:
                case DeleteMessage() | DeletePreview():
                    pass
                case CaseCard(case_id):
                    leads.append(address_of_record("case", case_id))
                case CaseText() | CaseFile() | CaseMatches() | CaseNotes():
                    opened.append(answer)
                case SayMessage() as said if said.message in shown_anew:
                    pass
                case _:
                    messages.append(answer)
        lead = next((one for one in reversed(leads) if one is not None), at)
        is_asked = context.asked is not None and context.form is not None
        return replace(
            self,
            at=at if is_at_record(at, lead) else lead,
            until=(context.work.now + LIFETIME).isoformat(),
            toast=context.answer.text if context.answer else self.toast,
            typed=typed,
            messages=tuple(messages),
            opened=tuple(opened) or self.opened,
            question=say(context.asked) if is_asked and context.asked else self.question,
            asked_in=state_of(context.form) if is_asked and context.form else self.asked_in,
        )

    def question_in(self, form: OpenForm) -> OutgoingMessage | None:
        """Return what was asked here in the state in which a form is; None when it was asked elsewhere."""
        return self.question if self.asked_in == state_of(form) else None


def private_chat(session_id: str) -> Address:
    """Return the address under which what is said in a session is gathered; nothing is ever sent there."""
    return Address(CHANNEL, session_id)


def _unpack(packed: str) -> OutgoingMessage:
    return OutgoingMessage.unpack(packed.encode())
