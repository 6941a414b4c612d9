"""The running product: updates in, messages out, the clock between them."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot

from bot.clock import Clock, Duty
from bot.config import Config
from bot.resources import make_resources, utc_now
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
from models.duty_lock import DutyLock
from services.ahead import in_worker
from services.delivery.delivery import Delivery
from services.delivery.marking import Marker
from services.delivery.sender import Sender
from services.delivery.transport import Transport
from services.intake.classify import prepare
from services.people.unreachable import give_up, note_unreachable


class Product:
    """The parts of one running process.

    `route` hands an update to the right handler, `file_expected` knows which files anybody waits for, `duties` are
    what the clock does. `channels` are those beside Telegram.
    """

    def __init__(
        self,
        config: Config,
        route: Route,
        file_expected: FileExpected,
        duties: Sequence[Duty],
        clock: Callable[[], datetime] = utc_now,
        channels: Sequence[Channel] = (),
    ) -> None:
        telegram, sending = config.telegram, config.sending
        self._telegram_settings = telegram
        self._stop = asyncio.Event()
        self._parts: list[asyncio.Task[None]] = []  # none of them ends before the product does
        self._menu: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None  # the lexicons, beside all else
        self._site: web.AppRunner | None = None
        self.resources = resources = make_resources(config, clock)
        self.database, self.keyring, self.attachment_store = (
            resources.database,
            resources.keyring,
            resources.attachment_store,
        )
        api = telegram.api_base_url.rstrip("/")
        self._requests = AiohttpRequest()
        self._get_updates = AiohttpRequest(connections=2)
        self.bot = Bot(
            telegram.require_token(),
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._requests,
            get_updates_request=self._get_updates,
        )
        pace = Pace(sending.per_second, sending.per_chat_per_second, sending.per_group_per_minute)
        transports: dict[str, Transport] = {CHANNEL: TelegramTransport(self.bot, Pacer(pace))}
        transports |= {channel.name: channel.transport for channel in channels}
        delivery = Delivery(resources, transports, render)
        marker = Marker(give_up, note_unreachable, timedelta(seconds=sending.first_retry_seconds))
        self.sender = Sender(resources, delivery, marker, DutyLock(self.database, "sender"))
        self.updates = UpdateProcessor(
            self.bot, resources, route, file_expected, self.sender.wake, telegram.link_base_url
        )
        self.clock = Clock(duties, resources, self.sender.wake)
        self._channels, self._route = channels, route

    async def start(self) -> None:
        """Begin to work. Raises telegram.error.TelegramError when the Bot API does not let us in."""
        await self.bot.initialize()
        self._reading = asyncio.create_task(in_worker(prepare))
        self.time_moved()
        self._spawn(self.sender.run(self._stop))
        self._spawn(self.clock.run(self._stop))
        self._menu = asyncio.create_task(offer_menu(self.bot))
        links = BotLinks(self._telegram_settings.link_base_url, self.bot.username)
        for channel in self._channels:
            capabilities = channel.transport.capabilities
            handler = UpdateHandler(self.resources, self._route, self.sender.wake, links, capabilities)
            await channel.start(handler.handle)
        if self._telegram_settings.webhook_url is None:
            await self.bot.delete_webhook()
            self._spawn(self._poll())
        else:
            await self._listen(self._telegram_settings.webhook_url)

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
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)
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
        """Return once no update, press or duty is in hand and nothing that is queued is due."""
        await self.resources.activity.idle()

    def time_moved(self) -> None:
        """Look at once what is due: the product's time was moved by hand."""
        self.clock.wake()
        self.sender.wake()

    async def _poll(self) -> None:
        """Poll while the duty is ours; another process that serves the same bot waits its turn."""
        duty = DutyLock(self.database, "polling")
        await Polling(self.updates, self._get_updates, self.bot.base_url, duty).run(self._stop)

    async def _listen(self, url: str) -> None:
        """Listen where the webhook's address leads, and have Telegram deliver there."""
        settings = self._telegram_settings
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else self._derived_secret()
        site = web.Application(client_max_size=1024 * 1024)
        site.router.add_post(urlsplit(url).path or "/", webhook(self.updates, secret))
        self._site = web.AppRunner(site, access_log=None)
        await self._site.setup()
        await web.TCPSite(self._site, settings.webhook_host, settings.webhook_port).start()
        await self.bot.set_webhook(
            url, secret_token=secret, allowed_updates=list(KINDS), max_connections=settings.max_connections
        )

    def _derived_secret(self) -> str:
        """Return the webhook's secret where none is set: the same at every start."""
        return hmac.new(self.keyring.callback_secret, b"webhook", hashlib.sha256).hexdigest()

    def _spawn(self, part: Coroutine[Any, Any, None]) -> None:
        self._parts.append(asyncio.create_task(part))
