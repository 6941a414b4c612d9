"""What is refused before a request is read, and how long a connection may be silent; nothing is said of whose it is."""

import asyncio
import logging

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from web.protection import HEADERS

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 500  # each takes a file descriptor, of which databases need some, too
LONGEST_LINE = 4096  # bytes of a request's first line, which has its address; longer than any browser's are refused
SILENT_SECONDS = 30  # for a request to begin and its headers to come in


class Connection(web.RequestHandler):
    """A connection of a browser. The library's own would log its address, and name itself to whoever sends rubbish."""

    __slots__ = ("_server",)

    def __init__(self, server: web.Server) -> None:
        self._server = server
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            logger=log,
            access_log=None,  # type: ignore[arg-type]  # as web.AppRunner takes it
            keepalive_timeout=SILENT_SECONDS,
            max_line_size=LONGEST_LINE,
            max_field_size=8190,
            auto_decompress=False,  # no browser sends a form compressed
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are too many already."""
        super().connection_made(transport)
        if len(self._server.connections) > MOST_CONNECTIONS:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 (it quotes the request)
    ) -> web.StreamResponse:
        """Return what is answered to a request that cannot be read, or at which something failed outside its page."""
        if not isinstance(exc, HttpProcessingError | ConnectionError):  # those are the other side's
            log.error("a request failed: %s", type(exc).__name__, exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer is sent")
        response = web.Response(status=status, headers=HEADERS)
        response.force_close()
        return response


async def listen(server: web.Server, host: str, port: int) -> asyncio.Server:
    """Listen on a port for a server. Raises OSError."""
    return await asyncio.get_running_loop().create_server(lambda: Connection(server), host, port)
