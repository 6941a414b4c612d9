"""Notices in tests: as they would be sent, and such as no product has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from handlers.notices import RENDERINGS, Rendering, render, renders
from models.recipient import Recipient
from services.delivery.reader import Reader
from services.notice import NOTICES, Notice
from services.outbox import OutgoingMessage
from services.packing import pack, unpack
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message


async def rendered_for(work: UnitOfWork, recipient: str, notice: Any, language: str = "zh_Hans") -> Message | None:
    """Return what would be sent to a recipient, written as in the outbox, now."""
    return await render(work, Reader(Recipient.parse(recipient), Words(language)), notice)


def notice_of(kind: str, args: dict[str, Any]) -> Notice:
    """Return a notice of a kind, made of its fields."""
    return unpack(NOTICES[kind], args)


def args_of(outgoing: OutgoingMessage) -> dict[str, Any]:
    """Return the fields of what an outgoing message says."""
    return pack(outgoing.content)


@contextmanager
def a_notice(kind: str, rendering: Rendering[Notice] | None = None) -> Iterator[Notice]:
    """Return a notice that is known meanwhile, with its rendering if it has any."""

    @dataclass(frozen=True)
    class Known(Notice, kind=kind):
        pass

    if rendering is not None:
        renders(Known)(rendering)
    try:
        yield Known()
    finally:
        del NOTICES[kind]
        RENDERINGS.pop(Known, None)
