"""Re-makes sounds and films: decoded and encoded anew, so that nothing but what is heard and seen goes along.

Copying the streams would keep what hides in them: an encoder's name, a camera's own messages between the pictures.
"""

import io
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from numpy.typing import NDArray

from privacy.cleaning.disguise import disguised
from privacy.cleaning.kinds import CannotClean, Cleaned, Kind, Reason

RATE: Final = 24_000  # samples a second, enough for speech
_MAX_SECONDS: Final = 15 * 60
_MAX_FRAMES: Final = 9_000  # five minutes at 30 a second
_MAX_PIXELS: Final = 3840 * 2160
_MAX_SIDE: Final = 960
_FORMATS: Final = frozenset(
    {"ogg", "mp3", "wav", "flac", "aac", "amr", "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi"}
)

Samples = NDArray[np.float32]


def remake_media(data: bytes, *, disguise: bool) -> Cleaned:
    """Return a sound as mono Ogg Opus, a film as MP4. `disguise` changes the voices in it. Raises CannotClean."""
    try:
        has_pictures = _has_pictures(data)
        return (
            Cleaned(Kind.VIDEO, _film(data, disguise=disguise))
            if has_pictures
            else Cleaned(Kind.VOICE, _sound(data, disguise))
        )
    except (CannotClean, MemoryError):
        raise
    except Exception:  # decoders answer hostile files with errors of every kind
        raise CannotClean(Reason.DAMAGED) from None


def _open(data: bytes) -> InputContainer:
    # No network, no other file: a playlist that names an address or a path opens nothing.
    container = av.open(io.BytesIO(data), "r", options={"protocol_whitelist": "pipe"}, metadata_errors="ignore")
    if not _FORMATS.intersection(container.format.name.split(",")):
        container.close()
        raise CannotClean(Reason.UNKNOWN_FORMAT)
    return container


def _has_pictures(data: bytes) -> bool:
    with _open(data) as container:
        # A cover is a picture too, but not a film.
        films = [stream for stream in container.streams.video if not _is_cover(stream)]
        if not films and not container.streams.audio:
            raise CannotClean(Reason.UNKNOWN_FORMAT)
        return bool(films)


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _sound(data: bytes, disguise: bool) -> bytes:
    samples = _samples(data)
    if samples is None or not samples.size:
        raise CannotClean(Reason.DAMAGED)
    out = io.BytesIO()
    with av.open(out, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream: Any = container.add_stream(
            "libopus", rate=RATE, layout="mono", options={"b": "24000", "application": "voip"}
        )
        for packet in _encoded(stream, disguised(samples, RATE) if disguise else samples):
            container.mux(packet)
    return out.getvalue()


def _samples(data: bytes) -> Samples | None:
    """Return the first sound of a file as mono samples; None when it has none."""
    with _open(data) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
        parts: list[Samples] = []
        length = 0
        for frame in (*_frames(container, stream), None):
            for piece in resampler.resample(frame):
                parts.append(np.asarray(piece.to_ndarray()[0], np.float32))
                length += len(parts[-1])
            if length > _MAX_SECONDS * RATE:
                raise CannotClean(Reason.TOO_BIG)
    return np.concatenate(parts) if parts else None


def _frames(container: InputContainer, stream: Any) -> Iterator[Any]:
    """Decode what can be: a broken packet costs itself, a file in which nothing can be decoded is damaged."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _encoded(stream: Any, samples: Samples) -> Iterator[Any]:
    step = RATE // 50
    padded = np.concatenate([samples, np.zeros(-len(samples) % step, np.float32)])
    clipped = np.clip(padded, -1, 1)
    for start in range(0, len(clipped), step):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(clipped[start : start + step]).reshape(1, -1), format="flt", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _film(data: bytes, *, disguise: bool) -> bytes:
    samples = _samples(data)
    out = io.BytesIO()
    with (
        _open(data) as source,
        av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as container,
    ):
        film = next(stream for stream in source.streams.video if not _is_cover(stream))
        film.thread_count = 1
        if film.width * film.height > _MAX_PIXELS:
            raise CannotClean(Reason.TOO_BIG)
        picture: Any = container.add_stream(
            "libx264", rate=30, options={"preset": "veryfast", "crf": "27", "threads": "1"}
        )
        picture.pix_fmt = "yuv420p"
        picture.time_base = Fraction(1, 1000)
        picture.codec_context.time_base = Fraction(1, 1000)
        sound: Any = None
        if samples is not None and samples.size:
            sound = container.add_stream("aac", rate=RATE, layout="mono", options={"b": "48000"})
        shown = 0
        last = -1
        for frame in _frames(source, film):
            shown += 1
            if shown > _MAX_FRAMES:
                raise CannotClean(Reason.TOO_BIG)
            upright = _upright(frame)
            if shown == 1:
                picture.width, picture.height = upright.width, upright.height
            if (upright.width, upright.height) != (picture.width, picture.height):
                upright = upright.reformat(width=picture.width, height=picture.height)
            last = max(last + 1, round((frame.time or 0) * 1000))
            upright.pts, upright.time_base = last, Fraction(1, 1000)
            for packet in picture.encode(upright):
                container.mux(packet)
        if not shown:
            raise CannotClean(Reason.DAMAGED)
        for packet in picture.encode(None):
            container.mux(packet)
        if sound is not None and samples is not None:
            for packet in _encoded_aac(sound, disguised(samples, RATE) if disguise else samples):
                container.mux(packet)
    return out.getvalue()


def _upright(frame: Any) -> Any:
    """Return a frame as it is to be seen, small enough, without anything a camera wrote beside it."""
    scale = min(1.0, _MAX_SIDE / max(frame.width, frame.height))
    width, height = (max(2, math.floor(side * scale / 2) * 2) for side in (frame.width, frame.height))
    pixels = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    turns = round((frame.rotation or 0) / 90) % 4  # degrees, counter-clockwise
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(np.rot90(pixels, turns)), format="rgb24").reformat(
        format="yuv420p"
    )


def _encoded_aac(stream: Any, samples: Samples) -> Iterator[Any]:
    step = 1024  # AAC's own frame
    padded = np.clip(np.concatenate([samples, np.zeros(-len(samples) % step, np.float32)]), -1, 1)
    for start in range(0, len(padded), step):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(padded[start : start + step]).reshape(1, -1), format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield from stream.encode(frame)
    yield from stream.encode(None)
