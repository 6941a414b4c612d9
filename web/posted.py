"""What a form sends, read part by part and counted by ourselves, so that nothing large is ever held."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web
from aiohttp.multipart import MultipartReader

from handlers.incoming import TOO_LARGE, UnfitFile

MAX_FILE_BYTES = 20 * 2**20  # as in chat
MAX_BODY_BYTES = 64 * 2**20
MAX_TEXT_BYTES = 200_000  # of one field
MAX_PARTS = 40
CHUNK_BYTES = 2**16
CHUNK_SECONDS = 60  # as long as a bad line may be silent


@dataclass(frozen=True)
class Field:
    """A text that a form sent, by its name."""

    name: str
    text: str


class PostedFile:
    """A file that a form sends; it is read when it is wanted, before the part that follows it."""

    size = MAX_FILE_BYTES  # what it may be, at most: how large it is shows when it is read
    is_too_large = False

    def __init__(self, part: BodyPartReader, begun: bytes, is_photo: bool, counted: "_Count") -> None:
        self.is_photo = is_photo
        self.content: bytes | None = None  # once it is read
        self._part, self._begun, self._counted = part, begun, counted

    async def download(self) -> bytes | UnfitFile:
        """Return its content, or that it is too large.

        Raises HTTPRequestEntityTooLarge and HTTPRequestTimeout.
        """
        content = bytearray(self._begun)
        while chunk := await _chunk(self._part, self._counted):
            if len(content) <= MAX_FILE_BYTES:
                content += chunk
        if len(content) > MAX_FILE_BYTES:
            return UnfitFile(TOO_LARGE)
        self.content = bytes(content)
        return self.content


@dataclass
class _Count:
    """How much of a body has come in."""

    taken: int = 0

    def add(self, size: int) -> None:
        self.taken += size
        if self.taken > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, self.taken)


async def read_form(request: web.Request) -> AsyncIterator[Field | PostedFile]:
    """Yield what a form sent, in its order; a file that is not read is passed over.

    Raises HTTPRequestEntityTooLarge, HTTPRequestTimeout and HTTPBadRequest.
    """
    counted = _Count()
    if request.content_type == "application/x-www-form-urlencoded":
        async for field in _urlencoded(request, counted):
            yield field
        return
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType
    try:
        reader = await request.multipart()
        parts = 0
        while (part := await _next(reader)) is not None:
            parts += 1
            if parts > MAX_PARTS or not isinstance(part, BodyPartReader):
                raise web.HTTPBadRequest
            if part.filename is None:
                yield Field(part.name or "", await _text(part, counted))
                continue
            begun = await _chunk(part, counted)
            if begun:  # an input without a choice sends an empty file
                yield PostedFile(part, begun, (part.headers.get("Content-Type") or "").startswith("image/"), counted)
                while await _chunk(part, counted):  # what nobody read of it
                    pass
    except (ValueError, AssertionError, RuntimeError, LookupError):  # what the library raises for a broken body
        raise web.HTTPBadRequest from None


async def _next(reader: MultipartReader) -> object:
    try:
        async with asyncio.timeout(CHUNK_SECONDS):
            return await reader.next()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _chunk(part: BodyPartReader, counted: _Count) -> bytes:
    try:
        async with asyncio.timeout(CHUNK_SECONDS):
            chunk = await part.read_chunk(CHUNK_BYTES)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    counted.add(len(chunk))
    return bytes(chunk)


async def _text(part: BodyPartReader, counted: _Count) -> str:
    content = bytearray()
    while chunk := await _chunk(part, counted):
        content += chunk
        if len(content) > MAX_TEXT_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_TEXT_BYTES, len(content))
    return _cleaned(content.decode("utf-8", errors="replace"))


async def _urlencoded(request: web.Request, counted: _Count) -> AsyncIterator[Field]:
    content = bytearray()
    while True:
        try:
            async with asyncio.timeout(CHUNK_SECONDS):
                chunk = await request.content.read(CHUNK_BYTES)
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        if not chunk:
            break
        counted.add(len(chunk))
        content += chunk
        if len(content) > 3 * MAX_TEXT_BYTES:
            raise web.HTTPRequestEntityTooLarge(3 * MAX_TEXT_BYTES, len(content))
    try:
        pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_PARTS, errors="replace")
    except ValueError:
        raise web.HTTPBadRequest from None
    for name, text in pairs:
        yield Field(name, _cleaned(text))


def _cleaned(text: str) -> str:
    """Return a text with line ends as they are everywhere else, and without what no database keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
