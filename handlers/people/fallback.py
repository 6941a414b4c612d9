"""What staff write that nothing asked for: they are shown their own way, unless they are speaking as residents."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from handlers.context import App, HandlerContext
from handlers.people.about import command_help
from handlers.prompts import ON_STAFF
from handlers.resident import telegram as resident
from services.intake.abuse import asks_who_reported
from texts.message import Message

_RESIDENTS = filters.Regex(rf"^/(start|{'|'.join(resident.COMMANDS)})\b")


async def take_message(update: Update, turn: HandlerContext) -> None:
    """Say that nobody asked for it; whoever scanned a code or sends a receipt code is a resident like any other."""
    if update.message is None:
        return
    if await resident.is_for_us(turn, update.message):
        await resident.message(update, turn)
        return
    asks = asks_who_reported(update.message.text or "")
    await turn.say(Message(turn.words("resident.nobody_knows_who" if asks else "staff.not_asked")))


def register(application: App) -> None:
    """Hear what nobody else heard from staff, before it is taken for a resident's."""
    here = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & ON_STAFF & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(here & filters.COMMAND & ~_RESIDENTS, command_help))
    application.add_handler(MessageHandler(here & ~filters.COMMAND, take_message))
