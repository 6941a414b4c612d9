"""Secrets are planted in every place that a sound or a film has, and looked for afterwards; voices are changed."""

import io
import itertools
import random
import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from media import recordings as media
from media.disguise import Drift, Samples, VoiceShift, disguised
from media.kinds import CannotClean, FileKind, FileProblem
from media.process import Cleaner
from media.recordings import RATE, remake_media
from media.sniff import sniff

SECRET = "PLANTED-SECRET"
Matrix = tuple[int, int, int, int]  # where the axes of a picture point
SAMPLE_FORMATS = {"libopus": "flt", "pcm_s16le": "s16", "flac": "s16"}


def vowel(pitch: float = 140, formants: tuple[float, ...] = (700, 1220, 2600), seconds: float = 1.5) -> Samples:
    """A sung vowel: harmonics of a pitch (Hz), strong where throat and mouth resonate (Hz)."""
    time = np.arange(int(seconds * RATE)) / RATE
    sound = sum(
        np.cos(2 * np.pi * pitch * number * time) * sum(1 / (1 + ((pitch * number - at) / 90) ** 2) for at in formants)
        for number in range(1, int(6000 / pitch))
    )
    return np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)


def wav(samples: Samples) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes((samples * 32_000).astype("<i2").tobytes())
    return file.getvalue()


def encoded(form: str, *, sound: str | None = None, film: str | None = None, matrix: Matrix | None = None) -> bytes:
    """Make a file with a secret in every tag of its container and streams."""
    out = io.BytesIO()
    with av.open(
        out, "w", format=form, options={"movflags": "use_metadata_tags"} if form in ("mp4", "mov") else {}
    ) as file:
        for tag in (
            "title",
            "artist",
            "comment",
            "location",
            "com.apple.quicktime.location.ISO6709",
            "make",
            "encoder",
        ):
            file.metadata[tag] = f"{SECRET}-{tag}"
        streams: list[tuple[Any, Any]] = []
        if film:
            pictures: Any = file.add_stream(film, rate=10)
            pictures.width, pictures.height, pictures.pix_fmt = 96, 64, "yuv420p"
            pictures.metadata["handler_name"] = f"{SECRET}-handler"
            for number in range(5):
                image = np.full((64, 96, 3), 255, np.uint8)
                image[:32, :32] = (220, 30, 30)
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts = number
                streams.append((pictures, frame))
        if sound:
            voice: Any = file.add_stream(sound, rate=RATE, layout="mono")
            voice.metadata["title"] = f"{SECRET}-stream"
            voice.metadata["handler_name"] = f"{SECRET}-voice-handler"
            for start in range(0, 12 * 960, 960):
                data = np.ascontiguousarray(vowel(seconds=0.5)[start : start + 960]).reshape(1, -1)
                if SAMPLE_FORMATS.get(sound) == "s16":
                    data = (data * 32_000).astype(np.int16)
                voices = av.AudioFrame.from_ndarray(data, format=SAMPLE_FORMATS.get(sound, "fltp"), layout="mono")
                voices.sample_rate, voices.pts = RATE, start
                streams.append((voice, voices))
        for stream, frame in streams:
            for packet in stream.encode(frame):
                file.mux(packet)
        for stream in {id(one): one for one, _ in streams}.values():
            for packet in stream.encode(None):
                file.mux(packet)
    whole = out.getvalue()
    return turned(whole, matrix) if matrix else whole


def turned(mp4: bytes, matrix: Matrix) -> bytes:
    """Turn the display matrix of a film's track header, as a phone held upright or its front camera writes it."""
    at = mp4.index(b"tkhd") + 4 + 40
    a, b, c, d = (entry * 0x00010000 for entry in matrix)
    return mp4[:at] + struct.pack(">6i", a, b, 0, c, d, 0) + mp4[at + 24 :]


