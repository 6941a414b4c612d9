"""Re-makes photos: the picture stays, everything else that the file carried is left behind."""

import contextlib
import io
import random
import struct
import warnings
import zlib
from typing import Final

import pi_heif
from PIL import ExifTags, Image, ImageChops, ImageFile, UnidentifiedImageError

from media.box import WHOLE, Box
from media.cut_short import filled_up
from media.kinds import CannotClean, FileKind, FileProblem
from media.sniff import sniff

pi_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # Pillow's own guard looks before ours, and knows nothing of decoding small

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP")
_MAX_SIDE: Final = 2560
_MAX_PIXELS: Final = 64_000_000  # as decoded: 16 MB of memory for each 4 million
_MAX_STORED: Final = 208_000_000  # of a JPEG, which is decoded small; phones make up to 200 million
_QUALITY: Final = 85
_FILLED_IN: Final = 0.99  # where more than that is of one shade, a decoder filled in what it hadn't
_FILLINGS: Final = 6  # tries; some decoders give some of them up
_SQUARE: Final = 32  # pixels a side
_WHITE: Final = (255, 255, 255)
_GREY: Final = (128, 128, 128)
_MAX_ASPECT_RATIO: Final = 20  # how many times longer than wide Telegram takes a photo

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NEEDED: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"eXIf", b"IEND")  # of a PNG's chunks: the picture, and its turn
_TURN_IN_XMP: Final = b"XML:com.adobe.xmp"
_LONGEST_XMP: Final = 2**18

_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def remake_photo(data: bytes, seen: Box = WHOLE) -> bytes:
    """Decode a JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP file and make a new upright JPEG of at most 2560 pixels a side.

    What was cut off is decoded as far as it goes. Only the first frame is kept, on white where it was
    transparent, and of it the part that is `seen`. Metadata and whatever else lay in or behind the file is lost; what
    is in the picture itself, a face or a plate or a sensor's noise, is not. Raises CannotClean, also for hostile input.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on odd metadata, none of which is kept
            picture = _decoded(data, seen)
    except (CannotClean, MemoryError):
        raise
    except UnidentifiedImageError:
        # One that begins as a photo and goes on as something else was damaged on its way.
        raise CannotClean(
            FileProblem.DAMAGED if sniff(data) is FileKind.PHOTO else FileProblem.UNKNOWN_FORMAT
        ) from None
    except Exception:  # decoders answer hostile files with errors of every kind
        raise CannotClean(FileProblem.DAMAGED) from None
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=_QUALITY)
    return jpeg.getvalue()


def _decoded(data: bytes, seen: Box) -> Image.Image:
    """Decode a photo; what is broken or was cut off, as far as it goes, as phones show it."""
    whole = _png_of(data) if data.startswith(_PNG) else data
    if (picture := _decoded_of_cut(data, seen)) is None:
        try:
            return _decode(whole, seen)
        except (CannotClean, MemoryError, UnidentifiedImageError):
            raise
        except Exception:  # decoders answer broken files with errors of every kind
            picture = _decode_broken(whole, seen)
    shades = picture.convert("L").histogram()
    if max(shades) > _FILLED_IN * sum(shades):
        raise CannotClean(FileProblem.DAMAGED)
    return picture


def _decode_broken(data: bytes, seen: Box) -> Image.Image:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        return _decode(data, seen)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _decoded_of_cut(data: bytes, seen: Box) -> Image.Image | None:
    """Decode a picture that was cut off and filled up, twice; what differs comes of the filling, and becomes grey.

    None when it was not cut off, or its format needs no filling.
    """
    pictures: list[Image.Image] = []
    for number in range(_FILLINGS):
        filled = filled_up(data, random.Random(number).randbytes)  # noqa: S311  (no secret: any bytes would do)
        if filled is None:
            return None
        with contextlib.suppress(
            OSError, RuntimeError, ValueError, SyntaxError
        ):  # a decoder may give up at this filling
            pictures.append(_decode_broken(filled, seen))
        if len(pictures) == 2:
            return _without_what_differs(*pictures)
    raise CannotClean(FileProblem.DAMAGED)


def _without_what_differs(picture: Image.Image, other: Image.Image) -> Image.Image:
    """Return a picture with grey in the squares in which another one of its size is not like it."""
    red, green, blue = ImageChops.difference(picture, other).split()
    differs = ImageChops.lighter(ImageChops.lighter(red, green), blue).convert("F")
    squares = differs.reduce(_SQUARE).point(lambda value: value * 255 * _SQUARE**2 + 0).convert("L")
    mask = squares.resize([side * _SQUARE for side in squares.size], Image.Resampling.NEAREST).crop(
        (0, 0, *picture.size)
    )
    picture.paste(_GREY, mask=mask)
    return picture


def _decode(data: bytes, seen: Box) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > _MAX_STORED:
            raise CannotClean(FileProblem.TOO_BIG)
        rotation = _UPRIGHT.get(_orientation(image))
        longer = max(image.size)
        # Lets a JPEG be decoded small from the start.
        image.draft("RGB", (image.width * _MAX_SIDE // longer, image.height * _MAX_SIDE // longer))
        if image.width * image.height > _MAX_PIXELS:
            raise CannotClean(FileProblem.TOO_BIG)
        image.load()
        picture = _in_full_colour(image if seen == WHOLE else image.crop(seen.within(*image.size)))
        picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    if rotation is not None:
        picture = picture.transpose(rotation)
    # Into a new image, because Pillow hands comments and profiles on from picture to picture and saves them. A long
    # strip gets a white margin: Telegram would not take it as a photo.
    least = -(-max(picture.size) // _MAX_ASPECT_RATIO)
    clean = Image.new("RGB", (max(picture.width, least), max(picture.height, least)), _WHITE)
    clean.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return clean


def _png_of(data: bytes) -> bytes:
    """Return a PNG without what is not its picture, its checksums right: nothing else may make it unreadable."""
    chunks, at = [_PNG], len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + length]
        at += length + 12
        if kind in _NEEDED or (kind == b"iTXt" and content.startswith(_TURN_IN_XMP) and length < _LONGEST_XMP):
            chunks += [struct.pack(">I", len(content)), kind, content, struct.pack(">I", zlib.crc32(kind + content))]
        if kind == b"IEND":
            break
    return b"".join(chunks)


def _in_full_colour(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey, which a plain conversion would clip to white
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)  # a large picture is not held twice


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # an unreadable EXIF block is no reason to lose the picture
        return 1
