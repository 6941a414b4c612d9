"""Places of a table's cells as they are written: A1, $B$2, A1:C3."""

import re
from dataclasses import dataclass
from typing import Final

ROWS: Final = 1_048_576
COLUMNS: Final = 16_384
# A dollar: it does not move along when a formula is copied.
CELL: Final = re.compile(
    r"\s*(?P<fixed_column>\$?)(?P<column>[A-Za-z]{1,3})(?P<fixed_row>\$?)(?P<row>\d{1,7})\s*", re.ASCII
)


@dataclass(frozen=True)
class Area:
    """A rectangle of cells."""

    top: int
    left: int
    bottom: int
    right: int

    def has(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def column_of(letters: str) -> int:
    """Return the number of a column, from 1, by its letters."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def letters_of(column: int) -> str:
    """Return the letters of a column by its number."""
    letters = ""
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def area_of(text: str) -> Area | None:
    """Read an area; None when it is none, or beyond the sheet."""
    first, _, last = text.partition(":")
    corners = [CELL.fullmatch(corner) for corner in (first, last or first)]
    if not all(corners):
        return None
    columns = sorted(column_of(corner["column"]) for corner in corners if corner)
    rows = sorted(int(corner["row"]) for corner in corners if corner)
    if rows[0] < 1 or rows[1] > ROWS or columns[1] > COLUMNS:
        return None
    return Area(rows[0], columns[0], rows[1], columns[1])


def written(area: Area) -> str:
    """Write an area as a sheet does."""
    return f"{letters_of(area.left)}{area.top}:{letters_of(area.right)}{area.bottom}"