def film_with_everything(form: str, codec: str) -> bytes:
    """Make a film with a cover, chapters, subtitles, a time code, an attached file: whatever its container can hold."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as file:
        for tag in ("title", "artist", "location", "comment", "lyrics", "date"):
            file.metadata[tag] = f"{SECRET}-{tag}"
        film: Any = file.add_stream(codec, rate=10)
        film.width, film.height, film.pix_fmt = 96, 64, "yuv420p"
        film.metadata.update(handler_name=SECRET, timecode="01:02:03:04", title=SECRET)
        whole = Fraction(1, 1000)
        beside: list[tuple[Any, bytes]] = []
        if form != "avi":
            file.set_chapters(
                [{"id": 1, "start": 0, "end": 300, "time_base": whole, "metadata": {"title": f"{SECRET}-chapter"}}]
            )
            text = f"{SECRET}-subtitle".encode()
            matroska = form == "matroska"
            words = file.add_mux_stream("subrip" if matroska else "mov_text", time_base=whole)
            beside.append((words, text if matroska else struct.pack(">H", len(text)) + text))
        if form == "matroska":
            file.add_attachment(f"{SECRET}.txt", "text/plain", SECRET.encode())
        if form == "mp4":
            cover: Any = file.add_stream("mjpeg", rate=1)
            cover.width, cover.height, cover.pix_fmt = 32, 32, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
            beside.append((cover, small_picture()))
        file.start_encoding()
        for stream, data in beside:
            packet = av.Packet(data)
            packet.stream, packet.pts, packet.dts, packet.duration, packet.time_base = stream, 0, 0, 200, whole
            file.mux(packet)
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((64, 96, 3), 255, np.uint8), format="rgb24")
            frame.pts = number
            file.mux(film.encode(frame))
        file.mux(film.encode(None))
    return out.getvalue()


def small_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, "JPEG", comment=SECRET.encode())
    return out.getvalue()


def mp3() -> bytes:
    """An MP3 with a title and a cover before it, and an old tag behind it."""
    title = b"\0" + SECRET.encode()
    cover = b"\0image/jpeg\0\x03\0" + small_picture()
    tag = b"".join(
        name + struct.pack(">IH", len(content), 0) + content for name, content in ((b"TIT2", title), (b"APIC", cover))
    )
    header = b"ID3\x03\0\0" + bytes((len(tag) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return header + tag + encoded("mp3", sound="libmp3lame") + b"TAG" + SECRET.encode().ljust(125, b"\0")


def bare(codec: str, rate: int) -> bytes:
    """Half a second of sound as frames alone."""
    out = io.BytesIO()
    form, options = ("adts", {}) if codec == "aac" else ("mp3", {"id3v2_version": "0", "write_xing": "0"})
    with av.open(out, "w", format=form, options=options) as file:
        stream: Any = file.add_stream(codec, rate=rate, layout="mono")
        for start in range(0, rate // 2, 576):
            heard = av.AudioFrame.from_ndarray(
                np.sin(np.arange(576, dtype=np.float32) / 9).reshape(1, -1), format="fltp", layout="mono"
            )
            heard.sample_rate, heard.pts = rate, start
            file.mux(stream.encode(heard))
        file.mux(stream.encode(None))
    return out.getvalue()


def without_ftyp() -> bytes:
    """A film as older cameras write it: its first box does not say what it is."""
    whole = encoded("mov", sound="aac", film="libx264")
    length = struct.unpack_from(">I", whole)[0]
    film = bytearray(whole[length:])
    places = film.find(b"stco")
    while places >= 0:
        count = struct.unpack_from(">I", film, places + 8)[0]
        for at in range(places + 12, places + 12 + 4 * count, 4):
            struct.pack_into(">I", film, at, struct.unpack_from(">I", film, at)[0] - length)
        places = film.find(b"stco", places + 4)
    return bytes(film)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


PLANTED = {
    "voice": encoded("ogg", sound="libopus"),
    "mp3": mp3(),
    "m4a": encoded("mp4", sound="aac"),
    "wav": encoded("wav", sound="pcm_s16le"),
    "flac": encoded("flac", sound="flac"),
    "caf": encoded("caf", sound="pcm_s16le"),
    "mp3 of 8 kHz": bare("libmp3lame", 8_000) + b"TAG" + SECRET.encode().ljust(125, b"\0"),
    "mov without ftyp": without_ftyp(),
    "film": encoded("mp4", sound="aac", film="libx264"),
    "silent film": encoded("mov", film="mpeg4"),
    "webm": encoded("webm", sound="libopus", film="libvpx"),
    "film and zip": encoded("mp4", film="libx264") + b"PK\x03\x04" + SECRET.encode(),
    "film and boxes": encoded("mp4", film="libx264")
    + b"".join(box(kind, b"\0" * 16 + SECRET.encode()) for kind in (b"uuid", b"free", b"meta", b"udta", b"mdat")),
    "mp4 with everything": film_with_everything("mp4", "libx264"),
    "mov with everything": film_with_everything("mov", "mpeg4"),
    "mkv with everything": film_with_everything("matroska", "libx264"),
    "avi with everything": film_with_everything("avi", "mpeg4"),
}
SOUNDS = {"voice", "mp3", "m4a", "wav", "flac", "caf", "mp3 of 8 kHz"}


@pytest.mark.parametrize("disguise", [False, True])
@pytest.mark.parametrize("name", PLANTED)
def test_no_planted_secret_is_left(name: str, disguise: bool) -> None:
    assert SECRET.encode() in PLANTED[name]
    clean = remake_media(PLANTED[name], disguise=disguise)
    assert clean.kind is (FileKind.VOICE if name in SOUNDS else FileKind.VIDEO)
    for form in (SECRET.encode(), SECRET.encode("utf-16-le"), SECRET[:8].encode()):
        assert form not in clean.data
    with av.open(io.BytesIO(clean.data), "r") as file:
        known = {
            "encoder",
            "handler_name",
            "vendor_id",
            "language",
            "major_brand",
            "minor_version",
            "compatible_brands",
        }
        for tags in (file.metadata, *(stream.metadata for stream in file.streams)):
            assert {name.lower() for name in tags} <= known
        assert not file.chapters()
        assert {stream.type for stream in file.streams} <= {"audio", "video"}


def test_two_sounds_alike_leave_as_files_that_tell_nothing_of_when_they_were_made() -> None:
    once, twice = (remake_media(PLANTED["film"], disguise=False).data for _ in range(2))
    assert once == twice


@pytest.mark.parametrize(
    ("matrix", "size", "red_at"),
    [
        ((1, 0, 0, 1), (96, 64), (5, 5)),
        ((-1, 0, 0, 1), (96, 64), (90, 5)),
        ((-1, 0, 0, -1), (96, 64), (90, 58)),
        ((1, 0, 0, -1), (96, 64), (5, 58)),
        ((0, 1, 1, 0), (64, 96), (5, 5)),
        ((0, 1, -1, 0), (64, 96), (58, 5)),
        ((0, -1, -1, 0), (64, 96), (58, 90)),
        ((0, -1, 1, 0), (64, 96), (5, 90)),
    ],
    ids=["upright", "mirrored", "on its head", "head and mirror", "transposed", "right", "transverse", "left"],
)
def test_a_film_stands_upright(matrix: Matrix, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    image = first_picture(remake_media(encoded("mp4", film="libx264", matrix=matrix), disguise=False).data)
    assert image.size == size
    corners = [(x, y) for x in (5, size[0] - 6) for y in (5, size[1] - 6)]
    assert [at for at in corners if is_red(image.getpixel(at))] == [red_at]


def is_red(colour: object) -> bool:
    assert isinstance(colour, tuple)
    return bool(colour[0] > 150 > colour[1])


def first_picture(data: bytes) -> Image.Image:
    with av.open(io.BytesIO(data), "r") as file:
        return Image.fromarray(next(iter(file.decode(video=0))).to_ndarray(format="rgb24"))


@dataclass
class Shots:
    """A film made to measure."""

    size: tuple[int, int] = (96, 64)
    moments: tuple[float, ...] = (0, 0.1, 0.2)  # seconds
    squeezed: Fraction | None = None
    sound_from: float | None = None

    def made(self) -> bytes:
        out = io.BytesIO()
        with av.open(out, "w", format="matroska") as file:
            film: Any = file.add_stream("libx264", rate=30, options={"preset": "ultrafast", "bf": "0"})
            film.width, film.height, film.pix_fmt = *self.size, "yuv420p"
            film.time_base = film.codec_context.time_base = Fraction(1, 1000)
            if self.squeezed:
                film.codec_context.sample_aspect_ratio = self.squeezed
            sound: Any = file.add_stream("libopus", rate=RATE, layout="mono") if self.sound_from is not None else None
            for moment in self.moments:
                white = np.full((self.size[1] * 3 // 2, self.size[0]), 128, np.uint8)
                frame = av.VideoFrame.from_ndarray(white, format="yuv420p")
                frame.pts, frame.time_base = round(moment * 1000), Fraction(1, 1000)
                file.mux(film.encode(frame))
            file.mux(film.encode(None))
            if sound is not None and self.sound_from is not None:
                for start in range(0, 10 * 480, 480):
                    voice = vowel(seconds=0.5)[start : start + 480].reshape(1, -1)
                    heard = av.AudioFrame.from_ndarray(np.ascontiguousarray(voice), format="flt", layout="mono")
                    heard.sample_rate, heard.pts = RATE, start + round(self.sound_from * RATE)
                    file.mux(sound.encode(heard))
                file.mux(sound.encode(None))
        return out.getvalue()

    def remade(self) -> bytes:
        return remake_media(self.made(), disguise=False).data


def moments_of(data: bytes) -> list[float]:
    with av.open(io.BytesIO(data), "r") as file:
        return [float(frame.time or 0) for frame in file.decode(video=0)]


def test_a_film_that_is_stored_squeezed_is_shown_in_its_width() -> None:
    assert first_picture(Shots(squeezed=Fraction(2)).remade()).size == (192, 64)
    assert first_picture(Shots(squeezed=Fraction(50)).remade()).size == (96, 64), "nonsense is not believed"


def test_a_film_of_very_many_pictures_a_second_keeps_thirty_and_its_length() -> None:
    moments = moments_of(Shots(moments=tuple(number / 240 for number in range(240))).remade())
    assert 25 <= len(moments) <= 33
    assert 0.9 < max(moments) < 1.05


def test_a_film_begins_at_once_however_its_clock_stood() -> None:
    moments = moments_of(Shots(moments=(3600, 3600.5, 3601)).remade())
    assert moments == pytest.approx([0, 0.5, 1], abs=0.01)


def test_a_sound_that_begins_later_than_its_film_stays_in_step() -> None:
    with av.open(io.BytesIO(Shots(sound_from=0.5).remade()), "r") as file:
        heard = np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)])
    assert np.abs(heard[: int(0.4 * RATE)]).max() < 0.02
    assert np.abs(heard[int(0.55 * RATE) :]).max() > 0.1


@pytest.mark.parametrize(
    "shots",
    [Shots(size=(8192, 4610), moments=(0,)), Shots(moments=(0, 0.1, 4_000_000))],
    ids=["too many pixels", "too long"],
)
def test_an_absurd_film_is_refused(shots: Shots) -> None:
    with pytest.raises(CannotClean) as refusal:
        shots.remade()
    assert refusal.value.reason is FileProblem.TOO_BIG


@pytest.mark.parametrize("size", [(4096, 2160), (2160, 4096)], ids=["wide", "high"])
def test_a_film_of_the_cinemas_4k_is_scaled_down(size: tuple[int, int]) -> None:
    assert sorted(first_picture(Shots(size=size, moments=(0,)).remade()).size) == [506, 960]


async def test_a_film_of_8k_is_scaled_down_within_the_memory_that_it_is_given() -> None:
    film = Shots(size=(7680, 4320), moments=(0, 0.1, 0.2, 0.3)).made()
    assert first_picture((await Cleaner().clean(film)).data).size == (960, 540)


def test_a_film_of_quicktime_that_does_not_say_so_is_a_film() -> None:
    assert PLANTED["mov without ftyp"][4:8] == b"wide"
    assert sniff(PLANTED["mov without ftyp"]) is FileKind.VIDEO
    assert len(moments_of(remake_media(PLANTED["mov without ftyp"], disguise=False).data)) == 5


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("codec", ["libmp3lame", "aac"])
def test_a_sound_is_one_at_every_rate_also_without_a_tag_before_it(codec: str, rate: int) -> None:
    data = bare(codec, rate)
    assert not data.startswith(b"ID3")
    assert sniff(data) is FileKind.VOICE
    assert remake_media(data, disguise=False).kind is FileKind.VOICE


def test_a_film_of_too_many_pictures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "_MAX_FRAMES", 2)
    with pytest.raises(CannotClean) as refusal:
        Shots().remade()
    assert refusal.value.reason is FileProblem.TOO_BIG


def test_a_sound_without_end_is_refused_before_all_of_it_lies_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = 0
    real = media._frames

    def counted(*of: Any) -> Iterator[Any]:
        nonlocal decoded
        for frame in real(*of):
            decoded += 1
            yield frame

    monkeypatch.setattr(media, "_frames", counted)
    monkeypatch.setattr(media, "_MAX_SECONDS", 1)
    with pytest.raises(CannotClean):
        remake_media(wav(np.zeros(60 * RATE, np.float32)), disguise=False)
    assert 0 < decoded < 60


def test_a_film_keeps_its_sound_and_its_length() -> None:
    clean = remake_media(PLANTED["film"], disguise=True)
    with av.open(io.BytesIO(clean.data), "r") as file:
        assert (len(file.streams.video), len(file.streams.audio)) == (1, 1)
        assert len(list(file.decode(video=0))) == 5


@pytest.mark.parametrize("data", [b"", b"hello", b"OggS", b"#EXTM3U\nfile:///etc/passwd\n", PLANTED["film"][:600]])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(CannotClean):
        remake_media(data, disguise=False)


def test_a_sound_of_half_an_hour_is_refused() -> None:
    with pytest.raises(CannotClean) as refusal:
        remake_media(wav(np.zeros(16 * 60 * RATE, np.float32)), disguise=False)
    assert refusal.value.reason is FileProblem.TOO_BIG


@pytest.mark.parametrize("name", ["voice", "m4a", "film", "webm"])
def test_hostile_bytes_are_cleaned_or_refused_and_nothing_else(name: str) -> None:
    draw = random.Random(name)
    for _ in range(15):
        mangled = bytearray(PLANTED[name])
        for _ in range(draw.randint(1, 12)):
            mangled[draw.randrange(len(mangled))] = draw.randrange(256)
        try:
            clean = remake_media(bytes(mangled), disguise=False)
        except CannotClean:
            continue
        assert SECRET.encode() not in clean.data


# The voice


def pitch_of(samples: Samples) -> float:
    """The pitch in Hz, by where the sound repeats itself."""
    part = samples[RATE // 3 : RATE // 3 + 8192]
    alike = np.correlate(part, part, "full")[len(part) - 1 :]
    shortest, longest = RATE // 400, RATE // 60
    return RATE / (shortest + int(alike[shortest:longest].argmax()))


GRID = np.geomspace(250, 4500, 400)  # Hz


def shape_of(samples: Samples) -> Samples:
    """How strong a voice is along the frequencies, the pitch's own harmonics smoothed away."""
    strength = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    near = np.exp(-0.5 * (np.arange(-300, 301) * RATE / len(samples) / 110) ** 2)
    smooth = np.convolve(strength, near / near.sum(), "same")
    shape = np.log(np.interp(GRID, np.fft.rfftfreq(len(samples), 1 / RATE), smooth) + 1e-4)
    return np.asarray((shape - shape.mean()) / shape.std(), np.float32)


