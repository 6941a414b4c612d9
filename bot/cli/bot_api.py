"""The one question that commands ask Telegram: who is our bot?"""

import json

from bot.config import Config

PATIENCE = 20.0  # seconds


class NoBot(Exception):
    """The bot cannot be asked for; the message is one sentence that says what to do."""


def token_of(config: Config) -> str:
    """Return the bot's token. Raises NoBot when there is none."""
    if config.telegram.token is None:
        raise NoBot(
            "There is no bot token; get one from @BotFather and put it into config.toml as telegram.token, "
            "or into XUNSHENG_TELEGRAM__TOKEN."
        )
    return config.telegram.token.get_secret_value()


async def bot_username(config: Config) -> str:
    """Ask the Bot API for the bot's username, without the @. Raises NoBot."""
    from aiohttp import ClientError, ClientSession, ClientTimeout

    server = config.telegram.api_base_url.rstrip("/")
    url = f"{server}/bot{token_of(config)}/getMe"
    try:
        async with ClientSession(timeout=ClientTimeout(PATIENCE)) as session, session.get(url) as response:
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
