"""Makes HEIC files as phones do: one picture, or a grid of tiles."""

import io
import struct
from typing import Any

import av
import numpy as np
from PIL import Image


def heic(image: Image.Image, tile: tuple[int, int] | None = None) -> bytes:
    """Return a picture as a HEIC file, whole or in tiles of this size, which it is a multiple of."""
    width, height = tile or image.size
    places = [(x, y) for y in range(0, image.height, height) for x in range(0, image.width, width)]
    pieces = [_coded(image.crop((x, y, x + width, y + height))) for x, y in places]
    count, is_grid = len(pieces), tile is not None
    grid = struct.pack(">4B2H", 0, 0, image.height // height - 1, image.width // width - 1, *image.size)
    kinds = [b"hvc1"] * count + [b"grid"] * is_grid
    infos = [
        _full(b"infe", 2, struct.pack(">HH4sB", at, 0, kind, 0), flags=int(is_grid and kind == b"hvc1"))
        for at, kind in enumerate(kinds, 1)
    ]
    sizes = [_full(b"ispe", 0, struct.pack(">II", *size)) for size in ((width, height), image.size)]
    owned = [bytes([2, 0x81, 2]) if kind == b"hvc1" else bytes([1, 3]) for kind in kinds]
    owners = b"".join(struct.pack(">H", at) + own for at, own in enumerate(owned, 1))
    properties = _box(
        b"iprp",
        _box(b"ipco", pieces[0][0], *sizes),
        _full(b"ipma", 0, struct.pack(">I", len(kinds)) + owners),
    )
    made_of = struct.pack(f">HH{count}H", count + 1, count, *range(1, count + 1))
    references = _full(b"iref", 0, _box(b"dimg", made_of)) if is_grid else b""

    def meta(begin: int) -> bytes:
        places, at = [], begin
        for number, (_, coded) in enumerate(pieces, 1):
            places.append(struct.pack(">HHHHII", number, 0, 0, 1, at, len(coded)))
            at += len(coded)
        if is_grid:  # it lies in the head of the file, as phones have it
            places.append(struct.pack(">HHHHII", count + 1, 1, 0, 1, 0, len(grid)))
        return _full(
            b"meta",
            0,
            _full(b"hdlr", 0, struct.pack(">I4s12sB", 0, b"pict", b"", 0)),
            _full(b"pitm", 0, struct.pack(">H", count + is_grid)),
            _full(b"iloc", 1, struct.pack(">BBH", 0x44, 0, len(places)) + b"".join(places)),
            _full(b"iinf", 0, struct.pack(">H", len(infos)) + b"".join(infos)),
            references,
            properties,
            _box(b"idat", grid),
        )

    kind = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    head = kind + meta(len(kind) + len(meta(0)) + 8)
    return head + _box(b"mdat", *(coded for _, coded in pieces))


def _coded(image: Image.Image) -> tuple[bytes, bytes]:
    """Return what describes the coding of a picture, and the picture coded."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        options = {"x265-params": "keyint=1:log-level=none:frame-threads=1:pools=none"}
        stream: Any = container.add_stream("libx265", rate=1, options=options)
        stream.pix_fmt, stream.codec_tag, (stream.width, stream.height) = "yuv420p", "hvc1", image.size
        for frame in (av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24"), None):
            for packet in stream.encode(frame):
                container.mux(packet)
    film = out.getvalue()
    at = film.index(b"hvcC") - 4
    with av.open(io.BytesIO(film), "r") as made:
        coded = next(bytes(packet) for packet in made.demux(video=0) if packet.size)
    return film[at : at + struct.unpack_from(">I", film, at)[0]], coded


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full(kind: bytes, version: int, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)