def formants_moved(before: list[Samples], after: list[Samples]) -> float:
    """By which factor the resonances of several vowels lie elsewhere: what moves one shape onto the other best."""
    steps = range(-120, 121)
    pairs = [(shape_of(one), shape_of(other)) for one, other in zip(before, after, strict=True)]
    alike = []
    for step in steps:
        ours = slice(max(0, -step), len(GRID) - max(0, step))
        theirs = slice(max(0, step), len(GRID) - max(0, -step))
        alike.append(sum(float(np.mean(one[ours] * other[theirs])) for one, other in pairs))
    return float((GRID[1] / GRID[0]) ** steps[int(np.argmax(alike))])


VOWELS = ((700, 1220, 2600, 3500), (480, 1850, 2500, 3400), (290, 2250, 3000, 3700), (350, 800, 2300, 3300))


@pytest.mark.parametrize("pitch", [1.2, 1 / 1.2])
@pytest.mark.parametrize("speaker", [110.0, 210.0])
def test_the_pitch_moves_by_its_factor_whoever_speaks(speaker: float, pitch: float) -> None:
    voice = vowel(speaker)
    assert pitch_of(disguised(voice, RATE, VoiceShift(pitch, 1.0))) == pytest.approx(pitch_of(voice) * pitch, rel=0.02)


