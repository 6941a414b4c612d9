"""How notices read: the function that renders each kind, just before it is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from models.states import NotEntitled
from services.access.member import Member
from services.delivery.reader import Reader
from services.delivery.transport import Capabilities
from services.notice import NOTICES, Notice
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message

Told = TypeVar("Told", bound=Notice)
Rendering = Callable[[UnitOfWork, Reader, Told], Awaitable[Message | None]]


@dataclass(frozen=True)
class StaffReader:
    """A staff member for whom a notice is rendered, in their language, and what their channel can do."""

    who: Member
    words: Words
    capabilities: Capabilities = field(default_factory=Capabilities)


StaffRendering = Callable[[UnitOfWork, StaffReader, Told], Awaitable[Message | None]]

RENDERINGS: dict[type[Notice], Rendering[Any]] = {}


def renders(notice: type[Told]) -> Callable[[Rendering[Told]], Rendering[Told]]:
    """Return the decorator of what renders a notice for any reader; raise ValueError when there is one already.

    A rendering returns None when there is nothing to say any more: the case was handed on, the item cleared.
    """

    def enter(rendering: Rendering[Told]) -> Rendering[Told]:
        if notice in RENDERINGS:
            raise ValueError(f"Two renderings of {notice.__name__}.")
        RENDERINGS[notice] = rendering
        return rendering

    return enter


def renders_for_staff(notice: type[Told]) -> Callable[[StaffRendering[Told]], StaffRendering[Told]]:
    """Return the decorator of what renders a notice for staff alone.

    To others, to who has left, and to whom it raises NotEntitled, nothing is said.
    """

    def enter(rendering: StaffRendering[Told]) -> StaffRendering[Told]:
        async def for_anybody(work: UnitOfWork, reader: Reader, told: Told) -> Message | None:
            who = await reader.member(work)
            try:
                if who is None:
                    return None
                return await rendering(work, StaffReader(who, reader.words, reader.capabilities), told)
            except NotEntitled:
                return None

        renders(notice)(for_anybody)
        return rendering

    return enter


async def render(work: UnitOfWork, reader: Reader, notice: Notice) -> Message | None:
    """Return a notice as its reader may read it now; None when there is nothing to say any more."""
    return await RENDERINGS[type(notice)](work, reader, notice)


class NothingRenders(Exception):
    """A kind of notice has no rendering: a mistake of whoever wrote it."""


def require_renderings() -> None:
    """Raise NothingRenders unless every kind of notice has a rendering."""
    missing = sorted(notice.__name__ for notice in NOTICES.values() if notice not in RENDERINGS)
    if missing:
        raise NothingRenders(f"Nothing renders {', '.join(missing)}; see handlers.notices.renders.")
