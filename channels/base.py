"""What every channel has in common: how it is started, and how what comes in from it is handled."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeAlias

from handlers.context import BotLinks, HandlerContext, Toast
from handlers.incoming import Update
from models.address import Address
from privacy.keyring import Keyring
from privacy.tags import lane
from services.access.member import member_at
from services.ahead import Results, with_results
from services.delivery.transport import Capabilities, Transport
from services.people.forms import open_form_of
from services.people.reach import mark_reachable
from services.resources import Resources
from services.unit_of_work import UnitOfWork

Route: TypeAlias = Callable[[HandlerContext], Awaitable[None]]
Handle: TypeAlias = Callable[[Update], Awaitable[Toast | None]]


class Channel(Protocol):
    """A way to reach people, and to be reached by them."""

    @property
    def name(self) -> str:
        """What its addresses bear."""

    @property
    def transport(self) -> Transport:
        """What carries messages to them."""

    async def start(self, handle: Handle) -> None:
        """Begin to take what comes in, and have it handled: of one chat one after another."""

    async def stop(self) -> None:
        """Take nothing more, and finish what is under way."""


class UpdateHandler:
    """Handles what comes in from one channel: each update in one transaction; `committed` is called after it."""

    def __init__(
        self,
        resources: Resources,
        route: Route,
        committed: Callable[[], None],
        links: BotLinks,
        capabilities: Capabilities,
    ) -> None:
        self._resources = resources
        self._route = route
        self._committed = committed
        self._links = links
        self._capabilities = capabilities

    async def handle(self, update: Update) -> Toast | None:
        """Handle an update and commit; return how a press is to be answered. When it raises, nothing was changed."""
        in_hand = object()
        self._resources.activity.begin(in_hand)
        try:
            answer = await with_results(partial(self._attempt, update))
            self._committed()
        finally:
            self._resources.activity.end(in_hand)
        return answer

    async def _attempt(self, update: Update, results: Results) -> Toast | None:
        key = lock_key(self._resources.keyring, update.address)
        async with self._resources.database.transaction(key=key) as session:
            work = self._resources.work(session, results)
            context = await context_of(work, update, update.sender, self._links, self._capabilities)
            if context is not None:
                await self._route(context)
        return context.answer if context is not None else None


async def context_of(
    work: UnitOfWork, update: Update | None, sender: Address | None, links: BotLinks, capabilities: Capabilities
) -> HandlerContext | None:
    """Return what the handlers work with; None when nobody answers what came in, though its sender can be reached."""
    member = await member_at(work.session, sender) if sender else None
    if member is not None and sender is not None:
        await mark_reachable(work, sender)
    if update is None:
        return None
    form = await open_form_of(work, member.id) if member else None
    return HandlerContext(work, update, member, form, links, capabilities)


def lock_key(keyring: Keyring, address: Address) -> int:
    """Return what keeps the updates of a chat apart across processes; the database shows it to whoever looks."""
    return int.from_bytes(bytes.fromhex(lane(keyring.lane_secret, address))[:8], signed=True)
