"""The slips of a poll: A4 pages to be cut, ten slips each, every one with a code of its own."""

from contextlib import closing

from qr import code
from qr.pages import HEIGHT, WIDTH, Colour, Pages
from qr.slip_words import Slip, SlipSheet
from qr.typesetting import TextBox, TextLayout

COLUMNS, ROWS = 2, 5
_SLIP_WIDTH, _SLIP_HEIGHT = WIDTH / COLUMNS, HEIGHT / ROWS
_MARGIN = 8.0  # of a slip, in millimetres: what a cut may miss by, and what a printer leaves white
_CODE = 34.0  # the picture's side, without its quiet zone
_LINE = 0.2

INK = Colour(33, 28, 25)
GREY = Colour(92, 84, 78)
RED = Colour(158, 27, 30)
CUT = Colour(190, 184, 176)


def slips_pdf(sheet: SlipSheet) -> bytes:
    """Prints all slips into one PDF file.

    Raises MissingGlyph for a character that would come out as an empty box, TextTooLong for a text that does not fit
    its place, and ValueError when there is no slip at all.
    """
    if not sheet.slips:
        raise ValueError("there is no slip to print")
    with closing(Pages(title=sheet.title)) as pages:
        for number, slip in enumerate(sheet.slips):
            place = number % (COLUMNS * ROWS)
            if place == 0:
                pages.new_page()
                _cuts(pages)
            _slip(pages, sheet, slip, place % COLUMNS * _SLIP_WIDTH, place // COLUMNS * _SLIP_HEIGHT)
        return pages.pdf()


def _cuts(pages: Pages) -> None:
    for column in range(1, COLUMNS):
        pages.box(column * _SLIP_WIDTH, 0, _LINE, HEIGHT, CUT)
    for row in range(1, ROWS):
        pages.box(0, row * _SLIP_HEIGHT, WIDTH, _LINE, CUT)


def _slip(pages: Pages, sheet: SlipSheet, slip: Slip, left: float, top: float) -> None:
    rows = code.modules(slip.link)
    picture_top = top + (_SLIP_HEIGHT - _CODE) / 2
    pages.bars(left + _MARGIN, picture_top, _CODE / len(rows), code.bars(rows), INK)
    x = left + _MARGIN + _CODE + 6
    width = _SLIP_WIDTH - _CODE - 6 - 2 * _MARGIN
    pages.fitted(x, top + 13, sheet.title, TextBox(width, (TextLayout(1, 13, 9),)), RED, bold=True)
    pages.fitted(x, top + 19, sheet.unit, TextBox(width, (TextLayout(1, 10, 7), TextLayout(2, 8, 6))), INK)
    pages.fitted(x, top + 29, sheet.how, TextBox(width, (TextLayout(2, 8, 6), TextLayout(3, 7, 5.5))), GREY)
    pages.fitted(x, top + 43, slip.code, TextBox(width, (TextLayout(1, 13, 9),)), INK, bold=True)
    pages.fitted(x, top + 50, sheet.once, TextBox(width, (TextLayout(1, 7.5, 5.5),)), GREY)
