"""Prints a plain document."""

from contextlib import closing

from qr.document_words import Document
from qr.fonts import BOLD, REGULAR
from qr.pages import HEIGHT, LEADING, WIDTH, Colour, Pages
from qr.typesetting import MM_PER_POINT, break_lines, full_width_marks

INK = Colour(33, 28, 25)
GREY = Colour(92, 84, 78)
_MARGIN = 25.0  # millimetres
_TITLE, _HEADING, _TEXT, _SMALL = 18.0, 12.0, 11.0, 9.0  # points
_FOOT = 12.0  # from the lower edge
_MEASURE = WIDTH - 2 * _MARGIN


def document_pdf(document: Document) -> bytes:
    """Prints a document into a PDF file. Raises MissingGlyph for a character that would come out as an empty box."""
    with closing(_Column(Pages(title=document.title), document.foot)) as column:
        column.write(document.title, _TITLE, INK, bold=True)
        column.space(2)
        for line in document.lines:
            column.write(line, _TEXT, GREY)
        for section in document.sections:
            column.space(4)
            column.write(section.heading, _HEADING, INK, bold=True, with_next=True)
            column.write(section.text, _TEXT, INK)
        return column.pdf()


class _Column:
    """Text from the top of a page down, and on the next one where it is full."""

    def __init__(self, pages: Pages, foot: str) -> None:
        self._pages, self._foot, self._number = pages, foot, 0
        self._new_page()

    def write(self, text: str, size: float, colour: Colour, *, bold: bool = False, with_next: bool = False) -> None:
        """Set a text in lines. `with_next`: not as the last line of a page."""
        height = size * MM_PER_POINT * LEADING
        font = BOLD if bold else REGULAR
        for line in break_lines(full_width_marks(text), font, _MEASURE / (size * MM_PER_POINT)):
            if self._y + height * (3 if with_next else 1) > HEIGHT - _MARGIN:
                self._new_page()
            self._y += height
            self._pages.text(_MARGIN, self._y, line, size, colour, bold=bold)

    def space(self, millimetres: float) -> None:
        """Leave room."""
        self._y += millimetres

    def pdf(self) -> bytes:
        """Returns the file."""
        return self._pages.pdf()

    def close(self) -> None:
        """Closes the font files."""
        self._pages.close()

    def _new_page(self) -> None:
        self._pages.new_page()
        self._number += 1
        self._y = _MARGIN
        self._pages.text(_MARGIN, HEIGHT - _FOOT, f"{self._foot} · {self._number}", _SMALL, GREY)
