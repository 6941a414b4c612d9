"""Notices: messages the product sends on its own, rendered when they are sent, so that they show the present state."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.registry import Registry
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message


@dataclass(frozen=True)
class Reader:
    """Who a notice is rendered for."""

    recipient: str  # as in the outbox: staff:P05, board:T1, reporter:<complaint>
    words: Words

    @property
    def staff_id(self) -> str | None:
        """The staff member, when it is one."""
        kind, _, name = self.recipient.partition(":")
        return name if kind == "staff" else None


# A renderer returns None when there is nothing to say any more: the case was handed on, the item cleared.
Renderer = Callable[[UnitOfWork, Reader, Mapping[str, Any]], Awaitable[Message | None]]

RENDERERS: Registry[Renderer] = Registry()
renders = RENDERERS.named
