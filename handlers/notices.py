"""The rendering of each kind of notice; it runs just before the notice is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from models.states import NotEntitled
from services.access.member import Member
from services.delivery.reader import Reader
from services.delivery.transport import Capabilities
from services.notice import NOTICES, Notice
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentGone
from texts.catalogue import Words
from texts.message import Button, Message

DESK = "/desk"  # where on the pages the staff work
WAITING = f"{DESK}/waiting/"  # and what stands in the link of a mail

NoticeT = TypeVar("NoticeT", bound=Notice)
Rendering = Callable[[UnitOfWork, Reader, NoticeT], Awaitable[Message | None]]


@dataclass(frozen=True)
class StaffReader:
    """A staff member for whom a notice is rendered, in their language, and what their channel can do."""

    who: Member
    words: Words
    capabilities: Capabilities = field(default_factory=Capabilities)


StaffRendering = Callable[[UnitOfWork, StaffReader, NoticeT], Awaitable[Message | None]]

RENDERINGS: dict[type[Notice], Rendering[Any]] = {}


def renders(kind: type[NoticeT]) -> Callable[[Rendering[NoticeT]], Rendering[NoticeT]]:
    """Return the decorator of a notice's rendering for any reader. Raises ValueError when there is one already.

    A rendering returns None when there is nothing to say any more: the case was handed on, the item cleared.
    """

    def register(rendering: Rendering[NoticeT]) -> Rendering[NoticeT]:
        if kind in RENDERINGS:
            raise ValueError(f"Two renderings of {kind.__name__}.")
        RENDERINGS[kind] = rendering
        return rendering

    return register


def renders_for_staff(
    kind: type[NoticeT],
) -> Callable[[StaffRendering[NoticeT]], StaffRendering[NoticeT]]:
    """Return the decorator of a function that renders a notice for staff alone.

    Nothing is sent to other readers, to staff who have left, and where the function raises NotEntitled. Where it raises
    AttachmentGone, they are told that a file is.
    """

    def register(rendering: StaffRendering[NoticeT]) -> StaffRendering[NoticeT]:
        async def for_any_reader(work: UnitOfWork, reader: Reader, notice: NoticeT) -> Message | None:
            who = await reader.member(work)
            try:
                if who is None:
                    return None
                return await rendering(work, StaffReader(who, reader.words, reader.capabilities), notice)
            except NotEntitled:
                return None
            except AttachmentGone:
                return Message(reader.words("common.file_gone"))

        renders(kind)(for_any_reader)
        return rendering

    return register


async def render(work: UnitOfWork, reader: Reader, notice: Notice) -> Message | None:
    """Return a notice as its reader may read it now; None when there is nothing to say any more.

    Where the channel may carry no content, the message says only that something waits, and of what kind; where it takes
    no files, that there is one.
    """
    message: Message | None = await RENDERINGS[type(notice)](work, reader, notice)
    if message is not None and not (reader.capabilities.content or notice.is_said_everywhere):
        return _in_brief(work, reader, notice)
    if message is None or message.upload is None or reader.capabilities.files:
        return message.folded if message is not None else None
    text = "\n".join(filter(None, (message.text, reader.words("common.file_not_here"))))
    return replace(message, text=text, upload=None).folded


def _in_brief(work: UnitOfWork, reader: Reader, notice: Notice) -> Message | None:
    words = reader.words
    if notice.brief is None:
        return None
    text = words("brief.text", waits=words(f"brief.{notice.brief}"))
    if work.public_url is None:
        return Message(text)
    pages = Button(words.plain("brief.open"), url=work.public_url + WAITING + reader.link)
    return Message(text, ((pages,),))


class NothingRenders(Exception):
    """A kind of notice has no rendering, which is a programming error."""


def require_renderings() -> None:
    """Raise NothingRenders unless every kind of notice has a rendering."""
    missing = sorted(notice.__name__ for notice in NOTICES.values() if notice not in RENDERINGS)
    if missing:
        raise NothingRenders(f"Nothing renders {', '.join(missing)}; see handlers.notices.renders.")
