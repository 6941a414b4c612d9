"""Requests byte by byte, as no browser sends them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 30  # seconds, after which the server is taken to hang


@dataclass(frozen=True)
class Answer:
    """What came back, until the server closed or one answer was complete."""

    whole: bytes

    @property
    def status(self) -> int:
        """The status of the first answer; 0 when there was none."""
        return int(self.whole[9:12]) if self.whole.startswith(b"HTTP/1.") else 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the first answer, their names in small letters."""
        lines = self.whole.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self) -> bytes:
        """What follows the headers."""
        return self.whole.partition(b"\r\n\r\n")[2]


async def ask(base_url: str, *parts: bytes, local_address: str | None = None) -> Answer:
    """Send bytes over a connection of its own, end the sending, and return all that comes back."""
    url = urlsplit(base_url)
    local = (local_address, 0) if local_address else None
    reader, writer = await asyncio.open_connection(url.hostname, url.port, local_addr=local)
    with suppress(ConnectionError):  # it may have heard enough
        for part in parts:
            writer.write(part)
            await writer.drain()
    found = bytearray()
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE):
            while chunk := await reader.read(2**16):
                found += chunk
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return Answer(bytes(found))


def request(
    method: str = "GET",
    path: str = "/",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    *,
    length: bool = True,
) -> bytes:
    """Return a request after which the connection is to be closed."""
    fields = {"Host": "127.0.0.1", "Connection": "close", **(headers or {})}
    if body and length and "Content-Length" not in fields:
        fields["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
