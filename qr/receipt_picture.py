"""A receipt code as a picture: its words in large type, and nothing that tells where it is from."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from qr import fonts
from qr.code import png

WIDTH = 1080
MARGIN = 72
PAPER = "#fbf6ec"
INK = "#211c19"
GREY = "#5c544e"
LINE = "#c99a46"
CODE_BOX = 12  # pixels a module
CODE_GAP = 24  # above the code, beside its quiet zone


def receipt_png(words: Sequence[str], title: str, hint: str, link: str = "") -> bytes:
    """Draws the eight words of a code in rows that a phone shows whole: four characters, or two words, a row.

    Below them stands the QR code of a link, if one is given.
    """
    words_per_row = 4 if all(len(word) == 1 for word in words) else 2
    rows = [words[start : start + words_per_row] for start in range(0, len(words), words_per_row)]
    large, small = _font(200, bold=True) if words_per_row == 4 else _font(92, bold=True), _font(44)
    heading = _font(56, bold=True)
    pitch = 250 if words_per_row == 4 else 140
    lines = _broken_into_lines(hint, small)
    top = MARGIN + 130
    code = _code(link) if link else None
    height = top + pitch * len(rows) + 40 + 64 * len(lines) + (code.height + CODE_GAP if code else 0) + MARGIN

    picture = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.text((MARGIN, MARGIN), title, INK, heading)
    pen.line((MARGIN, MARGIN + 96, WIDTH - MARGIN, MARGIN + 96), LINE, 4)
    cell = (WIDTH - 2 * MARGIN) / words_per_row
    for number, row in enumerate(rows):
        for column, word in enumerate(row):
            middle = (MARGIN + cell * (column + 0.5), top + pitch * (number + 0.5))
            pen.text(middle, word, INK, large, anchor="mm")
    below = top + pitch * len(rows) + 40
    for number, line in enumerate(lines):
        pen.text((MARGIN, below + 64 * number), line, GREY, small)
    if code is not None:
        picture.paste(code, ((WIDTH - code.width) // 2, below + 64 * len(lines) + CODE_GAP))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _code(link: str) -> Image.Image:
    return Image.open(io.BytesIO(png(link, box=CODE_BOX))).convert("RGB")


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.BOLD if bold else fonts.REGULAR), size)


def _broken_into_lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Break a sentence into lines that fit the picture, between words where it has blanks."""
    pieces = [f"{word} " for word in text.split(" ")] if " " in text else list(text)
    lines = [""]
    for piece in pieces:
        if font.getlength((lines[-1] + piece).rstrip()) > WIDTH - 2 * MARGIN:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
