"""Where codes lead: to a page, or to a bot that is handed their token."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

NOTICE_PATH = "/r/"  # of the page that a printed code opens; the token follows
INVITATION_PATH = "/desk/join/"  # of the page that an invitation opens
RESULTS_PATH = "/results/"  # of the public page of a round; its id follows
POLL_PATH = "/poll"  # of the page on which the code of a poll is typed; of the poll itself, a slash and the code follow

_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,32}")


class NothingToLeadTo(ValueError):
    """There is neither a page nor a bot that a code could open."""


@dataclass(frozen=True)
class BotAddress:
    """A bot that people open by a link. `base` is `https://t.me`, or a stand-in's address."""

    username: str  # without the @
    base: str = "https://t.me"

    def link(self, token: str) -> str:
        """Returns the address that opens a private chat with the bot and starts it with the token.

        Raises ValueError for a name or token that Telegram would drop in silence.
        """
        if not _USERNAME.fullmatch(self.username):
            raise ValueError(f"a bot's username is letters, digits and _, without the @, not {self.username!r}")
        if not _START_PARAMETER.fullmatch(token):
            raise ValueError(f"a deep link carries 1 to 64 characters of A-Z a-z 0-9 _ -, not {token!r}")
        return f"{self.chat}?start={token}"

    @property
    def chat(self) -> str:
        """The address that opens a private chat with the bot."""
        return f"{self.base.rstrip('/')}/{self.username}"


@dataclass(frozen=True)
class Links:
    """Decides where codes and invitations lead: to the pages where they have an address, otherwise to the bot."""

    pages: str | None = None  # where people reach them
    bot: BotAddress | None = None

    @property
    def bot_username(self) -> str:
        """The bot's username, without the @; empty without a bot."""
        return self.bot.username if self.bot else ""

    def of_code(self, token: str) -> str:
        """Returns what a printed code says. Raises NothingToLeadTo."""
        return self._to(NOTICE_PATH, token)

    def of_invitation(self, token: str) -> str:
        """Returns what the invitation of somebody on the staff says. Raises NothingToLeadTo."""
        return self._to(INVITATION_PATH, token)

    @property
    def to_come_back(self) -> str:
        """Where somebody comes back with a receipt code: the first page, or the bot's chat; nothing without either."""
        if self.pages is not None:
            return f"{self.pages.rstrip('/')}/"
        return self.bot.chat if self.bot else ""

    def _to(self, path: str, token: str) -> str:
        if self.pages is not None:
            return f"{self.pages.rstrip('/')}{path}{token}"
        if self.bot is None:
            raise NothingToLeadTo("there is neither a page nor a bot that a code could open")
        return self.bot.link(token)


def bot_username(link: str) -> str | None:
    """Returns whose chat a link opens; None for the address of a page."""
    parts = urlsplit(link)
    return parts.path.rpartition("/")[2] if "start" in parse_qs(parts.query) else None


def site(link: str) -> str:
    """Returns whose page a link opens, as people read it in their browser."""
    return urlsplit(link).netloc
