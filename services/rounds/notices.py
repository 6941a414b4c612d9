"""What is told of codes."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class NewCode(Notice, kind="new_code"):
    """To a director: what to print in place of a code."""

    serial: str
    link: str
    bot: str = ""  # the bot's username, where there is one
