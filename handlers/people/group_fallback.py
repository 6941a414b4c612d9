"""What is said to the bot in a group: a list is private, and whoever is not on the staff is shown the right door."""

from telegram import Message as TelegramMessage
from telegram import MessageEntity, Update
from telegram.ext import MessageHandler, filters

from handlers.context import App, HandlerContext
from texts.message import Message


async def take_group_message(update: Update, turn: HandlerContext) -> None:
    """Answer only what is addressed to the bot: a team's own talk is its own."""
    message = update.message
    if message is None or not _addressed(message, turn.opened.bot_username):
        return
    key = "team.only_in_private" if turn.member else "team.stranger_wrote"
    await turn.say(Message(turn.words(key)))


def _addressed(message: TelegramMessage, bot_username: str) -> bool:
    replied_to = message.reply_to_message
    if replied_to is not None and replied_to.from_user is not None and replied_to.from_user.username == bot_username:
        return True
    named = message.parse_entities([MessageEntity.MENTION, MessageEntity.BOT_COMMAND]).values()
    mention = f"@{bot_username}".lower()
    return any(name.lower().endswith(mention) or ("@" not in name) for name in named)


def register(application: App) -> None:
    """Hear what nobody else heard in groups."""
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & filters.ChatType.GROUPS, take_group_message))
