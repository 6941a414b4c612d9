"""Deep links: addresses that open the bot and hand it a token."""

import re
from urllib.parse import urlsplit

_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,32}")


def deep_link(base: str, bot_username: str, token: str) -> str:
    """Returns the address that opens a private chat with the bot and starts it with the token.

    `base` is `https://t.me`, or a stand-in's address. Raises ValueError for a name or token that Telegram
    would drop in silence.
    """
    if not _USERNAME.fullmatch(bot_username):
        raise ValueError(f"a bot's username is letters, digits and _, without the @, not {bot_username!r}")
    if not _START_PARAMETER.fullmatch(token):
        raise ValueError(f"a deep link carries 1 to 64 characters of A-Z a-z 0-9 _ -, not {token!r}")
    return f"{base.rstrip('/')}/{bot_username}?start={token}"


def bot_username(link: str) -> str:
    """Returns whose chat a deep link opens."""
    return urlsplit(link).path.rpartition("/")[2]
