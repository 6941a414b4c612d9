"""How a channel carries messages, whichever it is: what it can do, and what may come of a delivery."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Protocol, TypeAlias

from models.address import Address
from texts.message import Message


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do with a message, as far as anything but its transport must know it."""

    files: bool = True
    deletion: bool = True
    editing: bool = True
    content: bool = True  # without it, no more is said than that something waits, and of what kind
    push: bool = True  # something can be said later, without being asked
    commands: bool = True  # people can write a word such as /items to have something shown

    @cached_property
    def lacking(self) -> tuple[str, ...]:
        """The names of those it has not: some sentences read otherwise without them (`texts.catalogue.Words`)."""
        return tuple(one.name for one in fields(self) if not getattr(self, one.name))


EVERYTHING = Capabilities()


@dataclass(frozen=True)
class Sent:
    """It arrived, as a message of this number in its chat."""

    message_id: int


@dataclass(frozen=True)
class Deleted:
    """What could be deleted is gone; so many messages stay, because they are too old or the channel deletes nothing."""

    left: int = 0


@dataclass(frozen=True)
class Later:
    """Not now; after so many seconds, or when the sender thinks fit."""

    seconds: float | None = None


@dataclass(frozen=True)
class Unreachable:
    """Nobody is there, or they do not want to hear from us."""

    reason: str


@dataclass(frozen=True)
class MayNotWrite:
    """The chat is there, and we must not write in it until somebody lets us."""

    reason: str


@dataclass(frozen=True)
class Moved:
    """The chat is to be reached at another address from now on."""

    address: Address


@dataclass(frozen=True)
class Refused:
    """It will never be taken as it is. The reason repeats nothing of the message."""

    reason: str


ChannelAnswer: TypeAlias = Sent | Deleted | Later | Unreachable | MayNotWrite | Moved | Refused


# Whether a message may still go, asked when nothing is left to be waited for.
MaySend: TypeAlias = Callable[[], Awaitable[bool]]


async def always() -> bool:
    """Let a message go whenever it may."""
    return True


class Transport(Protocol):
    """Carries messages on one channel, at the pace the channel allows; a smaller priority goes first.

    What the channel says against a message is an answer, not an error. `may_send` is asked right before each call: the
    process may have been frozen while it waited, and another have sent the message meanwhile.
    """

    capabilities: Capabilities

    async def send(
        self,
        address: Address,
        message: Message,
        *,
        replaces: int | None = None,
        priority: int = 0,
        may_send: MaySend = always,
    ) -> ChannelAnswer:
        """Say a message with its choices; in place of the one of the given number, if that can still be changed.

        A channel that cannot edit says it anew, unless it is what it said there last. How choices and long texts are
        shown is its own affair too. Only one that takes files is given an upload; where it does not take this one, it
        says what is to be said instead.
        """

    async def delete(
        self, address: Address, message_ids: Sequence[int], *, priority: int = 0, may_send: MaySend = always
    ) -> ChannelAnswer:
        """Delete messages of a chat; those that are gone are let be, and those too old to be deleted are counted.

        Only a channel that can delete is asked.
        """