@pytest.mark.parametrize("pitch", [1.2, 1 / 1.2])
@pytest.mark.parametrize("formants", [1.15, 1 / 1.15])
@pytest.mark.parametrize("speaker", [110.0, 180.0])
def test_the_formants_move_by_a_factor_of_their_own(speaker: float, formants: float, pitch: float) -> None:
    before = [vowel(speaker, resonances, seconds=0.8) for resonances in VOWELS]
    after = [disguised(voice, RATE, VoiceShift(pitch, formants)) for voice in before]
    assert formants_moved(before, after) == pytest.approx(formants, rel=0.06)
    assert pitch_of(after[0]) == pytest.approx(pitch_of(before[0]) * pitch, rel=0.02)


def test_a_disguised_voice_is_as_loud_as_it_was_and_is_not_clipped() -> None:
    for loud in (0.05, 0.5, 1.0):
        voice = np.asarray(vowel() * 2 * loud, np.float32)
        for _ in range(4):
            changed = disguised(voice, RATE)
            assert np.abs(changed).max() < 0.99
            assert np.sqrt(np.mean(changed**2)) > 0.65 * np.sqrt(np.mean(voice**2))


def test_vowels_stay_apart_so_that_words_can_be_told() -> None:
    before = [vowel(140, resonances, seconds=0.8) for resonances in VOWELS]
    for _ in range(4):
        shift = VoiceShift.draw()
        shapes = [shape_of(disguised(voice, RATE, shift)) for voice in before]
        assert all(float(np.mean(one * other)) < 0.9 for one, other in itertools.combinations(shapes, 2))


