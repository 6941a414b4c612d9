"""The running product: updates in, messages out, the clock between them."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web
from telegram import Bot

from bot.clock import Clock, Duty
from channels.base import Channel, Route, UpdateHandler
from channels.telegram.address import CHANNEL
from channels.telegram.failures import KINDS
from channels.telegram.menu import offer_menu
from channels.telegram.pacing import Pace, Pacer
from channels.telegram.polling import Polling
from channels.telegram.request import AiohttpRequest
from channels.telegram.transport import TelegramTransport
from channels.telegram.updates import FileExpected, UpdateProcessor
from channels.telegram.webhook import webhook
from handlers.context import BotLinks
from handlers.notices import render
from models.database import Database
from models.duty_lock import DutyLock
from privacy.keyring import Keyring
from services.delivery.delivery import Delivery
from services.delivery.marking import Marker
from services.delivery.sender import Sender
from services.delivery.transport import Transport
from services.people.unreachable import give_up, note_unreachable
from services.resources import Resources
from storage.bucket_address import BucketAddress
from storage.folder import AttachmentStore, Vault


@dataclass(frozen=True)
class Door:
    """Where the webhook listens. `url` is the public address, `secret` what Telegram must show."""

    url: str
    host: str
    port: int
    secret: str | None = None
    max_connections: int = 40


@dataclass(frozen=True)
class Plan:
    """What a running product is made of; without a door it polls."""

    token: str = field(repr=False)
    api_base_url: str
    database_url: str = field(repr=False)  # it may hold a password
    keyring_path: Path
    files_path: Path
    zone: ZoneInfo
    pace: Pace = field(default_factory=Pace)
    door: Door | None = None
    link_base_url: str = "https://t.me"
    bucket: BucketAddress | None = None  # attachments lie here rather than in the folder
    first_wait: timedelta = timedelta(seconds=1)  # before the first retry of a message; it doubles from there


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def store_of(folder: Path, bucket: BucketAddress | None) -> AttachmentStore:
    """Return where attachments are kept."""
    if bucket is None:
        return Vault(folder)
    from storage.bucket import Bucket

    return Bucket(bucket)


class Product:
    """The parts of one running process.

    `route` hands an update to the right handler, `file_expected` knows which files anybody waits for, `duties` are
    what the clock does. `channels` are those beside Telegram.
    """

    def __init__(
        self,
        plan: Plan,
        route: Route,
        file_expected: FileExpected,
        duties: Sequence[Duty],
        clock: Callable[[], datetime] = utc_now,
        channels: Sequence[Channel] = (),
    ) -> None:
        self._plan = plan
        self._stop = asyncio.Event()
        self._parts: list[asyncio.Task[None]] = []  # none of them ends before the product does
        self._menu: asyncio.Task[None] | None = None
        self._site: web.AppRunner | None = None
        self.keyring = Keyring.open(plan.keyring_path)
        self.vault = store_of(plan.files_path, plan.bucket)
        self.database = Database(plan.database_url)
        api = plan.api_base_url.rstrip("/")
        self._requests = AiohttpRequest()
        self._get_updates = AiohttpRequest(connections=2)
        self.bot = Bot(
            plan.token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._requests,
            get_updates_request=self._get_updates,
        )
        self._resources = shop = Resources(self.database, self.keyring, self.vault, plan.zone, clock)
        transports: dict[str, Transport] = {CHANNEL: TelegramTransport(self.bot, Pacer(plan.pace))}
        transports |= {channel.name: channel.transport for channel in channels}
        delivery = Delivery(shop, transports, render)
        marker = Marker(give_up, note_unreachable, plan.first_wait)
        self.sender = Sender(shop, delivery, marker, DutyLock(self.database, "sender"))
        self.updates = UpdateProcessor(self.bot, shop, route, file_expected, self.sender.wake, plan.link_base_url)
        self.clock = Clock(duties, shop, self.sender.wake)
        self._channels, self._route = channels, route

    async def start(self) -> None:
        """Begin to work. Raises telegram.error.TelegramError when the Bot API does not let us in."""
        await self.bot.initialize()
        self.time_moved()
        self._spawn(self.sender.run(self._stop))
        self._spawn(self.clock.run(self._stop))
        bot = self.bot
        self._menu = asyncio.create_task(offer_menu(bot))
        links = BotLinks(self._plan.link_base_url, bot.username)
        for channel in self._channels:
            capabilities = channel.transport.capabilities
            handler = UpdateHandler(self._resources, self._route, self.sender.wake, links, capabilities)
            await channel.start(handler.handle)
        if self._plan.door is None:
            await bot.delete_webhook()
            self._spawn(self._poll())
        else:
            await self._open_door(self._plan.door)

    async def stop(self) -> None:
        """Finish what is under way and let go of everything."""
        self._stop.set()
        for channel in self._channels:
            await channel.stop()
        if self._site is not None:
            await self._site.cleanup()
        if self._menu is not None:
            self._menu.cancel()
            await asyncio.gather(self._menu, return_exceptions=True)
        await asyncio.gather(*self._parts, return_exceptions=True)
        await self.updates.settle()
        await self.bot.shutdown()
        for request in (self._requests, self._get_updates):  # the library leaves them open when it could not start
            await request.shutdown()
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
        """Return once no update, press or duty is in hand and nothing that is owed is due."""
        await self._resources.activity.idle()

    def time_moved(self) -> None:
        """Look at once what is due: the product's time was moved by hand."""
        self.clock.wake()
        self.sender.wake()

    async def _poll(self) -> None:
        """Poll while the duty is ours; another process that serves the same bot waits its turn."""
        duty = DutyLock(self.database, "polling")
        await Polling(self.updates, self._get_updates, self.bot.base_url, duty).run(self._stop)

    async def _open_door(self, door: Door) -> None:
        secret = door.secret or hmac.new(self.keyring.callback_secret, b"webhook", hashlib.sha256).hexdigest()
        site = web.Application(client_max_size=1024 * 1024)
        site.router.add_post(urlsplit(door.url).path or "/", webhook(self.updates, secret))
        self._site = web.AppRunner(site, access_log=None)
        await self._site.setup()
        await web.TCPSite(self._site, door.host, door.port).start()
        await self.bot.set_webhook(
            door.url, secret_token=secret, allowed_updates=list(KINDS), max_connections=door.max_connections
        )

    def _spawn(self, part: Any) -> None:
        self._parts.append(asyncio.create_task(part))
