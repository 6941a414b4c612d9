"""Re-makes sounds and films: decoded and encoded anew, so that nothing but what is heard and seen goes along.

Copying the streams would keep what hides in them: an encoder's name, a camera's own messages between the pictures.
"""

import io
import math
import struct
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any, Final

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from numpy.typing import NDArray

from media.disguise import disguised
from media.kinds import CannotClean, Cleaned, FileKind, FileProblem

RATE: Final = 24_000  # samples a second, enough for speech
_OPUS_FRAME: Final = RATE // 50  # samples
_AAC_FRAME: Final = 1024  # samples
_MAX_SECONDS: Final = 15 * 60
_FRAMES_PER_SECOND: Final = 30  # pictures a second
_MIN_FRAME_MILLISECONDS: Final = 1000 / (_FRAMES_PER_SECOND + 3)  # ms from picture to picture
_MAX_FRAMES: Final = 9_000  # five minutes
_MAX_PIXELS: Final = 8192 * 4608  # what a phone calls 8K, in the cinema's width too
_MAX_SIDE: Final = 960
_FORMATS: Final = frozenset(
    {
        *("ogg", "mp3", "wav", "flac", "aac", "amr", "caf"),
        *("mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi"),
    }
)

Samples = NDArray[np.float32]


def remake_media(data: bytes, *, disguise: bool) -> Cleaned:
    """Return a sound as mono Ogg Opus, a film as MP4. `disguise` changes the voices in it. Raises CannotClean."""
    try:
        has_pictures = _has_pictures(data)
        return (
            Cleaned(FileKind.VIDEO, _film(data, disguise=disguise))
            if has_pictures
            else Cleaned(FileKind.VOICE, _sound(data, disguise))
        )
    except (CannotClean, MemoryError):
        raise
    except Exception:  # decoders answer hostile files with errors of every kind
        raise CannotClean(FileProblem.DAMAGED) from None


def _open(data: bytes) -> InputContainer:
    # No network, no other file: a playlist that names an address or a path opens nothing.
    container = av.open(io.BytesIO(data), "r", options={"protocol_whitelist": "pipe"}, metadata_errors="ignore")
    if not _FORMATS.intersection(container.format.name.split(",")):
        container.close()
        raise CannotClean(FileProblem.UNKNOWN_FORMAT)
    return container


