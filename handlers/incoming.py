"""Updates in the form all channels share: who wrote where, and what."""

from dataclasses import dataclass
from typing import TypeAlias

from media.kinds import Cleaned
from models.address import Address

NOT_EXPECTED = "not_awaited"  # not fetched, because no file is expected in this chat
TOO_LARGE = "too_large"  # in bytes: more than the channel hands over


@dataclass(frozen=True)
class UnfitFile:
    """A file that could not be taken, and the key of the sentence that says why."""

    reason: str


@dataclass(frozen=True)
class Command:
    """`/name args`; the name is in lower case, and empty for a command of another bot."""

    name: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """A text message; `points_elsewhere`: at something in another chat, which nobody here can see."""

    text: str
    points_elsewhere: bool = False


@dataclass(frozen=True)
class File:
    """A file with its caption; those of one album come one by one."""

    file: Cleaned | UnfitFile
    caption: str = ""
    album: str | None = None


@dataclass(frozen=True)
class FileLate:
    """A file that was sent is still on its way to us."""


@dataclass(frozen=True)
class Contact:
    """A card of a person."""

    name: str
    phone: str


@dataclass(frozen=True)
class Location:
    """A point in degrees, with the name of the place where there is one; `moves`: its sender shares where they go."""

    latitude: float
    longitude: float
    name: str = ""
    moves: bool = False


@dataclass(frozen=True)
class Unsupported:
    """Something else, by what the channel calls it: sticker, poll …"""

    kind: str
    caption: str = ""


@dataclass(frozen=True)
class Edit:
    """What an earlier message is now: its text or caption, and its file as it is now, if it has one."""

    text: str
    file: Cleaned | UnfitFile | None = None


@dataclass(frozen=True)
class ButtonPress:
    """A button under a message of ours was pressed; `data` is what the button carries."""

    data: str


@dataclass(frozen=True)
class BotAdded:
    """The bot was added to a group."""


@dataclass(frozen=True)
class BotRemoved:
    """The bot was removed from a group."""


@dataclass(frozen=True)
class BotSilenced:
    """The bot may not write in a group any more."""


@dataclass(frozen=True)
class BotHeard:
    """The bot may write in a group again."""


@dataclass(frozen=True)
class GroupMoved:
    """A group has another address from now on."""

    old: Address
    new: Address


UpdateContent: TypeAlias = (
    Command
    | Text
    | File
    | FileLate
    | Contact
    | Location
    | Unsupported
    | Edit
    | ButtonPress
    | BotAdded
    | BotRemoved
    | BotSilenced
    | BotHeard
    | GroupMoved
)


def goes_ahead(content: UpdateContent) -> bool:
    """Whether it need not wait for a file of its chat that is late: what somebody says, or that all is to be forgotten.

    Whoever is in danger is not to be heard only after their photo, and a press is on what the photo belongs to.
    """
    return isinstance(content, Text) or content == Command("forget")


@dataclass(frozen=True)
class Update:
    """One thing that came in. `message_id` is the channel's number of the message that was written, or pressed on."""

    address: Address  # of the chat
    is_private: bool  # a chat with one person, not a group
    content: UpdateContent
    sender: Address | None = None  # the private chat of whoever wrote or pressed
    language_code: str | None = None  # of their client, IETF
    message_id: int | None = None
    is_to_bot: bool = True  # in a group: named the bot, answered it or gave a command
