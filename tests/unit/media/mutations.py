"""Makes broken files out of whole ones, the same for the same seed: a fuzzer's corpus as code.

Bytes are broken anywhere; where a format keeps checksums or packs its parts, they are made right again, so that the
breaking reaches the decoders behind them.
"""

import copy
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.etree.ElementTree import tostring

from defusedxml.ElementTree import fromstring

LENGTHS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
PNG = b"\x89PNG\r\n\x1a\n"


def mutated(whole: bytes, seed: str) -> bytes:
    """Break a file in one to six ways."""
    draw = random.Random(seed)
    broken = whole
    while broken == whole:  # a bit may have been turned twice
        broken = _mutated(whole, draw)
    return broken


def _mutated(whole: bytes, draw: random.Random) -> bytes:
    if whole[:4] == b"PK\x03\x04" and draw.random() < 0.7:
        return _archive(whole, draw)
    if whole[:8] == PNG and draw.random() < 0.5:
        return _png(whole, draw)
    if whole[:4] == b"OggS" and draw.random() < 0.5:
        return _ogg(_broken(whole, draw))
    return _broken(whole, draw)


def _broken(whole: bytes, draw: random.Random) -> bytes:
    broken = bytearray(whole)
    for _ in range(draw.randint(1, 6)):
        if broken:
            draw.choice(WAYS)(broken, draw)
    return bytes(broken)


def _cut(data: bytearray, draw: random.Random) -> None:
    del data[draw.randrange(len(data)) :]


def _flip(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 8)):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _replace(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 16)):
        data[draw.randrange(len(data))] = draw.randrange(256)


def _lie_about_a_length(data: bytearray, draw: random.Random) -> None:
    form = draw.choice((">I", "<I", ">H", "<H", ">Q", "<Q"))
    size = struct.calcsize(form)
    at = draw.randrange(max(1, min(len(data) - size, draw.choice((200, 2_000, len(data))))))
    data[at : at + size] = struct.pack(form, draw.choice(LENGTHS) & (256**size - 1))


def _stretch(draw: random.Random, data: bytearray) -> tuple[int, int]:
    begin = draw.randrange(len(data))
    return begin, min(len(data), begin + draw.choice((1, 4, 16, 64, 512, 4096)))


def _drop(data: bytearray, draw: random.Random) -> None:
    begin, end = _stretch(draw, data)
    del data[begin:end]


def _repeat(data: bytearray, draw: random.Random) -> None:
    begin, end = _stretch(draw, data)
    at = draw.randrange(len(data))
    data[at:at] = bytes(data[begin:end]) * draw.choice((1, 2, 30))


def _blank(data: bytearray, draw: random.Random) -> None:
    begin, end = _stretch(draw, data)
    data[begin:end] = bytes([draw.choice((0, 0xFF))]) * (end - begin)


def _insert(data: bytearray, draw: random.Random) -> None:
    at = draw.randrange(len(data))
    data[at:at] = draw.randbytes(draw.choice((1, 4, 100)))


WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_cut, _flip, _flip, _replace, _lie_about_a_length, _lie_about_a_length, _drop, _repeat, _blank, _insert),
)


def _archive(whole: bytes, draw: random.Random) -> bytes:
    """Break what is packed, and pack it again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = set(draw.sample(names, min(len(names), draw.randint(1, 4))))
        for name in names:
            content = old.read(name)
            if name in chosen:
                content = _broken(content, draw) if content else b"x"
            new.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _png(whole: bytes, draw: random.Random) -> bytes:
    """Break chunks of a PNG, repeat or drop them, and give each its right checksum."""
    out, at = bytearray(PNG), 8
    while at + 8 <= len(whole):
        length, kind = struct.unpack_from(">I4s", whole, at)
        content = whole[at + 8 : at + 8 + length]
        at += length + 12
        if content and draw.random() < 0.4:
            content = _broken(content, draw)
        for _ in range(draw.choice((0, 1, 1, 1, 1, 2))):
            out += struct.pack(">I", len(content)) + kind + content
            out += struct.pack(">I", zlib.crc32(kind + content))
    return bytes(out)


def _ogg(broken: bytes) -> bytes:
    """Give every page of an Ogg file its right checksum."""
    out, at = bytearray(broken), broken.find(b"OggS")
    while at >= 0:
        following = broken.find(b"OggS", at + 4)
        page = bytearray(out[at : following if following > 0 else len(out)])
        if len(page) >= 26:
            page[22:26] = bytes(4)
            out[at + 22 : at + 26] = struct.pack("<I", _ogg_checksum(bytes(page)))
        at = following
    return bytes(out)


def _ogg_checksum(page: bytes) -> int:
    checksum = 0
    for byte in page:
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1 ^ 0x04C11DB7 if checksum & 0x80000000 else checksum << 1) & 0xFFFFFFFF
    return checksum


WEIRD = (
    "",
    "0",
    "00",
    "-1",
    "0.0",
    "1e9",
    "nan",
    "inf",
    "true",
    "off",
    "50%",
    "A1",
    "$XFD$1048576",
    "a:b",
    "x" * 300,
    "٣",
)


def retold(whole: bytes, seed: str) -> bytes:
    """Break what an archive's parts say and leave them well formed: elements gone, doubled, moved, values changed."""
    draw = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        written = [name for name in names if old.read(name)[:1] == b"<" and not name.startswith("[")]
        chosen = set(draw.sample(written, min(len(written), draw.randint(1, 3))))
        for name in names:
            content = old.read(name)
            new.writestr(zipfile.ZipInfo(name), _retold(content, draw) if name in chosen else content)
    return out.getvalue()


def _retold(content: bytes, draw: random.Random) -> bytes:
    root = fromstring(content)
    for _ in range(draw.randint(1, 8)):
        elements = list(root.iter())
        parent, other = draw.choice(elements), draw.choice(elements)
        if draw.random() < 0.5 and parent.attrib:
            parent.set(draw.choice(list(parent.attrib)), draw.choice((*WEIRD, *other.attrib.values())))
        elif len(parent):
            child = draw.choice(list(parent))
            if draw.random() < 0.4:
                parent.remove(child)
            elif not any(inner is other for inner in child.iter()):
                other.insert(draw.randint(0, len(other)), copy.deepcopy(child))
        else:
            parent.text = draw.choice(WEIRD)
    return tostring(root)
