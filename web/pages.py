"""The pages as a part of the running product: they listen on a port, and say nothing by themselves."""

import asyncio
from collections.abc import Sequence
from typing import cast

from aiohttp import web

from models.address import Address
from services.delivery.transport import Capabilities, ChannelAnswer, Deleted, MaySend, Unreachable, always
from texts.message import Message
from web.connections import listen
from web.protection import FRAMED_BY
from web.resident.conversations import RESIDENT_PAGE
from web.visitor import CHANNEL


class CannotListen(Exception):
    """The port is taken, or may not be listened on."""


class Pages:
    """Listens for browsers on host and port."""

    name = CHANNEL

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self.transport = PageTransport()
        self._app = app
        self._host, self._port = host, port
        self._runner = web.AppRunner(app)
        self._listening: asyncio.Server | None = None

    def let_frame(self, site: str) -> None:
        """Let a site show the pages inside its own, as the demo's wall of phones does; before they are started."""
        self._app[FRAMED_BY] = site

    async def start(self) -> None:
        """Begin to listen. Raises CannotListen."""
        await self._runner.setup()
        try:
            self._listening = await listen(cast("web.Server", self._runner.server), self._host, self._port)
        except OSError as error:
            raise CannotListen(str(error)) from error

    @property
    def local_url(self) -> str:
        """Where it listens on this machine; with port 0 the system has chosen one. Ends without a slash."""
        host, port, *_ = cast("asyncio.Server", self._listening).sockets[0].getsockname()
        return f"http://{host}:{port}"

    async def close(self) -> None:
        """Stop listening, once the pages that are under way are answered."""
        if self._listening is not None:
            self._listening.close()
        await self._runner.cleanup()


class PageTransport:
    """Says nothing later: whoever looked at a page comes back to it, or does not."""

    capabilities: Capabilities = RESIDENT_PAGE

    async def send(
        self,
        address: Address,
        message: Message,
        *,
        replaces: int | None = None,
        priority: int = 0,
        may_send: MaySend = always,
    ) -> ChannelAnswer:
        """Return that nobody is there."""
        return Unreachable("a page is told nothing later")

    async def delete(
        self, address: Address, message_ids: Sequence[int], *, priority: int = 0, may_send: MaySend = always
    ) -> ChannelAnswer:
        """Return that all is gone: a page keeps nothing."""
        return Deleted()
