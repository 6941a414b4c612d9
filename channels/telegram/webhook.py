"""Receives updates by webhook, and answers each when it is processed."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from channels.base import NotDone

BODY_SECONDS = 30.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)
MAX_BODY_BYTES = 1024 * 1024

log = logging.getLogger(__name__)


def webhook(process: Callable[[Mapping[str, Any]], Awaitable[None]], secret: str) -> Callable[[web.Request], Any]:
    """Return the aiohttp handler of the webhook: it processes the update first and answers after."""

    async def receive(request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(shown, secret.encode()):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.content.read(MAX_BODY_BYTES + 1)
                while len(body) <= MAX_BODY_BYTES and not request.content.at_eof():
                    body += await request.content.read(MAX_BODY_BYTES + 1)
            raw = json.loads(body) if len(body) <= MAX_BODY_BYTES else None
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, RecursionError):
            raw = None
        if not isinstance(raw, dict):
            log.error("something came in that is no update; it is dropped")
            return web.Response()  # it is from Telegram, which would deliver it again for as long as it is refused
        try:
            await process(raw)
        except NotDone:
            return web.Response(status=500)
        return web.Response()

    return receive
