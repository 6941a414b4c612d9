"""What a form sends, read part by part and counted by ourselves, so that nothing large is ever held."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import cast
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError

from handlers.incoming import TOO_LARGE, UnfitFile

MAX_FILE_BYTES = 20 * 2**20  # as in chat
MAX_BODY_BYTES = 64 * 2**20
MAX_TEXT_BYTES = 200_000  # of one field
MAX_PARTS = 40
MAX_LINES = 20 * MAX_PARTS  # of headers and between parts: a line costs as much as a chunk of a file
CHUNK_BYTES = 2**16
SILENT_SECONDS = 60  # as long as a bad line may be silent
SLOWEST_BYTES_A_SECOND = 512  # in the long run; the worst line of a village takes ten times as much
LONGEST_SECONDS = 30 * 60  # for a whole form, which holds room for its file until then


@dataclass(frozen=True)
class _Field:
    """A text that a form sent, by its name."""

    name: str
    text: str


class PostedFile:
    """A file that a form sends; it is read when it is wanted, before the part that follows it."""

    is_too_large = False  # that shows when it is read

    def __init__(self, part: BodyPartReader, begun: bytes, size: int, *, is_photo: bool) -> None:
        """`size`: bytes that it may have, at most."""
        self.size = size
        self.is_photo = is_photo
        self.content: bytes | None = None  # once it is read
        self._part, self._begun = part, begun

    async def download(self) -> bytes | UnfitFile:
        """Return its content, or that it is too large.

        Raises what `PostedForm.files` raises.
        """
        content = bytearray(self._begun)
        with _refusing_what_is_broken():
            while chunk := await self._part.read_chunk(CHUNK_BYTES):
                if len(content) <= MAX_FILE_BYTES:
                    content += chunk
        if len(content) > MAX_FILE_BYTES:
            return UnfitFile(TOO_LARGE)
        self.content = bytes(content)
        return self.content


class _Body:
    """The body of a request as it comes in: how much of it, and how fast.

    Raises HTTPRequestEntityTooLarge when it is more than MAX_BODY_BYTES, whatever was announced, HTTPBadRequest when it
    is nothing but lines, and HTTPRequestTimeout when nothing comes for a minute, or in the long run hardly anything.
    """

    def __init__(self, content: StreamReader) -> None:
        self._content = content
        self._waited = 0.0  # seconds, for what comes in
        self._lines = 0

    async def read(self, size: int) -> bytes:
        return await self._in_time(self._content.read(size))

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        self._lines += 1
        if self._lines > MAX_LINES:
            raise web.HTTPBadRequest
        return await self._in_time(self._content.readline(max_line_length=max_line_length))

    def at_eof(self) -> bool:
        return self._content.at_eof()

    def unread_data(self, data: bytes) -> None:
        self._content.unread_data(data)

    async def _in_time(self, reading: Awaitable[bytes]) -> bytes:
        begun = monotonic()
        in_all = min(LONGEST_SECONDS, SILENT_SECONDS + self._content.total_bytes / SLOWEST_BYTES_A_SECOND)
        try:
            async with asyncio.timeout(min(SILENT_SECONDS, in_all - self._waited)):
                found = await reading
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        self._waited += monotonic() - begun
        if self._content.total_bytes > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, self._content.total_bytes)
        return found


class PostedForm:
    """A form as it comes in: `fields` are the texts that stood before the file that is just read, in the end all.

    Whoever reads it may take out of them what is done with.
    """

    def __init__(self, request: web.Request, *, most_text_bytes: int = MAX_TEXT_BYTES) -> None:
        """`most_text_bytes`: of one field."""
        self.fields: dict[str, str] = {}
        self._request = request
        self._most_text_bytes = most_text_bytes

    async def files(self) -> AsyncIterator[PostedFile]:
        """Yield file after file; what is not read of one is passed over.

        Raises HTTPRequestEntityTooLarge, HTTPRequestTimeout, HTTPBadRequest and HTTPUnsupportedMediaType.
        """
        async for part in _parts(self._request, self._most_text_bytes):
            if isinstance(part, _Field):
                self.fields[part.name] = part.text
            else:
                yield part

    async def read(self) -> dict[str, str]:
        """Return all texts, and pass over the files. Raises what `files` raises."""
        async for _ in self.files():
            pass
        return self.fields


async def _parts(request: web.Request, most_text_bytes: int) -> AsyncIterator[_Field | PostedFile]:
    """Yield what a form sent, in its order; a file that is not read is passed over."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise web.HTTPUnsupportedMediaType  # no browser compresses a form
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, request.content_length or 0)
    body = _Body(request.content)
    reading = {"application/x-www-form-urlencoded": _urlencoded, "multipart/form-data": _multipart}
    if request.content_type not in reading:
        raise web.HTTPUnsupportedMediaType
    parts = reading[request.content_type](request.headers, body, most_text_bytes)
    while True:
        with _refusing_what_is_broken():
            part = await anext(parts, None)
        if part is None:
            return
        yield part


@contextmanager
def _refusing_what_is_broken() -> Iterator[None]:
    """Raise HTTPBadRequest for whatever the library raises for a broken body, or warns of where warnings are errors."""
    try:
        yield
    except (AssertionError, ValueError, LookupError, RuntimeError, RuntimeWarning):
        raise web.HTTPBadRequest from None
    except (HttpProcessingError, web.RequestPayloadError):
        raise web.HTTPBadRequest from None


async def _multipart(
    headers: Mapping[str, str], body: _Body, most_text_bytes: int
) -> AsyncIterator[_Field | PostedFile]:
    # The library names its own class, and asks of it what a body here has.
    reader = MultipartReader(headers, cast("StreamReader", body))
    most = min(MAX_FILE_BYTES, int(headers.get("Content-Length", MAX_FILE_BYTES)))
    for _ in range(MAX_PARTS):
        part = await reader.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader) or any(
            part.headers.get(name, "binary") != "binary" for name in _ENCODED
        ):
            raise web.HTTPBadRequest
        if part.filename is None:
            yield _Field(part.name or "", await _text(part, most_text_bytes))
            continue
        begun = await part.read_chunk(CHUNK_BYTES)
        if begun:  # an input without a choice sends an empty file
            is_photo = part.headers.get("Content-Type", "").startswith("image/")
            yield PostedFile(part, bytes(begun), most, is_photo=is_photo)
            while await part.read_chunk(CHUNK_BYTES):  # what nobody read of it
                pass
    raise web.HTTPBadRequest


_ENCODED = ("Content-Encoding", "Content-Transfer-Encoding")  # no browser does that to a part


async def _text(part: BodyPartReader, most_bytes: int) -> str:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        content += chunk
        if len(content) > most_bytes:
            raise web.HTTPRequestEntityTooLarge(most_bytes, len(content))
    return _cleaned(content.decode("utf-8", errors="replace"))


async def _urlencoded(
    _headers: Mapping[str, str], body: _Body, most_text_bytes: int
) -> AsyncIterator[_Field | PostedFile]:
    content = bytearray()
    while chunk := await body.read(CHUNK_BYTES):
        content += chunk
        if len(content) > 3 * most_text_bytes:
            raise web.HTTPRequestEntityTooLarge(3 * most_text_bytes, len(content))
    pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_PARTS, errors="replace")
    for name, text in pairs:
        yield _Field(name, _cleaned(text))


# What no keyboard writes, and no chat delivers: PostgreSQL keeps no NUL, a spreadsheet none of the others.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _cleaned(text: str) -> str:
    """Return a text with line ends as they are everywhere else, and without what is no character."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
