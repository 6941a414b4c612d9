"""Secrets are planted in every place that a photo's file has, and looked for in what comes out."""

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from privacy.cleaning.kinds import CannotClean, Reason
from privacy.cleaning.photo import remake_photo

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


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
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


def two_pictures_in_one() -> bytes:
    hidden = picture()
    hidden.info["comment"] = SECRET
    return saved(picture(), "MPO", save_all=True, append_images=[hidden], exif=exif().tobytes())


PLANTED = {
    "jpeg": jpeg_with_everything(),
    "jpeg and zip": jpeg_with_everything() + zip_archive(),
    "zip behind png": png_with_everything() + zip_archive(),
    "png": png_with_everything(),
    "webp": webp_with_everything(),
    "heic": HEIC,
    "mpo": two_pictures_in_one(),
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
    assert SECRET in PLANTED[kind]
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
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
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


def reason_for(data: bytes) -> Reason:
    with pytest.raises(CannotClean) as error:
        remake_photo(data)
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return error.value.reason


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%PDF-1.7\n", zip_archive(), saved(picture(), "GIF"), saved(picture(), "BMP")]
)
def test_other_files_are_no_photos(data: bytes) -> None:
    assert reason_for(data) is Reason.UNKNOWN_FORMAT


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic"])
def test_a_truncated_photo_is_refused(kind: str) -> None:
    whole = {
        "jpeg": saved(picture(400, 300), "JPEG"),
        "png": saved(picture(400, 300), "PNG"),
        "webp": saved(picture(400, 300), "WEBP"),
        "heic": HEIC,
    }[kind]
    for kept in (len(whole) // 2, len(whole) * 9 // 10):
        assert reason_for(whole[:kept]) in {Reason.DAMAGED, Reason.UNKNOWN_FORMAT}


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8_001, 8_000), (10_000, 10_000), (60_000, 60_000)])
def test_a_photo_of_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    assert reason_for(png_that_claims(*size)) is Reason.TOO_BIG


def test_an_error_says_why_and_shows_nothing_of_the_file() -> None:
    with pytest.raises(CannotClean, match=r"^The file cannot be re-made: unknown format\.$"):
        remake_photo(SECRET)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "mpo"])
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
