"""One update in the hands of a handler: the work it may do, who is there, and how to answer."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from html import unescape
from typing import Any, TypeAlias

from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from handlers.press import Press, unpack
from media.kinds import Cleaned
from services.access.member import Member
from services.outbox import OutgoingMessage, Priority, say
from services.people.prompts import Prompt
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words, language_of
from texts.message import Message

NOT_AWAITED = "not_awaited"  # not fetched, because nobody waits for it here
TOO_LARGE = "too_large"  # in bytes: Telegram hands a bot no more than 20 MB


@dataclass(frozen=True)
class Unfit:
    """A file that could not be taken, and the key of the sentence that says why."""

    reason: str


@dataclass
class UpdateScope:
    """What is laid out for one update before its handler runs, and what is left to do after the commit."""

    work: UnitOfWork
    member: Member | None  # the staff member whose account this is
    attachment: Cleaned | Unfit | None = None  # fetched and re-made before the transaction opened
    prompt: Prompt | None = None  # what this staff member is being asked for
    bot_username: str = ""
    link_base_url: str = "https://t.me"  # where links to the bot lead
    toasts: list[tuple[str, str, bool]] = field(default_factory=list)  # (press id, text, as an alert)


update_scope: ContextVar[UpdateScope] = ContextVar("opened")


App: TypeAlias = "Application[Any, HandlerContext, Any, Any, Any, Any]"


class HandlerContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The context that handlers get. It says things by queueing them: nothing is sent before the commit."""

    def __init__(
        self,
        application: App,
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id, user_id)
        self.opened = update_scope.get()
        self.work = self.opened.work
        self.member = self.opened.member
        self.language_code: str | None = None

    @classmethod
    def from_update(cls, update: object, application: App) -> "HandlerContext":
        turn = super().from_update(update, application)
        if isinstance(update, Update) and update.effective_user:
            turn.language_code = update.effective_user.language_code
        return turn

    @property
    def words(self) -> Words:
        """The sentences in the language of whoever is there: a staff member's own, otherwise the client's."""
        return Words(self.member.language if self.member else language_of(self.language_code))

    async def say(self, message: Message, **how: Any) -> None:
        """Answer in this chat. `how`: handle, edit, delete_after_hours, trail of an order."""
        await self.say_to(self._chat_id or 0, message, **how)

    async def owe(self, order: OutgoingMessage) -> None:
        """Queue an order for this chat."""
        await self.work.outbox.to_chat(self._chat_id or 0, order)

    async def say_to(self, chat_id: int, message: Message, **how: Any) -> None:
        """Say something in a chat that is not a staff member's known one."""
        await self.work.outbox.to_chat(chat_id, say(message, **how), priority=Priority.ANSWER)

    async def edit(self, query: CallbackQuery, message: Message, **how: Any) -> None:
        """Change the message whose button was pressed. `how`: as of `say`."""
        if query.message is None:  # too old for Telegram to name it
            await self.say(message, **how)
            return
        await self.say_to(query.message.chat.id, message, edit=query.message.message_id, **how)

    def toast(self, query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
        """Answer a press with a short plain line (at most 200 characters), after the commit."""
        self.opened.toasts.append((query.id, text[:200], alert))

    def press(self, query: CallbackQuery) -> Press | None:
        """Read what was pressed."""
        return unpack(query.data or "")

    def refused_in_group(self, query: CallbackQuery) -> bool:
        """Whether a press belongs in a private chat and came from a group; whoever pressed is told.

        No button there says such a thing, but a doctored client can, and would write over the team's cards.
        """
        if in_private(query):
            return False
        self.toast(query, unescape(self.words("team.only_in_private")), alert=True)
        return True


def in_private(query: CallbackQuery) -> bool:
    """Whether a button was pressed in a private chat; one too old to tell was not."""
    return query.message is not None and query.message.chat.type == ChatType.PRIVATE
