"""What a channel is: how it is started, what it receives, what carries its messages, and how it is ended."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from handlers.context import Toast
from handlers.incoming import UnfitFile, Update
from media.kinds import Cleaned
from models import transient_errors
from models.address import Address
from qr.link import BotAddress
from services.delivery.transport import Transport


class CannotStart(Exception):
    """The service of a channel, or the network, does not let it start; the message is one sentence with the remedy."""


class NotDone(Exception):
    """An update was rolled back and must come again."""


@dataclass(frozen=True)
class Origin:
    """Where an update came from, as far as it can be told without reading it."""

    chat: Address | None  # None: nobody can be told anything
    sender: Address | None = None  # the private chat of whoever wrote or pressed
    is_private: bool = True  # a chat with one person, not a group
    language_code: str | None = None  # of the sender's client, IETF
    message_id: int | None = None  # of the message they wrote


class RemoteFile(Protocol):
    """A file that came in and lies with the channel's service."""

    is_photo: bool  # it takes little time to re-make
    size: int  # bytes, at most
    is_too_large: bool  # for the service to hand over, by what it says itself

    async def download(self) -> bytes | UnfitFile:
        """Return its content as it is, or why it cannot be taken; raise what passes by itself when it is cut short."""


class ReceivedUpdate(ABC):
    """An update as a channel received it. What only the channel knows about it is here, the rest in `channels.updates`.

    `id` is the same each time the update comes, at most 64 characters, and leads to nobody.
    """

    id: str
    origin: Origin

    @property
    def file(self) -> RemoteFile | None:
        """The file that came with it, to be fetched if one is expected."""
        return None

    @abstractmethod
    def read(self, file: Cleaned | UnfitFile | None) -> Update | None:
        """Return it in the form all channels share, with its file re-made; None when nothing answers it.

        What it raises counts as a failure of this update.
        """

    def pack(self) -> bytes:
        """Return what `Channel.restored` reads it from again, with nothing in it that is not needed for that.

        Only a channel by which files come needs it: what comes after a file waits with it.
        """
        raise NotImplementedError

    @abstractmethod
    def answer_press(self, toast: Toast) -> Coroutine[Any, Any, None]:
        """Return what tells whoever pressed a button what came of it: it runs after the commit, at best effort.

        It may run on for a while, so it holds nothing of the update but what names the press.
        """


Process: TypeAlias = Callable[[ReceivedUpdate], Awaitable[None]]


class Channel(ABC):
    """A way to reach people, and to be reached by them.

    Several may run at once; which of them carries a message is decided by the name in its address.
    """

    name: str  # what its addresses bear
    transport: Transport  # what carries messages to them, and says what the channel is capable of
    bot_address: BotAddress | None = None  # whom a link with a code opens; None when nobody comes in by one

    @abstractmethod
    async def start(self, process: Process) -> None:
        """Connect, and be ready to hand each update that comes in to `process`. Raises CannotStart.

        An update may be acknowledged to the service once `process` returns. When it raises NotDone, the update must be
        processed again, and of its chat nothing else before it.
        """

    async def run(self, stop: asyncio.Event) -> None:
        """Take in what comes until told to stop, and finish what is under way; raise what makes that impossible."""
        await stop.wait()

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection, also of one that could not be started; no message goes out any more."""

    def restored(self, update_id: str, packed: bytes) -> ReceivedUpdate:
        """Return an update as it came in, from what its `pack` returned."""
        raise NotImplementedError

    def is_transient(self, error: BaseException) -> bool:
        """Whether the same update may well succeed later."""
        return transient_errors.is_transient(error)
