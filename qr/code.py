"""A link as a QR code: for print, for a page and for a terminal."""

import io
from collections.abc import Iterator
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

QUIET_ZONE = 4  # light modules around the code, as ISO/IEC 18004 asks

# Both colours are set, so that the code is dark on light whatever the terminal's own colours are.
_BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m"
_RESET = "\x1b[0m"
_HALF_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def modules(link: str) -> list[list[bool]]:
    """Returns the code's rows from the top, without a quiet zone; True is dark.

    Error correction is level M: up to 15% of the code may be torn or dirty.
    """
    return _code(link, quiet_zone=0).get_matrix()


def bars(rows: list[list[bool]]) -> Iterator[tuple[int, int, int]]:
    """Yields the dark stretches of all rows as (x, y, width), counted in modules from the top left."""
    for y, row in enumerate(rows):
        x = 0
        for dark, stretch in groupby(row):
            width = len(list(stretch))
            if dark:
                yield x, y, width
            x += width


def png(link: str, box: int = 10) -> bytes:
    """Draws the code as a black and white PNG, `box` pixels a module, quiet zone included."""
    picture = io.BytesIO()
    _code(link, box=box).make_image(PilImage).save(picture, "PNG")
    return picture.getvalue()


def svg(link: str) -> bytes:
    """Draws the code as an SVG of 1 mm a module, black on a white ground, quiet zone included."""
    rows = _code(link).get_matrix()
    side = len(rows)
    dark = "".join(f"M{x} {y}h{width}v1h-{width}z" for x, y, width in bars(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}mm" height="{side}mm" '
        f'viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{dark}"/></svg>\n'
    ).encode()


def terminal(link: str) -> str:
    """Writes the code in half blocks, two rows of modules a line, for dark and for light terminals."""
    rows = _code(link).get_matrix()
    if len(rows) % 2:
        rows.append([False] * len(rows))
    lines = (
        "".join(_HALF_BLOCKS[upper, lower] for upper, lower in zip(top, bottom, strict=True))
        for top, bottom in zip(rows[::2], rows[1::2], strict=True)
    )
    return "".join(f"{_BLACK_ON_WHITE}{line}{_RESET}\n" for line in lines)


def _code(link: str, *, box: int = 10, quiet_zone: int = QUIET_ZONE) -> QRCode[PilImage]:
    code = QRCode(error_correction=ERROR_CORRECT_M, box_size=box, border=quiet_zone, image_factory=PilImage)
    code.add_data(link)
    code.make()
    return code
