"""Who reads a notice, and what renders it for them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from models.recipient import Recipient
from models.states import NotEntitled
from privacy.trail import Trail
from services.access.member import Member, member
from services.delivery.transport import Capabilities
from services.notice import Notice
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message


@dataclass(frozen=True)
class Reader:
    """Who a notice is rendered for, and what the channel can do on which it reaches them.

    With a `trail` the message will be one of a resident's conversation. `link` is what stands in the link of a message
    that says no more than that something waits.
    """

    recipient: Recipient
    words: Words
    trail: Trail | None = None
    capabilities: Capabilities = field(default_factory=Capabilities)
    link: str = ""

    async def member(self, work: UnitOfWork) -> Member | None:
        """Return the staff member who reads it; None when it is nobody on the staff, or they have left."""
        if self.recipient.staff_id is None:
            return None
        try:
            return await member(work.session, self.recipient.staff_id)
        except NotEntitled:
            return None


# Returns None when there is nothing to say any more: the case was handed on, the item cleared.
RenderNotice: TypeAlias = Callable[[UnitOfWork, Reader, Notice], Awaitable[Message | None]]
