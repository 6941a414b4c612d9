"""Makes a photo small that was made anew before: what is decoded here is our own work, no stranger's."""

import io

_QUALITY = 60


def thumbnail(photo: bytes, side: int) -> bytes:
    """Return a JPEG of a JPEG, at most so many pixels a side, with nothing but what is seen."""
    from PIL import Image  # few residents look at their photos

    with Image.open(io.BytesIO(photo), formats=("JPEG",)) as picture:
        picture.draft("RGB", (side, side))  # decodes no more than is needed
        picture.thumbnail((side, side))
        plain = Image.new("RGB", picture.size)  # a picture that is only saved anew keeps its comment
        plain.paste(picture.convert("RGB"))
        small = io.BytesIO()
        plain.save(small, "JPEG", quality=_QUALITY)
    return small.getvalue()