def test_no_single_factor_undoes_a_disguise_for_the_whole_message() -> None:
    way = Drift(((2.3, 0.4), (3.7, 2.0), (5.9, 4.4)))  # as one might be drawn
    changed = disguised(vowel(seconds=12), RATE, VoiceShift(1.2, 1.1, way, way))
    heard = [pitch_of(changed[at : at + RATE]) / 140 for at in range(0, 11 * RATE, RATE)]
    heard = [2 * one if one < 0.8 else one for one in heard]  # where the ear, too, may be an octave off
    assert max(heard) / min(heard) > 1.02
    assert heard == pytest.approx([1.2] * len(heard), rel=0.08), "or it could not be understood"


def test_a_sound_of_many_blocks_is_changed_alike_and_in_step() -> None:
    voice = vowel(seconds=40)  # several blocks of the computation
    changed = disguised(voice, RATE, VoiceShift(1.2, 1.0))
    assert len(changed) == len(voice)
    for at in (0, 12, 25, 38):
        assert pitch_of(changed[at * RATE : (at + 2) * RATE]) == pytest.approx(140 * 1.2, rel=0.02)
    loud = [float(np.abs(part).mean()) for part in np.array_split(changed[RATE : 39 * RATE], 40)]
    assert max(loud) < 1.2 * min(loud)


