"""The menu of commands that a phone shows beside the text field."""

import logging

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from channels.telegram.transport import TelegramTransport
from handlers.resident.menu import menu
from texts.catalogue import SOURCE, Words

log = logging.getLogger(__name__)

# Telegram tells languages apart, not scripts: Chinese of either kind, and whatever else, reads the source.
CATALOGUES = {None: SOURCE, "en": "en"}


async def offer_menu(bot: Bot) -> None:
    """Tell Telegram the commands for residents; without a menu the product works all the same."""
    try:
        for code, language in CATALOGUES.items():
            offered = menu(Words(language), TelegramTransport.capabilities)
            commands = [BotCommand(name, what) for name, what in offered.items()]
            await bot.set_my_commands(commands, BotCommandScopeAllPrivateChats(), language_code=code)
    except TelegramError as error:
        log.warning("the menu of commands could not be set: %s", type(error).__name__)
