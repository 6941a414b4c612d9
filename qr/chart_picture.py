"""Draws a chart as a picture for a phone or for a screen."""

import io

from PIL import Image, ImageDraw, ImageFont

from qr import fonts
from qr.chart import Chart, ChartRow, Measured, Shape

PAPER = "#fbf6ec"
CARD = "#ffffff"
INK = "#211c19"
GREY = "#6b625b"
TRACK = "#ece4d6"
GOOD = "#2f7d4f"
BELOW = "#b5322c"
SECOND = 0.45  # how far the second bar's colour is mixed with white
GOLD = "#c99a46"


MOST_ROWS = {Shape.PHONE: 10, Shape.SCREEN: 6}


def chart_png(chart: Chart, shape: Shape = Shape.PHONE) -> bytes:
    """Draws a chart; what has no room in the shape is left out, so put first what matters."""
    width, text, height = shape.value
    rows = chart.rows[: MOST_ROWS[shape]]
    pen_of = _Sizes(text, len(chart.legend))
    top = pen_of.head
    needed = top + pen_of.row * len(rows) + pen_of.foot
    picture = Image.new("RGB", (width, height or needed), PAPER)
    pen = ImageDraw.Draw(picture)
    left, right = pen_of.margin, width - pen_of.margin
    _head(pen, chart, pen_of, left, right)
    pen.rounded_rectangle((left - 24, top - 16, right + 24, top + pen_of.row * len(rows)), 18, CARD)
    for number, row in enumerate(rows):
        _row(pen, chart, row, pen_of, (left, right, top + pen_of.row * number))
    foot = (height or needed) - pen_of.foot + pen_of.small
    pen.text((left, foot), _fitting(chart.foot, pen_of.small_font, right - left), GREY, pen_of.small_font)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Sizes:
    """How large everything is, from the size of the text."""

    def __init__(self, text: int, bars: int) -> None:
        self.margin = 64
        self.text, self.small = text, round(text * 0.72)
        self.font, self.bold = _font(text), _font(text, bold=True)
        self.figures = (
            _font(round(text * 0.9), bold=True),
            _font(round(text * 0.8)),
        )  # beside the first bar, and others
        self.small_font, self.title_font = _font(self.small), _font(round(text * 1.45), bold=True)
        self.bar = round(text * 0.8)
        self.gap = round(text * 0.34)
        self.row = round(text * 1.75) + bars * (self.bar + self.gap) + 18
        self.head = round(text * 6.5)
        self.foot = round(text * 2.2)


def _head(pen: ImageDraw.ImageDraw, chart: Chart, sizes: _Sizes, left: int, right: int) -> None:
    first = round(sizes.text * 0.9)
    pen.text((left, first), _fitting(chart.title, sizes.title_font, right - left), INK, sizes.title_font)
    below = first + round(sizes.text * 1.95)
    pen.text((left, below), _fitting(chart.subtitle, sizes.small_font, right - left), GREY, sizes.small_font)
    x, y = left, below + round(sizes.text * 1.35)
    for number, name in enumerate(chart.legend):
        pen.rounded_rectangle((x, y + 4, x + 44, y + 4 + sizes.small), 6, _colour(GOOD, number))
        pen.text((x + 58, y), name, INK, sizes.small_font)
        x += 58 + round(sizes.small_font.getlength(name)) + 40
    _dashes(pen, x + 6, y + 2, y + sizes.small + 8)
    pen.text((x + 24, y), chart.target_label, INK, sizes.small_font)


def _row(pen: ImageDraw.ImageDraw, chart: Chart, row: ChartRow, sizes: _Sizes, place: tuple[int, int, int]) -> None:
    left, right, top = place
    figures = round(sizes.bold.getlength("1000/1000 100%")) + 16
    end = right - figures
    note = round(sizes.small_font.getlength(row.note))
    pen.text((left, top), _fitting(row.label, sizes.font, right - left - note - 24), INK, sizes.font)
    if row.note:
        pen.text((right - note, top + sizes.text * 0.25), row.note, BELOW, sizes.small_font)
    y = top + round(sizes.text * 1.5)
    for number, measured in enumerate(row.bars):
        colour = _colour(BELOW if measured.is_below else GOOD, number)
        pen.rounded_rectangle((left, y, end, y + sizes.bar), sizes.bar // 2, TRACK)
        length = round((end - left) * measured.rate)
        if length > sizes.bar:
            pen.rounded_rectangle((left, y, left + length, y + sizes.bar), sizes.bar // 2, colour)
        elif measured.part:
            pen.ellipse((left, y, left + sizes.bar, y + sizes.bar), colour)
        said = _figures(measured, chart.nothing)
        font = sizes.figures[min(number, 1)]
        while font.getlength(said) > figures - 16 and font.size > 16:
            font = font.font_variant(size=font.size - 2)
        ink = BELOW if measured.is_below else INK
        pen.text((right, y + sizes.bar / 2), said, ink, font, anchor="rm")
        y += sizes.bar + sizes.gap
    _dashes(pen, left + round((end - left) * row.target), top + round(sizes.text * 1.5) - 4, y - sizes.gap + 4)


def _figures(measured: Measured, nothing: str) -> str:
    if not measured.whole:
        return nothing
    percent = round(100 * measured.rate)
    if 0 < measured.part < measured.whole:  # all is all, and nothing is nothing
        percent = min(99, max(1, percent))
    return f"{measured.part}/{measured.whole} {percent}%"


def _dashes(pen: ImageDraw.ImageDraw, x: int, top: int, bottom: int) -> None:
    for y in range(top, bottom, 10):
        pen.line((x, y, x, min(y + 6, bottom)), GOLD, 4)


def _colour(colour: str, number: int) -> str:
    """Return the colour of a bar: of the second one, a lighter shade."""
    if number == 0:
        return colour
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (255 - part) * SECOND):02x}" for part in parts)


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Return a text, cut where it is wider than its place."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.BOLD if bold else fonts.REGULAR), size)