def test_what_is_said_stays_where_it_was_said() -> None:
    silence = np.zeros(RATE // 2, np.float32)
    voice = np.concatenate([vowel(seconds=0.5), silence, vowel(seconds=0.5)])
    changed = disguised(voice, RATE, VoiceShift(1.25, 0.9))
    assert len(changed) == len(voice)
    loud = [float(np.abs(part).mean()) for part in np.array_split(changed, 3)]
    assert min(loud[0], loud[2]) > 10 * loud[1]


def test_every_message_gets_factors_of_its_own_that_can_be_heard() -> None:
    drawn = [VoiceShift.draw() for _ in range(50)]
    assert len({(shift.pitch, shift.formants, shift.pitch_drift, shift.formants_drift) for shift in drawn}) == 50
    assert len({round(shift.pitch, 2) for shift in drawn}) > 10
    for shift in drawn:
        assert abs(np.log(shift.pitch)) > np.log(1.13)
        assert abs(np.log(shift.formants)) > np.log(1.09)


def test_a_sound_is_disguised_when_it_is_asked_for() -> None:
    def heard(data: bytes) -> Samples:
        with av.open(io.BytesIO(data), "r") as file:
            return np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)])[::2]

    plain = remake_media(wav(vowel(seconds=2)), disguise=False)
    changed = remake_media(wav(vowel(seconds=2)), disguise=True)
    assert abs(np.log(pitch_of(heard(plain.data)) / pitch_of(heard(changed.data)))) > np.log(1.08)


def test_the_voices_in_a_film_are_disguised_too() -> None:
    def heard(data: bytes) -> Samples:
        with av.open(io.BytesIO(data), "r") as file:
            return np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(audio=0)])

    whole = encoded("mp4", sound="aac", film="libx264")
    plain, changed = (heard(remake_media(whole, disguise=disguise).data) for disguise in (False, True))
    assert len(plain) == len(changed)
    pitches = [pitch_of(np.concatenate([sound] * 3)) for sound in (plain, changed)]
    assert abs(np.log(pitches[1] / pitches[0])) > np.log(1.06)


def test_too_short_a_sound_is_silenced_rather_than_left_as_it_is() -> None:
    assert not disguised(np.ones(500, np.float32), RATE).any()
