"""What commands ask the Bot API: the bot's username, for where links lead."""

import json

from bot.config import Config
from qr.link import BotAddress, Links
from texts.terminal import sentence

TIMEOUT_SECONDS = 20.0


class NoBot(Exception):
    """The Bot API does not tell which bot this is; the message is one sentence that says what to do."""


async def links_of(config: Config) -> Links:
    """Return where links lead. Raises NoBot, and ConfigError when there are neither pages nor a token.

    The Bot API is asked where there is a token, and nobody otherwise.
    """
    from bot.channels import has_bot

    return Links(config.web.public_url, await bot_address(config) if has_bot(config) else None)


async def bot_address(config: Config) -> BotAddress:
    """Return whom links to the bot open. Raises NoBot, and ConfigError when there is no token."""
    return BotAddress(await bot_username(config), config.telegram.link_base_url)


async def bot_username(config: Config) -> str:
    """Ask the Bot API for the bot's username, without the @. Raises NoBot, and ConfigError when there is no token."""
    from aiohttp import ClientError, ClientSession, ClientTimeout

    server = config.telegram.api_base_url.rstrip("/")
    url = f"{server}/bot{config.telegram.require_token()}/getMe"
    try:
        async with ClientSession(timeout=ClientTimeout(TIMEOUT_SECONDS)) as session, session.get(url) as response:
            status, text = response.status, await response.text()
    except (ClientError, TimeoutError, ValueError) as error:
        # The text of the error would name the address, and the address holds the token.
        raise NoBot(sentence("cli.bot_api_away", server=server, kind=type(error).__name__)) from None
    if status in (401, 404):
        raise NoBot(sentence("cli.bot_token_unknown", server=server))
    try:
        return str(json.loads(text)["result"]["username"])
    except (ValueError, KeyError, TypeError):
        raise NoBot(sentence("cli.no_bot_api", server=server, status=status)) from None
