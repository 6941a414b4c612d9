"""What is looked for, in every form in which it may stand in a file, and the search itself."""

import base64
import io
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np

SHORTEST = 6  # bytes; fewer occur by chance in what is sealed
DEEPEST = 3  # packed in what is packed


@dataclass(frozen=True)
class Needle:
    """One thing to look for: what it is called where it is found, and how it may be written."""

    what: str
    forms: frozenset[bytes]


def words(*texts: str) -> list[Needle]:
    """Return words as texts, programs and transports write them."""
    return [Needle(text, _long_enough(_written(text))) for text in texts]


def number(value: int) -> Needle:
    """Return a number as digits, in hex, and in binary of either order."""
    width = max(SHORTEST, math.ceil(value.bit_length() / 8))
    binary = {form for order in ("big", "little") for form in _carried(value.to_bytes(width, order))}
    return Needle(str(value), _long_enough(_written(str(value)) | _written(f"{value:x}") | binary))


def degrees(value: float) -> Needle:
    """Return a latitude or longitude in full precision, as digits and in binary of either order."""
    binary = {form for order in "<>" for form in _carried(struct.pack(f"{order}d", value))}
    return Needle(str(value), _long_enough(_written(str(value)) | binary))


def blob(what: str, value: bytes) -> Needle:
    """Return bytes as they are, in hex and in base64."""
    return Needle(what, _long_enough(_carried(value)))


def found_in(contents: Mapping[str, bytes], needles: Collection[Needle]) -> list[str]:
    """Return where which needle stands, also within what is packed there."""
    by_form = {form: needle.what for needle in needles for form in needle.forms}
    by_start: dict[bytes, list[bytes]] = {}
    for form in by_form:
        by_start.setdefault(form[:4], []).append(form)
    # A form begins with two pairs of bytes; few places in a file have both.
    first, second = np.zeros(1 << 16, bool), np.zeros(1 << 16, bool)
    for start in by_start:
        one, other = np.frombuffer(start, np.uint16)
        first[one] = second[other] = True

    def places(content: bytes) -> Iterator[int]:
        for shift in (0, 1):
            pairs = np.frombuffer(content, np.uint16, (len(content) - shift) // 2, shift)
            yield from (int(at) * 2 + shift for at in np.flatnonzero(first[pairs[:-1]] & second[pairs[1:]]))

    found = {
        f"{name}: {by_form[form]}"
        for name, content in contents.items()
        for part in _with_unpacked(content)
        if len(part) >= SHORTEST
        for place in places(part)
        for form in by_start.get(part[place : place + 4], ())
        if part.startswith(form, place)
    }
    return sorted(found)


def _written(text: str) -> set[bytes]:
    forms = {
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        text.encode("unicode_escape"),  # as JSON writes it, too
        text.encode("unicode_escape").upper().replace(b"\\U", b"\\u"),
        text.encode("ascii", "xmlcharrefreplace"),
        quote(text).encode(),
        quote(text).lower().encode(),
    }
    for encoding in ("utf-8", "gb18030"):
        forms |= _carried(text.encode(encoding))
    return forms


def _carried(value: bytes) -> set[bytes]:
    return {value, value.hex().encode(), value.hex().upper().encode(), *_in_base64(value)}


def _in_base64(value: bytes) -> Iterator[bytes]:
    """Yield what is certain of a value's base64, wherever among other bytes it begins."""
    for shift, uncertain in ((0, 0), (1, 2), (2, 3)):
        certain = slice(uncertain, (shift + len(value)) * 8 // 6)
        yield base64.b64encode(bytes(shift) + value)[certain]
        yield base64.urlsafe_b64encode(bytes(shift) + value)[certain]


def _long_enough(forms: Collection[bytes]) -> frozenset[bytes]:
    return frozenset(form for form in forms if len(form) >= SHORTEST)


_DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")  # as in PDF, PNG and gzip


def _with_unpacked(content: bytes, depth: int = 0) -> Iterator[bytes]:
    yield content
    if depth == DEEPEST:
        return
    for start in _DEFLATED.finditer(content):
        unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        try:
            part = unpacking.decompress(memoryview(content)[start.start() :])
        except zlib.error:
            continue
        yield from _with_unpacked(part, depth + 1)
    if b"PK\x03\x04" in content:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield from _with_unpacked(archive.read(name), depth + 1)
        except (zipfile.BadZipFile, NotImplementedError):
            return
