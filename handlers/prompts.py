"""Messages of staff that answer an open question: each kind of question names the function that takes it."""

from collections.abc import Awaitable, Callable
from html import unescape

from telegram import CallbackQuery, Update
from telegram import Message as TelegramMessage
from telegram.ext import CommandHandler, MessageHandler, filters

from handlers.context import App, HandlerContext, update_scope
from handlers.registry import Registry
from handlers.resident import telegram as resident
from services.access.member import Member
from services.intake.drafts import load_conversation
from services.people.prompts import Prompt, close_prompt
from texts.message import Message

# Takes the turn, who answers, the message and the question.
Answerer = Callable[[HandlerContext, Member, TelegramMessage, Prompt], Awaitable[None]]

ANSWERERS: Registry[Answerer] = Registry()
answers = ANSWERERS.named


class _BeingAsked(filters.UpdateFilter):
    """Lets through what a staff member with an open question sends in private; commands are no answers."""

    def filter(self, update: Update) -> bool:
        return update_scope.get().prompt is not None and update.message is not None


class _OnStaff(filters.UpdateFilter):
    """Lets through what comes from an enrolled staff member."""

    def filter(self, update: Update) -> bool:  # noqa: ARG002
        return update_scope.get().member is not None


ON_STAFF = _OnStaff()
BEING_ASKED = _BeingAsked()


async def take_answer(update: Update, turn: HandlerContext) -> None:
    """Take an answer, but never what is meant as a resident's: it would reach the staff under its writer's name."""
    prompt, member, message = turn.opened.prompt, turn.member, update.message
    if prompt is None or member is None or message is None:
        return
    if await resident.is_for_us(turn, message):
        await resident.message(update, turn)
        if (await load_conversation(turn.work, message.chat.id)).is_over:  # what they were asked is still open
            await turn.say(Message(turn.words("staff.no_answer")))
        return
    await ANSWERERS[prompt.form](turn, member, message, prompt)


async def cancel(_update: Update, turn: HandlerContext) -> None:
    """Let a question go unanswered: what is written next belongs to nothing."""
    if turn.member is not None:
        await close_prompt(turn.work, turn.member.id)
        await turn.say(Message(turn.words("staff.cancelled")))


def resident_first(turn: HandlerContext, query: CallbackQuery) -> None:
    """Say why no question is opened: a complaint is, and what is written belongs to it. Nothing of it stays here."""
    turn.toast(query, unescape(turn.words("staff.resident_first")), alert=True)


def register(application: App) -> None:
    """Hear the answers of staff."""
    private = filters.ChatType.PRIVATE & ~filters.COMMAND
    application.add_handler(CommandHandler("cancel", cancel, filters=filters.ChatType.PRIVATE & BEING_ASKED))
    application.add_handler(MessageHandler(private & BEING_ASKED, take_answer))
