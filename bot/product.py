"""The running product: updates in, messages out, the clock between them."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.clock import Clock, Duty
from bot.pages import MakePages
from channels.base import Channel
from channels.files import FileFetcher
from channels.updates import FileExpected, Route, UpdateProcessor
from handlers.notices import render
from media.process import Cleaner
from models.duty_lock import DutyLock
from qr.link import Links
from services.ahead import in_worker
from services.cases.texts_on_phones import note_left
from services.delivery.delivery import Delivery
from services.delivery.marking import Marker
from services.delivery.sender import Sender
from services.intake.preparation import prepare
from services.people.reach import mark_reachable
from services.people.undelivered import follow_up
from services.people.unreachable import note_unreachable
from services.resources import Resources

if TYPE_CHECKING:
    from web.pages import Pages


class Product:
    """The parts of one running process.

    `route` hands an update to the right handler, `file_expected` knows which files anybody waits for, `duties` are
    what the clock does. A message that could not be sent is tried again after `first_retry`. `pages` makes the
    pages.
    """

    def __init__(
        self,
        resources: Resources,
        channels: Sequence[Channel],
        route: Route,
        file_expected: FileExpected,
        duties: Sequence[Duty],
        first_retry: timedelta,
        pages: MakePages | None = None,
    ) -> None:
        self._stop = asyncio.Event()
        self._parts: list[asyncio.Task[None]] = []  # none of them ends before the product does
        self._reading: asyncio.Task[None] | None = None  # the lexicons, beside all else
        self.resources = resources
        self.database, self.keyring = resources.database, resources.keyring
        self.attachment_store = resources.attachment_store
        self.channels = {channel.name: channel for channel in channels}
        cleaner = Cleaner()
        fetcher = FileFetcher(cleaner)
        # Browsers have room of their own: how slowly they send is up to them.
        self.pages = pages(FileFetcher(cleaner).fetch, self._committed, self._links) if pages else None
        carriers: list[Channel | Pages] = [*channels, *([self.pages] if self.pages else [])]
        delivery = Delivery(resources, {carrier.name: carrier.transport for carrier in carriers}, render)
        marker = Marker(follow_up, note_unreachable, mark_reachable, note_left, first_retry)
        self.sender = Sender(resources, delivery, marker, DutyLock(self.database, "sender"))
        self.clock = Clock(duties, resources, self.sender.wake)
        self._processors = {
            channel.name: UpdateProcessor(
                channel, resources, route, file_expected, self._links, self.sender.wake, fetcher
            )
            for channel in channels
        }

    async def start(self) -> None:
        """Begin to work. Raises CannotStart when a channel does not let us in."""
        await self.start_channels()
        if self.pages is not None:
            await self.pages.start()
        self._reading = asyncio.create_task(in_worker(prepare))
        self.time_moved()
        self._spawn(self.sender.run(self._stop))
        self._spawn(self.clock.run(self._stop))
        for name, channel in self.channels.items():
            self._spawn(self._processors[name].run(self._stop))
            self._spawn(channel.run(self._stop))

    async def start_channels(self) -> None:
        """Connect every channel, without taking in anything by ourselves. Raises CannotStart."""
        for name, channel in self.channels.items():
            await channel.start(self._processors[name].process)

    async def stop(self) -> None:
        """Finish what is under way and let go of everything."""
        self._stop.set()
        if self.pages is not None:
            await self.pages.close()
        await asyncio.gather(*self._parts, *([self._reading] if self._reading else []), return_exceptions=True)
        for processor in self._processors.values():
            await processor.settle()
        for channel in self.channels.values():
            await channel.close()
        await self.database.close()

    async def failed(self) -> None:
        """Return only by raising, when a part has stopped that must not."""
        done, _ = await asyncio.wait(self._parts, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if not task.cancelled():
                task.result()
        if not self._stop.is_set():
            raise RuntimeError("A part of the product ended by itself.")

    async def idle(self) -> None:
        """Return once no update, press or duty is in hand and nothing that is queued is due."""
        await self.resources.activity.idle()

    def time_moved(self) -> None:
        """Look at once what is due: the product's time was moved by hand."""
        self.clock.wake()
        self.sender.wake()

    def _committed(self) -> None:
        self.sender.wake()

    def _links(self) -> Links:
        """Return where links lead; the bot is the one of the first channel that people come in to by a link."""
        bots = [channel.bot_address for channel in self.channels.values() if channel.bot_address]
        return Links(self.resources.public_url, bots[0] if bots else None)

    def _spawn(self, part: Coroutine[Any, Any, None]) -> None:
        self._parts.append(asyncio.create_task(part))
