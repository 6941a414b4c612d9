"""What commands ask the Bot API: the bot's username."""

import json

from bot.config import Config

TIMEOUT_SECONDS = 20.0


class NoBot(Exception):
    """The Bot API does not tell which bot this is; the message is one sentence that says what to do."""


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
        raise NoBot(
            f"The Bot API at {server} cannot be reached ({type(error).__name__}); "
            "see that the network is up and that telegram.api_base_url is right."
        ) from None
    if status in (401, 404):
        raise NoBot(
            f"The Bot API at {server} does not know this token; copy it anew from @BotFather into telegram.token."
        )
    try:
        return str(json.loads(text)["result"]["username"])
    except (ValueError, KeyError, TypeError):
        raise NoBot(
            f"What answers at {server} (status {status}) is no Bot API; correct telegram.api_base_url."
        ) from None
