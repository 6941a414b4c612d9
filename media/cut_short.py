"""Fills up pictures that were cut short, in formats whose decoders take nothing that isn't whole: WebP, HEIC, AVIF."""

import struct
from collections.abc import Callable
from typing import Final

_LONGEST: Final = 64 * 2**20  # bytes; a length that nobody sends is not believed
_SPARE: Final = 4096  # bytes
_PICTURES: Final = (b"VP8 ", b"VP8L")
_EXTENDED: Final = b"VP8X"
_NOT_BESIDE: Final = 0xFF ^ 0x0C  # without what an extended WebP says of its EXIF and XMP

Filling = Callable[[int], bytes]


def filled_up(data: bytes, filling: Filling) -> bytes | None:
    """Return a picture whose coded part was cut off, with at least as many other bytes in its place.

    None when it was not cut off there, or is of another format. `filling` returns bytes of a length.
    """
    if (data[:4], data[8:12]) == (b"RIFF", b"WEBP"):
        return _webp(data, filling)
    return _boxes(data, filling) if data[4:8] == b"ftyp" else None


def _boxes(data: bytes, filling: Filling) -> bytes | None:
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length == 1:
            length = struct.unpack_from(">Q", data, at + 8)[0]
        end = at + length
        if length < 8 or end > _LONGEST:
            return None
        if end > len(data):
            return data + filling(end - len(data)) if kind == b"mdat" else None
        at = end
    return None


def _webp(data: bytes, filling: Filling) -> bytes | None:
    if struct.unpack_from("<I", data, 4)[0] + 8 <= len(data):
        return None
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        if end > _LONGEST:
            return None
        if kind in _PICTURES:  # what comes after it is not kept, cut off or not
            begun = data[:end]
            missing = end - len(begun)
            # More than is missing: what is read out of other bytes may be longer.
            filled = bytearray(begun + filling(missing + missing // 2 * 2 + _SPARE))
            struct.pack_into("<I", filled, 4, len(filled) - 8)
            struct.pack_into("<I", filled, at + 4, len(filled) - at - 8)
            if filled[12:16] == _EXTENDED:
                filled[20] &= _NOT_BESIDE
            return bytes(filled)
        at = end
    return None
