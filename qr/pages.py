"""A4 pages in millimetres: text in the shipped fonts, boxes and paths, each in one call.

Punctuation between Chinese characters comes out in full width, however it was typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.drawing_primitives import DeviceRGB
from fpdf.enums import PathPaintRule
from fpdf.fonts import TTFFont

from qr import fonts
from qr.typesetting import MM_PER_POINT, TextBox, em_width, fit, full_width_marks

WIDTH = 210.0
HEIGHT = 297.0
LEADING = 1.45  # line to line, in em

_FAMILY = "NotoSansSC"


@dataclass(frozen=True)
class Colour:
    """A colour for print and screen; each part is 0 to 255."""

    red: int
    green: int
    blue: int


class Pages:
    """Collects pages into one PDF file; the fonts are embedded once, with the glyphs that were used."""

    def __init__(self, title: str) -> None:
        self._pdf = FPDF(format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.add_font(_FAMILY, "", fonts.REGULAR)
        self._pdf.add_font(_FAMILY, "B", fonts.BOLD)
        self._pdf.set_title(title)

    def new_page(self) -> None:
        """Begins the next page; all that is drawn goes there."""
        self._pdf.add_page()

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Measures one line at a size in points. Raises MissingGlyph."""
        return em_width(full_width_marks(text), _font(bold)) * size * MM_PER_POINT

    def size(self, text: str, box: TextBox, *, bold: bool = False) -> float:
        """Returns the size in points at which a text fits its box. Raises MissingGlyph and TextTooLong."""
        return fit(full_width_marks(text), _font(bold), box).size

    def text(self, x: float, baseline: float, text: str, size: float, colour: Colour, *, bold: bool = False) -> float:
        """Sets one line at a size in points and returns where it ends. Raises MissingGlyph."""
        width = self.width(text, size, bold=bold)
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        self._pdf.set_text_color(colour.red, colour.green, colour.blue)
        self._pdf.text(x, baseline, full_width_marks(text))
        return x + width

    def fitted(
        self, x: float, baseline: float, text: str, box: TextBox, colour: Colour, *, bold: bool = False
    ) -> float:
        """Sets a text as large as its box allows, from the first line's baseline down.

        Returns the last line's baseline. Raises MissingGlyph and TextTooLong.
        """
        fitted = fit(full_width_marks(text), _font(bold), box)
        leading = fitted.size * MM_PER_POINT * LEADING
        for number, line in enumerate(fitted.lines):
            self.text(x, baseline + number * leading, line, fitted.size, colour, bold=bold)
        return baseline + max(0, len(fitted.lines) - 1) * leading

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fills a box."""
        self._pdf.set_fill_color(colour.red, colour.green, colour.blue)
        self._pdf.rect(x, y, width, height, style="F")

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Fills a circle around x, y."""
        self._pdf.set_fill_color(colour.red, colour.green, colour.blue)
        self._pdf.circle(x, y, radius, style="F")

    def ring(self, x: float, y: float, radius: float, thickness: float, colour: Colour) -> None:
        """Draws a circle around x, y."""
        self._pdf.set_draw_color(colour.red, colour.green, colour.blue)
        self._pdf.set_line_width(thickness)
        self._pdf.circle(x, y, radius, style="D")

    def fill(self, path: PaintedPath, colour: Colour) -> None:
        """Fills a path that was drawn in millimetres."""
        path.style.fill_color = DeviceRGB(colour.red / 255, colour.green / 255, colour.blue / 255)
        path.style.stroke_color = None
        path.style.paint_rule = PathPaintRule.FILL_NONZERO
        with self._pdf.drawing_context() as context:
            context.add_item(path, clone=False)

    def bars(self, x: float, y: float, module: float, bars: Iterable[tuple[int, int, int]], colour: Colour) -> None:
        """Draws a code's bars as one shape, so that no viewer shows hairlines between them."""
        path = PaintedPath()
        for column, row, width in bars:
            path.rectangle(x + column * module, y + row * module, width * module, module)
        self.fill(path, colour)

    def pdf(self) -> bytes:
        """Returns the file."""
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Closes the font files, which FPDF itself does only when the file is finished."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def _font(bold: bool) -> Path:
    return fonts.BOLD if bold else fonts.REGULAR
