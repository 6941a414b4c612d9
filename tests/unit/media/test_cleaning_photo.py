"""Secrets are planted in every place that a photo's file has, and looked for in what comes out."""

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageChops, ImageStat, PngImagePlugin

from media import photo as photo_module
from media.cut_short import filled_up
from media.kinds import CannotClean, FileProblem
from media.photo import remake_photo
from tests.unit.media.heic import heic

SECRET = b"PLANTED-SECRET"
RED, WHITE = (220, 30, 30), (255, 255, 255)
HEIC = (Path(__file__).parent / "data" / "phone.heic").read_bytes()


def picture(width: int = 96, height: int = 64) -> Image.Image:
    """A white picture with a red corner at its top left, so that one sees how it is turned."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 3, height // 2))
    return image


def exif(orientation: int = 1) -> Image.Exif:
    block = Image.Exif()
    block[ExifTags.Base.Orientation] = orientation
    block[ExifTags.Base.Make] = SECRET.decode() + "-make"
    block[ExifTags.Base.Artist] = SECRET.decode() + "-artist"
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = SECRET + b"-usercomment"
    block.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = SECRET + b"-gps"
    return block


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg_segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg_with_everything() -> bytes:
    plain = saved(picture(), "JPEG", exif=exif().tobytes(), comment=SECRET + b"-comment", icc_profile=SECRET)
    planted = (
        jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET + b"-xmp</x:xmpmeta>")
        + jpeg_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x13\x1c\x02\x78\0\x0e" + SECRET + b"\0")
        + jpeg_segment(0xE0, b"JFXX\0\x10" + SECRET + b"-thumbnail")
        + jpeg_segment(0xEB, SECRET + b"-maker")
    )
    return plain[:2] + planted + plain[2:]


def zip_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("names.txt", SECRET + b"-zip")
    return file.getvalue()


def png_with_everything() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode() + "-text")
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode() + "-xmp")
    texts.add(b"prVt", SECRET + b"-private", after_idat=True)
    return saved(picture(), "PNG", pnginfo=texts, exif=exif().tobytes())


def webp_with_everything() -> bytes:
    return saved(picture(), "WEBP", lossless=True, exif=exif().tobytes(), xmp=SECRET + b"-xmp", icc_profile=SECRET)


def avif_with_everything() -> bytes:
    return saved(picture(), "AVIF", quality=95, exif=exif().tobytes(), xmp=SECRET + b"-xmp", icc_profile=SECRET)


def two_pictures_in_one() -> bytes:
    hidden = picture()
    hidden.info["comment"] = SECRET
    return saved(picture(), "MPO", save_all=True, append_images=[hidden], exif=exif().tobytes())


def motion_photo() -> bytes:
    """A photo of a phone that films before the shutter: the film lies behind the picture, and an index tells of it."""
    index = b"MPF\0MM\0*\0\0\0\x08\0\0" + SECRET
    whole = jpeg_with_everything()
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x20free" + SECRET
    return whole[:2] + jpeg_segment(0xE2, index) + jpeg_segment(0xE2, b"ICC_PROFILE\0\1\1" + SECRET) + whole[2:] + film


def png_of_packed_texts() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET.decode() * 50, zip=True)
    texts.add_itxt("Raw profile type exif", SECRET.decode() * 50, zip=True)
    whole = saved(picture(), "PNG", pnginfo=texts, icc_profile=SECRET)
    end = whole.index(b"IEND") - 4
    late = b"eXIf", b"tEXt", b"tIME", b"dSIG"  # after the picture's data, where not every program looks
    more = b"".join(
        struct.pack(">I", len(SECRET)) + kind + SECRET + struct.pack(">I", zlib.crc32(kind + SECRET)) for kind in late
    )
    return whole[:end] + more + whole[end:]


def animated(kind: str) -> bytes:
    second = Image.new("RGB", (96, 64), (0, 0, 255))
    hidden = {"pnginfo": described()} if kind == "PNG" else {"xmp": SECRET, "lossless": kind == "WEBP"}
    moving = {"save_all": True, "append_images": [second], "duration": 100, "exif": exif().tobytes()}
    return saved(picture(), kind, **moving, **hidden)


def described() -> PngImagePlugin.PngInfo:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Title", SECRET.decode())
    return texts


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def full_box(kind: bytes, content: bytes, version: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24) + content)


def heic_of_several() -> bytes:
    """A HEIC with a second picture, which is the first one's thumbnail, named items, a note, and boxes of an app."""
    at = HEIC.index(b"mdat") + 4
    coded = HEIC[at : at + 56]
    ipco = HEIC[HEIC.index(b"ipco") - 4 :][:192]
    kinds = (b"hvc1", b"hvc1", b"mime")
    infos = b"".join(
        full_box(
            b"infe",
            struct.pack(">HH", number, 0) + kind + SECRET + b"\0" + (b"text/plain\0" if kind == b"mime" else b""),
            version=2,
        )
        for number, kind in enumerate(kinds, start=1)
    )
    properties = b"".join(struct.pack(">HB", number, 5) + b"\x81\2\3\4\x85" for number in (1, 2))

    def meta(begin: int) -> bytes:
        places = b"".join(
            struct.pack(">HHIHII", number, 0, begin, 1, 0 if number < 3 else 56, 56 if number < 3 else len(SECRET))
            for number in (1, 2, 3)
        )
        return full_box(
            b"meta",
            full_box(b"hdlr", bytes(4) + b"pict" + bytes(12) + SECRET + b"\0")
            + full_box(b"pitm", struct.pack(">H", 1))
            + full_box(b"iloc", b"D@" + struct.pack(">H", 3) + places)
            + full_box(b"iinf", struct.pack(">H", 3) + infos)
            + full_box(b"iref", box(b"thmb", struct.pack(">HHH", 2, 1, 1)) + box(b"cdsc", struct.pack(">HHH", 3, 1, 1)))
            + box(b"iprp", ipco + full_box(b"ipma", struct.pack(">I", 2) + properties)),
        )

    head = HEIC[:28]
    begin = len(head) + len(meta(0)) + 8
    return head + meta(begin) + box(b"mdat", coded + SECRET) + box(b"uuid", bytes(16) + SECRET) + box(b"free", SECRET)


