"""What a handler gets for one update: the unit of work, the update, who sent it, and how to answer."""

from dataclasses import dataclass, field
from html import unescape
from typing import Any

from handlers.incoming import ButtonPress, Command, Update
from handlers.press import Press, unpack
from models.address import Address
from qr.link import Links
from services.access.member import Member
from services.delivery.opened import note_opened
from services.delivery.transport import Capabilities
from services.intake.drafts import ConversationState
from services.outbox import OutgoingMessage, Priority, say
from services.people.forms import OpenForm
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words, language_of
from texts.message import Message

LONGEST_TOAST = 200  # characters


@dataclass(frozen=True)
class Toast:
    """The short plain line with which a press is answered; an alert waits until it is closed."""

    text: str = ""
    alert: bool = False


@dataclass(frozen=True)
class ShownCard:
    """A card that was shown, and of what: the area of its buttons and its id. A page of its own shows it anew."""

    area: str
    id: str
    message: Message


@dataclass
class HandlerContext:
    """What a handler works with. Its messages are queued in the outbox: nothing is sent before the commit."""

    work: UnitOfWork
    update: Update
    member: Member | None = None  # the staff member whose account this is
    form: OpenForm | None = None  # what this staff member is filling in
    links: Links = field(default_factory=Links)
    capabilities: Capabilities = field(default_factory=Capabilities)  # of the channel it came in on
    answer: Toast | None = None  # to the press, sent after the commit
    conversation: ConversationState | None = None  # of a resident in this chat, once it was read
    cards: list["ShownCard"] = field(default_factory=list)  # that were shown
    asked: Message | None = None  # what a form asked last

    @property
    def words(self) -> Words:
        """The sentences in the language of whoever is there: a staff member's own, otherwise the client's."""
        language = self.member.language if self.member else language_of(self.update.language_code)
        return Words(language, self.capabilities.lacking)

    @property
    def args(self) -> tuple[str, ...]:
        """What follows a command."""
        return self.update.content.args if isinstance(self.update.content, Command) else ()

    @property
    def press(self) -> Press | None:
        """What was pressed; None when nothing was, or the button is of another version."""
        return unpack(self.update.content.data) if isinstance(self.update.content, ButtonPress) else None

    async def say(self, message: Message, **how: Any) -> None:
        """Answer in this chat. `how`: key, edit, delete_after_hours, trail of an OutgoingMessage."""
        await self.say_to(self.update.address, message, **how)

    async def say_to(self, address: Address, message: Message, **how: Any) -> None:
        """Say something in a chat that is not a staff member's known one."""
        await self.work.outbox.to_chat(address, say(message, **how), priority=Priority.ANSWER)

    async def send(self, outgoing: OutgoingMessage) -> None:
        """Queue a message for this chat."""
        await self.work.outbox.to_chat(self.update.address, outgoing)

    async def edit(self, message: Message, **how: Any) -> None:
        """Change the message whose button was pressed. `how`: as of `say`."""
        if self.update.message_id is None:  # too old for the channel to name it
            await self.say(message, **how)
        else:
            await self.say(message, edit=self.update.message_id, **how)

    async def show_card(self, area: str, subject_id: str, card: Message, *, in_place: bool = False) -> None:
        """Show the present card of a record, in a message of its own or in place of the one that was pressed."""
        self.cards.append(ShownCard(area, subject_id, card))
        if self.member is not None:
            await note_opened(self.work, self.member.id, area, subject_id)
        await (self.edit(card) if in_place else self.say(card))

    def toast(self, text: Html | str = "", *, alert: bool = False) -> None:
        """Answer a press with a short line, after the commit; HTML is shown as plain text."""
        plain = unescape(text) if isinstance(text, Html) else text
        self.answer = Toast(plain[:LONGEST_TOAST], alert)

    def alert(self, key: str, **values: object) -> None:
        """Answer a press with a sentence that waits until it is closed."""
        self.toast(self.words(key, **values), alert=True)

    def refused_in_group(self) -> bool:
        """Whether a press belongs in a private chat and came from a group; whoever pressed is told.

        No button there says such a thing, but a doctored client can, and would write over the team's cards.
        """
        if self.update.is_private:
            return False
        self.alert("team.only_in_private")
        return True