def _has_pictures(data: bytes) -> bool:
    with _open(data) as container:
        # A cover is a picture too, but not a film.
        films = [stream for stream in container.streams.video if not _is_cover(stream)]
        if not films and not container.streams.audio:
            raise CannotClean(FileProblem.UNKNOWN_FORMAT)
        return bool(films)


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _sound(data: bytes, disguise: bool) -> bytes:
    samples = _samples(data, since=None)
    if samples is None or not samples.size:
        raise CannotClean(FileProblem.DAMAGED)
    out = io.BytesIO()
    with av.open(out, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream: Any = container.add_stream(
            "libopus", rate=RATE, layout="mono", options={"b": "24000", "application": "voip"}
        )
        heard = disguised(samples, RATE) if disguise else samples
        for packet in _encoded(stream, heard, sample_format="flt", frame_size=_OPUS_FRAME):
            container.mux(packet)
    return out.getvalue()


def _samples(data: bytes, *, since: float | None) -> Samples | None:
    """Return the first sound of a file as mono samples; None when it has none.

    `since`: when its film begins, in seconds; a sound that begins later is kept in step by silence.
    """
    with _open(data) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
        parts: list[Samples] = []
        length = 0
        for frame in chain(_frames(container, stream), [None]):
            if since is not None and not parts and frame is not None and frame.time is not None:
                delay = min(max(frame.time - since, 0), _MAX_SECONDS)
                parts.append(np.zeros(int(delay * RATE), np.float32))
            for piece in resampler.resample(frame):
                parts.append(np.asarray(piece.to_ndarray()[0], np.float32))
                length += len(parts[-1])
            if length > _MAX_SECONDS * RATE:
                raise CannotClean(FileProblem.TOO_BIG)
    return np.concatenate(parts)[: _MAX_SECONDS * RATE] if length else None


def _frames(container: InputContainer, stream: Any) -> Iterator[Any]:
    """Decode what can be: a broken packet costs itself, a file in which nothing can be decoded is damaged."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _encoded(stream: Any, samples: Samples, *, sample_format: str, frame_size: int) -> Iterator[Any]:
    """Encode mono samples in the format and in frames of the size (in samples) that the codec takes."""
    padded = np.concatenate([samples, np.zeros(-len(samples) % frame_size, np.float32)])
    clipped = np.clip(padded, -1, 1)
    for start in range(0, len(clipped), frame_size):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(clipped[start : start + frame_size]).reshape(1, -1),
            format=sample_format,
            layout="mono",
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _film(data: bytes, *, disguise: bool) -> bytes:
    out = io.BytesIO()
    with (
        _open(data) as source,
        av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as container,
    ):
        start = _start_seconds(data)
        samples = _samples(data, since=start)
        film = _film_of(source)
        film.thread_count = 1
        if film.width * film.height > _MAX_PIXELS:
            raise CannotClean(FileProblem.TOO_BIG)
        picture: Any = container.add_stream(
            "libx264", rate=_FRAMES_PER_SECOND, options={"preset": "veryfast", "crf": "27", "threads": "1"}
        )
        picture.pix_fmt = "yuv420p"
        picture.time_base = Fraction(1, 1000)
        picture.codec_context.time_base = Fraction(1, 1000)
        sound: Any = None
        if samples is not None and samples.size:
            sound = container.add_stream("aac", rate=RATE, layout="mono", options={"b": "48000"})
        aspect_factor = _aspect_factor(film)
        started = False
        for moment, frame in _frames_to_show(_frames(source, film), start):
            upright = _upright(frame, aspect_factor)
            if not started:
                started = True
                picture.width, picture.height = upright.width, upright.height
            if (upright.width, upright.height) != (picture.width, picture.height):
                upright = upright.reformat(width=picture.width, height=picture.height)
            upright.pts, upright.time_base = moment, Fraction(1, 1000)
            for packet in picture.encode(upright):
                container.mux(packet)
        if not started:
            raise CannotClean(FileProblem.DAMAGED)
        for packet in picture.encode(None):
            container.mux(packet)
        if sound is not None and samples is not None:
            heard = disguised(samples, RATE) if disguise else samples
            for packet in _encoded(sound, heard, sample_format="fltp", frame_size=_AAC_FRAME):
                container.mux(packet)
    return out.getvalue()


def _film_of(source: InputContainer) -> Any:
    return next(stream for stream in source.streams.video if not _is_cover(stream))


def _start_seconds(data: bytes) -> float:
    """When, by a film's own clock, its first picture or sound comes, in seconds."""
    moments = []
    for find in (_film_of, lambda source: next(iter(source.streams.audio), None)):
        with _open(data) as source:
            stream = find(source)
            first = None if stream is None else next(_frames(source, stream), None)
            if first is not None and first.time is not None:
                moments.append(float(first.time))
    return min(moments, default=0.0)


def _frames_to_show(frames: Iterator[Any], start: float) -> Iterator[tuple[int, Any]]:
    """Give the frames that are to be shown, each with its moment in ms: no more than thirty a second."""
    shown, last = 0, -math.inf
    for frame in frames:
        moment = last + 1 if frame.time is None else round((frame.time - start) * 1000)
        if moment - last < _MIN_FRAME_MILLISECONDS and shown:
            continue
        last = max(moment, 0)
        shown += 1
        if shown > _MAX_FRAMES or last > _MAX_SECONDS * 1000 or frame.width * frame.height > _MAX_PIXELS:
            raise CannotClean(FileProblem.TOO_BIG)
        yield int(last), frame


def _aspect_factor(film: Any) -> float:
    """How much wider a film is shown than it is stored; some cameras squeeze it."""
    ratio = float(film.sample_aspect_ratio or 1)
    return ratio if 1 / 4 < ratio < 4 else 1.0


def _upright(frame: Any, aspect_factor: float) -> Any:
    """Return a frame as it is to be seen, small enough, without anything a camera wrote beside it."""
    seen = frame.width * aspect_factor
    scale = min(1.0, _MAX_SIDE / max(seen, frame.height))
    width, height = (max(2, math.floor(side * scale / 2) * 2) for side in (seen, frame.height))
    pixels = frame.reformat(width=width, height=height, format="yuv420p").to_ndarray()
    light, colours = pixels[:height], pixels[height:].reshape(2, height // 2, width // 2)
    planes = [_rotated(plane, _matrix(frame)) for plane in (light, *colours)]
    height, width = planes[0].shape
    # Into a new frame: what a camera says beside its pictures, captions among them, would be encoded along.
    laid = np.concatenate([plane.reshape(-1) for plane in planes]).reshape(-1, width)
    return av.VideoFrame.from_ndarray(laid, format="yuv420p")


def _matrix(frame: Any) -> tuple[int, int, int, int]:
    """How a frame is to be turned: where its first and second axis point."""
    for entry in frame.side_data:
        if entry.type.name == "DISPLAYMATRIX" and len(bytes(entry)) >= 20:
            a, b, _, c, d = struct.unpack_from("=5i", bytes(entry))
            return a, b, c, d
    return 1, 0, 0, 1


def _rotated(plane: NDArray[np.uint8], matrix: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    a, b, c, d = matrix
    if abs(a) < abs(b):  # a quarter to the left or to the right
        plane, a, d = plane.T, c, b
    return plane[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]