PLANTED = {
    "jpeg": jpeg_with_everything(),
    "jpeg and zip": jpeg_with_everything() + zip_archive(),
    "zip behind png": png_with_everything() + zip_archive(),
    "png": png_with_everything(),
    "webp": webp_with_everything(),
    "heic": HEIC,
    "avif": avif_with_everything(),
    "mpo": two_pictures_in_one(),
    "motion photo": motion_photo(),
    "packed texts": png_of_packed_texts(),
    "apng": animated("PNG"),
    "moving webp": animated("WEBP"),
    "moving avif": animated("AVIF"),
    "gif": saved(picture(), "GIF", comment=SECRET),
    "moving gif": saved(picture(), "GIF", comment=SECRET, save_all=True, append_images=[picture().rotate(180)]),
    "bmp": saved(picture(), "BMP") + SECRET,
    "heic of several": heic_of_several(),
}


def opened(remade: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(remade))
    image.load()
    return image


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its picture data."""
    markers, position = [], 2
    while True:
        _, marker, length = struct.unpack_from(">BBH", jpeg, position)
        markers.append(marker)
        if marker == 0xDA:
            return markers
        position += 2 + length


def is_red(colour: object) -> bool:
    assert isinstance(colour, tuple)
    return bool(colour[0] > 170 and colour[1] < 90)


@pytest.mark.parametrize("kind", PLANTED)
def test_no_planted_secret_is_left(kind: str) -> None:
    assert SECRET in PLANTED[kind] or kind == "packed texts"
    remade = remake_photo(PLANTED[kind])
    assert SECRET not in remade
    assert SECRET[:8] not in remade


@pytest.mark.parametrize("kind", PLANTED)
def test_nothing_but_the_picture_is_in_the_file(kind: str) -> None:
    data = remake_photo(PLANTED[kind])
    # JFIF header, quantisation, frame, Huffman tables, scan: no EXIF (E1), no comment (FE), no profile (E2).
    assert set(segments(data)) == {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
    assert data.count(b"\xff\xd9") == 1
    assert data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("kind", PLANTED)
def test_the_picture_itself_stays(kind: str) -> None:
    image = opened(remake_photo(PLANTED[kind]))
    assert image.format == "JPEG"
    assert image.size in {(96, 64), (64, 96)}
    assert sum(is_red(image.getpixel((x, y))) for x in range(image.width) for y in range(image.height)) > 900


@pytest.mark.parametrize(
    ("orientation", "size", "red_corner"),
    [
        (1, (96, 64), "top left"),
        (2, (96, 64), "top right"),
        (3, (96, 64), "bottom right"),
        (4, (96, 64), "bottom left"),
        (5, (64, 96), "top left"),
        (6, (64, 96), "top right"),
        (7, (64, 96), "bottom right"),
        (8, (64, 96), "bottom left"),
        (9, (96, 64), "top left"),  # no such orientation: left as it is
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_it_stands_upright(kind: str, orientation: int, size: tuple[int, int], red_corner: str) -> None:
    image = opened(remake_photo(saved(picture(), kind, exif=exif(orientation).tobytes())))
    assert image.size == size
    right, bottom = image.width - 3, image.height - 3
    corners = {
        "top left": (2, 2),
        "top right": (right, 2),
        "bottom left": (2, bottom),
        "bottom right": (right, bottom),
    }
    assert [name for name, at in corners.items() if is_red(image.getpixel(at))] == [red_corner]


@pytest.mark.parametrize(
    ("turn", "size", "red_corner"),
    [
        (b"irot\0", (96, 64), (2, 2)),
        (b"irot\1", (64, 96), (2, 93)),
        (b"irot\2", (96, 64), (93, 61)),
        (b"irot\3", (64, 96), (61, 2)),
        (b"imir\0", (96, 64), (2, 61)),
        (b"imir\1", (96, 64), (93, 2)),
    ],
    ids=["as it is", "left", "on its head", "right", "top for bottom", "left for right"],
)
def test_a_heic_stands_upright(turn: bytes, size: tuple[int, int], red_corner: tuple[int, int]) -> None:
    image = opened(remake_photo(HEIC.replace(b"irot\3", turn)))
    assert image.size == size
    corners = [(x, y) for x in (2, size[0] - 3) for y in (2, size[1] - 3)]
    assert [at for at in corners if is_red(image.getpixel(at))] == [red_corner]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_orientation_that_only_xmp_tells_is_followed(kind: str) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    if kind == "JPEG":
        whole = saved(picture(), kind)
        data = whole[:2] + jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp) + whole[2:]
    elif kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
        data = saved(picture(), kind, pnginfo=texts)
    else:
        data = saved(picture(), kind, lossless=True, xmp=xmp)
    assert opened(remake_photo(data)).size == (64, 96)


@pytest.mark.parametrize("size", [(3000, 40), (40, 3000), (2560, 1), (1, 1)])
def test_a_strip_is_made_broad_enough_for_a_photo(size: tuple[int, int]) -> None:
    image = opened(remake_photo(saved(picture(*size) if min(size) > 3 else Image.new("RGB", size), "PNG")))
    assert max(image.size) <= 20 * min(image.size)


def test_of_moving_pictures_the_first_is_kept() -> None:
    for kind in ("apng", "moving webp", "moving avif", "moving gif"):
        assert is_red(opened(remake_photo(PLANTED[kind])).getpixel((3, 3)))


def test_a_turned_heic_is_turned_once() -> None:
    image = opened(remake_photo(HEIC))  # stored as 96 x 64, to be shown turned to the right
    assert image.size == (64, 96)
    assert is_red(image.getpixel((image.width - 3, 2)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(3000, 40), (40, 3000), (2561, 2561)])
def test_it_is_at_most_2560_pixels_a_side(kind: str, size: tuple[int, int]) -> None:
    remade = opened(remake_photo(saved(picture(*size), kind)))
    assert max(remade.width, remade.height) == 2560
    assert min(remade.width, remade.height) >= 1


def test_a_small_photo_is_not_enlarged() -> None:
    assert opened(remake_photo(saved(picture(7, 5), "PNG"))).size == (7, 5)


def in_mode(mode: str) -> Image.Image:
    if mode != "I;16":
        return picture().convert(mode)
    image = Image.new(mode, (96, 64), 60_000)  # a scanner's 16-bit grey
    image.paste(20_000, (0, 0, 32, 32))
    return image


def brightness(image: Image.Image, at: tuple[int, int]) -> int:
    colour = image.getpixel(at)
    assert isinstance(colour, tuple)
    return round(sum(colour) / 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "I;16", "CMYK"])
def test_every_kind_of_colour_becomes_a_plain_photo(mode: str) -> None:
    image = in_mode(mode)
    remade = opened(remake_photo(saved(image, "JPEG" if mode == "CMYK" else "PNG")))
    assert remade.mode == "RGB"
    assert brightness(remade, (90, 60)) - brightness(remade, (5, 5)) > 100


def test_what_was_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert opened(remake_photo(saved(clear, "PNG"))).getpixel((10, 10)) == WHITE


@pytest.mark.parametrize(
    "block",
    [
        b"MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\0\x63\xff\xff\xff\xff" * 3,  # says that it has 65,535 entries
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x04abc\0\0\0\0\0",  # an orientation in letters
        b"neither byte order",
    ],
)
def test_an_unreadable_exif_block_does_not_cost_the_picture(block: bytes) -> None:
    remade = remake_photo(saved(picture(), "JPEG", exif=b"Exif\0\0" + block))
    assert opened(remade).size == (96, 64)


# What cannot be cleaned


def reason_for(data: bytes) -> FileProblem:
    with pytest.raises(CannotClean) as error:
        remake_photo(data)
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return error.value.reason


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%PDF-1.7\n", zip_archive(), saved(picture(), "TIFF"), b"BMW ist weg."]
)
def test_other_files_are_no_photos(data: bytes) -> None:
    assert reason_for(data) is FileProblem.UNKNOWN_FORMAT


def noise() -> Image.Image:
    return Image.merge("RGB", [Image.effect_noise((400, 300), 90)] * 3)


def striped(width: int, height: int) -> Image.Image:
    """A picture of stripes with some noise, of which every part costs bytes."""
    image = Image.merge("RGB", [Image.effect_noise((width, height), 40)] * 3)
    for y in range(0, height, 64):
        image.paste((y * 255 // height, 90, 200), (0, y, width, y + 32))
    return image


def extended(webp: bytes, exif: bytes) -> bytes:
    """Return a plain WebP as the extended form that says how it is turned."""
    size = struct.pack("<I", 512 - 1)[:3] + struct.pack("<I", 512 - 1)[:3]
    chunks = b"VP8X" + struct.pack("<I", 10) + bytes([0x08, 0, 0, 0]) + size + webp[12:]
    chunks += b"EXIF" + struct.pack("<I", len(exif)) + exif + bytes(len(exif) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


CUT = {
    "webp": lambda: saved(striped(512, 512), "WEBP", quality=70),
    "lossless webp": lambda: saved(striped(512, 512), "WEBP", lossless=True),
    "extended webp": lambda: extended(saved(striped(512, 512), "WEBP", quality=70), exif().tobytes()),
    "avif": lambda: saved(striped(512, 512), "AVIF"),
    "heic": lambda: heic(striped(512, 512)),
    "heic in tiles": lambda: heic(striped(512, 512), (256, 128)),
}


@pytest.mark.parametrize("kept", [0.6, 0.97])
@pytest.mark.parametrize("kind", CUT)
def test_what_decoders_take_only_whole_is_kept_as_far_as_it_goes_and_flat_behind_that(kind: str, kept: float) -> None:
    whole = CUT[kind]()
    image, all_of_it = opened(remake_photo(whole[: int(len(whole) * kept)])), opened(remake_photo(whole))
    assert image.size == (512, 512)
    top, bottom = (0, 0, 512, 200), (0, 500, 512, 512)
    alike = ImageChops.difference(image.crop(top), all_of_it.crop(top))
    assert max(ImageStat.Stat(alike).mean) < 1
    if kept < 0.9:
        assert max(ImageStat.Stat(image.crop(bottom)).stddev) < 3


@pytest.mark.parametrize("kind", CUT)
def test_a_photo_of_which_nothing_of_the_picture_is_left_is_refused(kind: str) -> None:
    whole = CUT[kind]()
    head = next(at for name in (b"mdat", b"VP8 ", b"VP8L") if (at := whole.find(name)) > 0)
    for kept in (head // 2, head + 12, head + 40):
        assert reason_for(whole[:kept]) in {FileProblem.DAMAGED, FileProblem.UNKNOWN_FORMAT}


def test_a_photo_that_claims_a_length_nobody_sends_is_refused_without_being_filled_up() -> None:
    whole = bytearray(saved(striped(512, 512), "AVIF"))
    struct.pack_into(">I", whole, whole.index(b"mdat") - 4, 2**31)
    assert filled_up(bytes(whole), bytes) is None
    assert reason_for(bytes(whole)[: len(whole) // 2]) in {FileProblem.DAMAGED, FileProblem.UNKNOWN_FORMAT}


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {})],
    ids=["jpeg", "progressive jpeg", "png"],
)
def test_a_photo_that_was_cut_off_is_kept_as_far_as_it_goes(kind: str, options: dict[str, Any], kept: float) -> None:
    whole = saved(noise(), kind, **options)
    image = opened(remake_photo(whole[: int(len(whole) * kept)]))
    assert image.size == (400, 300)
    ours, theirs = (one.convert("L").crop((0, 0, 400, 60)).resize((20, 3)) for one in (image, noise_of(whole)))
    assert ImageStat.Stat(ImageChops.difference(ours, theirs)).mean[0] < 12


def noise_of(data: bytes) -> Image.Image:
    return opened(data).convert("RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_of_which_only_the_head_is_left_is_refused(kind: str) -> None:
    whole = saved(noise(), kind)
    head = whole.index(b"IDAT") + 4 if kind == "PNG" else whole.index(b"\xff\xda") + 14
    assert reason_for(whole[:head]) is FileProblem.DAMAGED


def test_a_photo_of_one_colour_is_no_damage() -> None:
    assert opened(remake_photo(saved(Image.new("RGB", (40, 30)), "PNG"))).size == (40, 30)


def png_chunk(kind: bytes, content: bytes, *, checksum: int | None = None) -> bytes:
    checksum = zlib.crc32(kind + content) if checksum is None else checksum
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"tEXt", b"Comment\0x", checksum=1),
        png_chunk(b"pHYs", b"\0" * 9, checksum=1),
        png_chunk(b"tEXt", b"Comment\0" + bytes(3 * 2**20)),
        png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 * 2**20))),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(64 * 2**20))),
        png_chunk(b"iCCP", b"profile\0\0" + b"no profile"),
        png_chunk(b"tIME", b"short"),
    ],
    ids=[
        *("a checksum of a comment", "a checksum of a measure", "a long text", "a text without end"),
        *("packed words without end", "a profile", "a time"),
    ],
)
def test_what_is_beside_the_picture_of_a_png_cannot_cost_it(chunk: bytes) -> None:
    whole = saved(picture(), "PNG")
    image = opened(remake_photo(whole[:33] + chunk + whole[33:]))
    assert image.size == (96, 64)
    assert is_red(image.getpixel((3, 3)))


def test_a_png_with_a_wrong_checksum_of_its_picture_is_decoded() -> None:
    whole = bytearray(saved(picture(), "PNG"))
    whole[whole.index(b"IEND") - 8] ^= 1
    assert is_red(opened(remake_photo(bytes(whole))).getpixel((3, 3)))


@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["plain", "progressive"])
def test_a_jpeg_of_a_hundred_million_pixels_is_decoded_small(options: dict[str, Any]) -> None:
    image = opened(remake_photo(saved(picture(12_000, 9_000), "JPEG", **options)))
    assert image.size == (2560, 1920)
    assert is_red(image.getpixel((3, 3)))


def test_a_jpeg_of_more_pixels_than_any_phone_makes_is_refused() -> None:
    whole = saved(picture(), "JPEG")
    at = whole.index(b"\xff\xc0") + 5
    assert reason_for(whole[:at] + struct.pack(">HH", 65_000, 65_000) + whole[at + 4 :]) is FileProblem.TOO_BIG


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8_001, 8_000), (10_000, 10_000), (60_000, 60_000)])
def test_a_photo_of_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    assert reason_for(png_that_claims(*size)) is FileProblem.TOO_BIG


def test_memory_that_runs_out_is_not_called_a_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_image: Image.Image) -> Image.Image:
        raise MemoryError

    monkeypatch.setattr(photo_module, "_in_full_colour", no_room)
    with pytest.raises(MemoryError):
        remake_photo(saved(picture(), "PNG"))


def test_an_error_says_why_and_shows_nothing_of_the_file() -> None:
    with pytest.raises(CannotClean, match=r"^The file cannot be re-made: unknown format\.$"):
        remake_photo(SECRET)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif", "mpo"])
def test_hostile_bytes_are_cleaned_or_refused_and_nothing_else(kind: str) -> None:
    draw = random.Random(kind)
    for _ in range(60):
        mangled = bytearray(PLANTED[kind])
        for _ in range(draw.randint(1, 12)):
            mangled[draw.randrange(len(mangled))] = draw.randrange(256)
        try:
            remade = remake_photo(bytes(mangled))
        except CannotClean:
            continue
        assert set(segments(remade)) == {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
