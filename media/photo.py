"""Re-makes photos: the picture stays, everything else that the file carried is left behind."""

import io
import warnings
from typing import Final

import pi_heif
from PIL import ExifTags, Image, UnidentifiedImageError

from media.kinds import CannotClean, Kind, Reason
from media.sniff import sniff

pi_heif.register_heif_opener()

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
_MAX_SIDE: Final = 2560
_MAX_PIXELS: Final = 64_000_000  # 16 MB of memory for each 4 million; phones make up to 50 million
_QUALITY: Final = 85
_WHITE: Final = (255, 255, 255)
_MAX_ASPECT_RATIO: Final = 20  # how many times longer than wide Telegram takes a photo

_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def remake_photo(data: bytes) -> bytes:
    """Decodes a JPEG, PNG, WebP or HEIC file and makes a new upright JPEG of at most 2560 pixels a side.

    Only the first frame is kept, on white where it was transparent. Metadata and whatever else lay in or
    behind the file is lost; what is in the picture itself, a face or a plate or a sensor's noise, is not.
    Raises CannotClean, also for hostile input.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on odd metadata, none of which is kept
            picture = _decode(data)
    except (CannotClean, MemoryError):
        raise
    except Image.DecompressionBombError:  # Pillow's own guard, far above ours, but it looks first
        raise CannotClean(Reason.TOO_BIG) from None
    except UnidentifiedImageError:
        # One that begins as a photo and goes on as something else was damaged on its way.
        raise CannotClean(Reason.DAMAGED if sniff(data) is Kind.PHOTO else Reason.UNKNOWN_FORMAT) from None
    except Exception:  # decoders answer hostile files with errors of every kind
        raise CannotClean(Reason.DAMAGED) from None
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=_QUALITY)
    return jpeg.getvalue()


def _decode(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > _MAX_PIXELS:
            raise CannotClean(Reason.TOO_BIG)
        rotation = _UPRIGHT.get(_orientation(image))
        image.draft("RGB", (_MAX_SIDE, _MAX_SIDE))  # lets a JPEG be decoded small from the start
        image.load()
        picture = _in_full_colour(image)
        picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    if rotation is not None:
        picture = picture.transpose(rotation)
    # Into a new image, because Pillow hands comments and profiles on from picture to picture and saves them. A long
    # strip gets a white margin: Telegram would not take it as a photo.
    least = -(-max(picture.size) // _MAX_ASPECT_RATIO)
    clean = Image.new("RGB", (max(picture.width, least), max(picture.height, least)), _WHITE)
    clean.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return clean


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
