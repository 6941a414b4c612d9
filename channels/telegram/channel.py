"""Telegram as a channel: the bot's account, by polling or behind a webhook."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError

from channels.base import CannotStart, Channel, Process
from channels.telegram.address import CHANNEL
from channels.telegram.errors import is_transient
from channels.telegram.menu import offer_menu
from channels.telegram.pacing import Pace, Pacer
from channels.telegram.polling import Polling
from channels.telegram.request import AiohttpRequest
from channels.telegram.settings import Config, TelegramSettings
from channels.telegram.transport import TelegramTransport
from channels.telegram.updates import KINDS, TelegramUpdate, number_of
from channels.telegram.webhook import MAX_BODY_BYTES, webhook
from models.duty_lock import DutyLock
from qr.link import BotAddress
from services.resources import Resources
from texts.terminal import os_reason, sentence

log = logging.getLogger(__name__)

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)  # what the library stumbles over in an odd answer


def telegram_channel(config: Config, resources: Resources) -> "TelegramChannel":
    """Return Telegram as the settings have it. Raises ConfigError without a token."""
    sending = config.sending
    pace = Pace(sending.per_second, sending.per_chat_per_second, sending.per_group_per_minute)
    return TelegramChannel(config.telegram, pace, resources)


class TelegramChannel(Channel):
    """The bot's account on Telegram."""

    name = CHANNEL

    def __init__(self, settings: TelegramSettings, pace: Pace, resources: Resources) -> None:
        self._settings = settings
        self._resources = resources
        self._process: Process | None = None
        self._menu: asyncio.Task[None] | None = None
        self._site: web.AppRunner | None = None
        self._requests = AiohttpRequest()
        self._get_updates = AiohttpRequest(connections=2)
        api = settings.api_base_url.rstrip("/")
        self.bot = Bot(
            settings.require_token(),
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._requests,
            get_updates_request=self._get_updates,
        )
        self.transport = TelegramTransport(self.bot, Pacer(pace))

    async def start(self, process: Process) -> None:
        self._process = process
        try:
            await self.bot.initialize()
            self.bot_address = BotAddress(self.bot.username, self._settings.link_base_url)
            self._menu = asyncio.create_task(offer_menu(self.bot))
            if self._settings.webhook_url is None:
                await self.bot.delete_webhook()
            else:
                await self._listen(self._settings.webhook_url)
        except InvalidToken:
            raise CannotStart(sentence("cli.token_unknown")) from None
        except (TelegramError, *_UNREADABLE) as error:
            kind = NetworkError if isinstance(error, _UNREADABLE) else type(error)
            server = self._settings.api_base_url
            raise CannotStart(sentence("cli.bot_api_away", server=server, kind=kind.__name__)) from None
        except OSError as error:
            raise CannotStart(sentence("cli.webhook_deaf", reason=os_reason(error))) from None

    async def run(self, stop: asyncio.Event) -> None:
        if self._site is not None:
            await stop.wait()
            await self._stop_listening()
            return
        duty = DutyLock(self._resources.database, "polling")  # Telegram refuses a second process that polls
        await Polling(self.process, self._get_updates, self.bot.base_url, duty).run(stop)

    async def close(self) -> None:
        await self._stop_listening()
        if self._menu is not None:
            self._menu.cancel()
            await asyncio.gather(self._menu, return_exceptions=True)
        await self.bot.shutdown()
        for request in (self._requests, self._get_updates):  # the library leaves them open when it could not start
            await request.shutdown()

    def restored(self, update_id: str, packed: bytes) -> TelegramUpdate:
        return TelegramUpdate(int(update_id), json.loads(packed), self.bot)

    def is_transient(self, error: BaseException) -> bool:
        return is_transient(error)

    async def process(self, raw: Mapping[str, Any]) -> None:
        """Process one raw update. Returns when it may be acknowledged; raises NotDone otherwise."""
        if self._process is None:
            raise RuntimeError("the channel is not started")
        number = number_of(raw)
        if number is None:
            log.error("something came in that is no update; it is dropped")
        else:
            await self._process(TelegramUpdate(number, raw, self.bot))

    async def _listen(self, url: str) -> None:
        """Listen where the webhook's address leads, and have Telegram deliver there."""
        settings = self._settings
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else self._derived_secret()
        site = web.Application(client_max_size=MAX_BODY_BYTES)
        site.router.add_post(urlsplit(url).path or "/", webhook(self.process, secret))
        self._site = web.AppRunner(site, access_log=None)
        await self._site.setup()
        await web.TCPSite(self._site, settings.webhook_host, settings.webhook_port).start()
        await self.bot.set_webhook(
            url, secret_token=secret, allowed_updates=list(KINDS), max_connections=settings.max_connections
        )

    async def _stop_listening(self) -> None:
        if self._site is not None:
            await self._site.cleanup()

    def _derived_secret(self) -> str:
        """Return the webhook's secret where none is set: the same at every start."""
        return hmac.new(self._resources.keyring.callback_secret, b"webhook", hashlib.sha256).hexdigest()
