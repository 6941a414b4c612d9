"""What of a table shows: hidden rows, columns and values left behind, and everything else where it was.

A place is read as programs read it: a row or cell that doesn't say where it stands comes after the one before it. All
places are written out, so that nothing slides when something goes.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final
from xml.etree.ElementTree import Element

from media.kinds import CannotClean, FileProblem
from media.office_cells import CELL, COLUMNS, ROWS, Area, area_of, column_of, letters_of, written
from media.office_conditions import Conditions
from media.office_formats import Formats
from media.office_looks import Looks
from media.office_parts import XDR, S, is_on, number

_LEAST_HEIGHT: Final = 1.0  # points; less is no dot high
_LEAST_WIDTH: Final = 0.05  # characters; less is no dot wide. A broader column lets its words run over into the next
_MOST_MERGED: Final = 20_000_000  # columns, of all merged areas
# What a row says of itself that is written out to be seen, in a sheet whose other rows are hidden.
_SAYS_IT_SHOWS: Final = frozenset({"hidden", "ht", "customHeight", "spans"})


@dataclass
class _Row:
    element: Element
    cells: dict[int, Element]
    is_hidden: bool


class Sheet:
    """One sheet of which what shows is kept."""

    def __init__(self, root: Element, formats: Formats, looks: Looks) -> None:
        self._root = root
        self._formats = formats
        self._looks = looks
        self._conditions = Conditions(root, looks)
        self._hidden_by_default = False
        self._columns = bytearray(b"\1" * (COLUMNS + 1))  # which show
        self._shown_before: list[int] = []  # how many columns show before each
        self._rows: dict[int, _Row] = {}
        self._told: list[int] = []  # rows that are not as rows are by default: hidden, or shown

    def keep_visible(self) -> None:
        """Take out of the sheet what is hidden. Raises CannotClean."""
        self._read_columns()
        self._read_rows()
        areas = self._shown_areas()
        anchors = {(area.top, area.left) for area in areas}
        self._empty_what_is_covered(areas, anchors)
        self._write_rows(anchors)
        self._conditions.keep_colouring(self._root)
        for merged in self._root.iter(f"{S}mergeCells"):
            merged[:], areas = [Element(f"{S}mergeCell", ref=written(area)) for area in areas], []

    @property
    def is_whole(self) -> bool:
        """Whether of each value it was certain whether it shows."""
        return self._conditions.are_certain

    def shows(self, anchor: Element) -> bool:
        """Whether a drawing that is stretched between two cells has a row and a column that show."""
        if anchor.tag != f"{XDR}twoCellAnchor":
            return True
        rows, columns = _stretch(anchor, "row"), _stretch(anchor, "col")
        if rows is None or columns is None:
            return True
        return self._any_column_shows(*columns) and self._any_row_shows(*rows)

    def _read_columns(self) -> None:
        form = self._root.find(f"{S}sheetFormatPr")
        if form is not None:
            self._hidden_by_default = is_on(form.attrib.pop("zeroHeight", None), without=False)
            if _is_narrow(form.get("defaultColWidth")):
                del form.attrib["defaultColWidth"]
                self._columns = bytearray(COLUMNS + 1)
        hidden_by_default = not self._columns[1]
        told: list[tuple[bool, int, int]] = []
        for columns in self._root.iter(f"{S}cols"):
            kept = []
            for column in columns:
                first, last = (int(number(column.get(name)) or 0) for name in ("min", "max"))
                width = column.get("width")
                narrow = hidden_by_default if width is None else _is_narrow(width)
                shows = not (narrow or is_on(column.get("hidden"), without=False))
                told.append((shows, max(first, 1), min(last, COLUMNS)))
                kept += [column] if shows else []
            columns[:] = kept
        for shows, first, last in sorted(told, reverse=True):  # where two speak of one column, hidden is hidden
            self._columns[first : last + 1] = bytes([shows]) * max(0, last - first + 1)
        self._shown_before = [0, *accumulate(self._columns)]

    def _read_rows(self) -> None:
        at = 0
        for data in self._root.iter(f"{S}sheetData"):
            for row in data.findall(f"{S}row"):
                at = _position(row.get("r"), at)
                if at > ROWS:
                    continue
                is_hidden, read = self._is_hidden(row), self._rows.get(at)
                if read is not None and is_hidden:
                    continue  # of two rows in one place the one that shows is kept
                if read is None or read.is_hidden:
                    read = self._rows[at] = _Row(row, {}, is_hidden)
                column = 0
                for cell in row.findall(f"{S}c"):
                    place = CELL.fullmatch(cell.get("r", ""))
                    column = column + 1 if place is None else column_of(place["column"])
                    if column <= COLUMNS:
                        read.cells[column] = cell
        self._told = sorted(at for at, row in self._rows.items() if row.is_hidden is not self._hidden_by_default)

    def _is_hidden(self, row: Element) -> bool:
        height = number(row.get("ht"))
        if height is not None and height < _LEAST_HEIGHT:
            return True
        if self._hidden_by_default and not _SAYS_IT_SHOWS & row.attrib.keys():
            return True
        return is_on(row.get("hidden"), without=False)

    def _shown_areas(self) -> list[Area]:
        """Return the merged areas of which something shows, from the top down."""
        areas = (area_of(merged.get("ref", "")) for merged in self._root.iter(f"{S}mergeCell"))
        return sorted(
            (
                area
                for area in {area for area in areas if area is not None}
                if self._any_column_shows(area.left, area.right) and self._any_row_shows(area.top, area.bottom)
            ),
            key=lambda area: (area.top, area.left),
        )

    def _any_column_shows(self, first: int, last: int) -> bool:
        return self._shown_before[min(last, COLUMNS) + 1] > self._shown_before[min(first, COLUMNS)]

    def _any_row_shows(self, first: int, last: int) -> bool:
        told = bisect_right(self._told, last) - bisect_left(self._told, first)
        return told > 0 if self._hidden_by_default else told < last - first + 1

    def _empty_what_is_covered(self, areas: list[Area], anchors: set[tuple[int, int]]) -> None:
        """Take out the values of cells under a merged one: nobody sees them."""
        if sum(area.right - area.left + 1 for area in areas) > _MOST_MERGED:
            raise CannotClean(FileProblem.TOO_BIG)
        covered = [0] * (COLUMNS + 1)  # of each column, down to which row
        waiting = iter(areas)
        area = next(waiting, None)
        for at in sorted(self._rows):
            while area is not None and area.top <= at:
                columns = slice(area.left, area.right + 1)
                covered[columns] = [max(area.bottom, down) for down in covered[columns]]
                area = next(waiting, None)
            for column, cell in self._rows[at].cells.items():
                if covered[column] >= at and (at, column) not in anchors:
                    _empty(cell)

    def _write_rows(self, anchors: set[tuple[int, int]]) -> None:
        """Put back the cells that show, and the value of a merged area that shows in part, each with its place."""
        rows = []
        for at, row in sorted(self._rows.items()):
            kept = []
            for column, cell in sorted(row.cells.items()):
                if (row.is_hidden or not self._columns[column]) and (at, column) not in anchors:
                    continue
                if self._looks.hides(cell, over_colours=self._conditions.have_colours) or self._conditions.hide(
                    cell, at, column
                ):
                    _empty(cell)
                self._formats.settle(cell)
                cell.set("r", f"{letters_of(column)}{at}")
                kept.append(cell)
            if row.is_hidden and not kept:
                continue
            if row.is_hidden:
                row.element.attrib.clear()
            row.element.set("r", str(at))
            row.element[:] = kept
            rows.append(row.element)
        for data in self._root.iter(f"{S}sheetData"):
            data[:], rows = rows, []


def _is_narrow(width: str | None) -> bool:
    value = number(width)
    return value is not None and value < _LEAST_WIDTH


def _position(text: str | None, before: int) -> int:
    value = number(text)
    return int(value) if value is not None and 1 <= value <= ROWS else before + 1


def _empty(cell: Element) -> None:
    """Leave of a cell its frame and its colour."""
    cell[:] = []
    cell.attrib.pop("t", None)


def _stretch(anchor: Element, kind: str) -> tuple[int, int] | None:
    """Return the first and the last row or column that a drawing covers, from 1."""
    first = number(anchor.findtext(f"{XDR}from/{XDR}{kind}"))
    last = number(anchor.findtext(f"{XDR}to/{XDR}{kind}"))
    if first is None or last is None or not 0 <= first <= last < ROWS:
        return None
    into = number(anchor.findtext(f"{XDR}to/{XDR}{kind}Off")) or 0
    end = last if into > 0 else max(first, last - 1)
    return int(first) + 1, int(end) + 1


def strings_used(sheet: Element) -> set[int]:
    """Return the numbers of the shared strings that a sheet shows."""
    values = (number(cell.findtext(f"{S}v")) for cell in sheet.iter(f"{S}c") if cell.get("t") == "s")
    return {int(value) for value in values if value is not None and 0 <= value < 2**31}


def keep_strings(strings: Element, used: set[int]) -> None:
    """Empty the shared strings that no cell shows: of hidden rows, or left over from what was deleted."""
    for at, string in enumerate(strings):
        if at not in used:
            string[:] = [Element(f"{S}t")]
