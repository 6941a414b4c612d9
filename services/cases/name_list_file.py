"""Reads a list that a team brings along: CSV as Excel, WPS or an authority's system writes it.

Nothing is guessed: what a column holds is told by its heading, and a row that cannot be right is left out with the
reason.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.cases.queue_words import folded

MOST_BYTES = 2 * 2**20
MOST_ROWS = 10_000
MOST_COLUMNS = 40
LONGEST_CELL = 200  # characters
_DELIMITERS = (",", ";", "\t")
_NAME = re.compile(r"[^\W\d_]{1,20}(?:[·•・ .][^\W\d_]{1,20}){0,3}")
_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")  # what Excel makes of a long number
_CUT_OFF = re.compile(r"#{2,}|#(?:NAME|REF|VALUE|N/A|DIV/0)[?!]?")
_SEPARATORS = re.compile(r"[、,，;；/\s]+")


class ColumnKind(StrEnum):
    """What a column holds that is compared."""

    NAME = "name"
    RELATIVES = "relatives"
    VILLAGE = "village"
    PLATE = "plate"
    COMPANY = "company"


# In this order: 村干部姓名 is a name, 公司负责人 too, and "company name" is none.
_HEADINGS: tuple[tuple[ColumnKind, tuple[str, ...]], ...] = (
    (ColumnKind.RELATIVES, ("亲属", "家属", "配偶", "家庭成员", "relative")),
    (ColumnKind.PLATE, ("车牌", "号牌", "plate")),
    (ColumnKind.NAME, ("姓名", "名字", "户主", "法人", "法定代表人", "承包人", "负责人", "车主")),
    (ColumnKind.COMPANY, ("公司", "企业", "中标单位", "施工单位", "供应商", "合作社", "company")),
    (ColumnKind.VILLAGE, ("村", "社区", "住址", "地址", "village")),
    (ColumnKind.NAME, ("name",)),
)


class FileFault(StrEnum):
    """Why a file as a whole cannot be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"  # an Excel file, a picture, or an encoding that nobody knows
    BROKEN = "broken"  # a quotation mark is not closed, for one
    NO_HEADING = "no_heading"  # none of its columns is called what can be compared
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"


class RowFault(StrEnum):
    """Why a row is left out."""

    CELLS = "cells"  # more of them than the heading has
    NOTHING = "nothing"  # to compare by
    NO_NAME = "no_name"  # what stands there is none
    ROUNDED = "rounded"  # Excel has made 4.3E+17 of a long number
    CUT_OFF = "cut_off"  # Excel shows #### or an error
    TOO_LONG = "too_long"
    TWICE = "twice"


class UnreadableFile(Exception):
    """A file cannot be read as a list."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class NamedRow:
    """A row of a list: its number in the file, counted from 1 with the heading, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class NamesRead:
    """What was read of a file: its heading, which columns are compared, its rows, and those that are left out."""

    heading: tuple[str, ...]
    kinds: tuple[str, ...]  # of each column, `ColumnKind` or nothing
    rows: tuple[NamedRow, ...]
    faults: tuple[tuple[int, RowFault], ...] = ()


def decoded(content: bytes) -> str:
    """Return a file as text: UTF-8, UTF-16 with its mark, or GB 18030 as Excel writes CSV in China.

    Raises UnreadableFile.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile(FileFault.TOO_LARGE)
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_wide else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(FileFault.NOT_TEXT)


def read_names(text: str) -> NamesRead:
    """Return the rows of a list, and which are left out and why. Raises UnreadableFile. Takes long."""
    lines = list(_lines(text))
    if not lines:
        raise UnreadableFile(FileFault.EMPTY)
    number, heading = lines[0]
    if len(heading) > MOST_COLUMNS:
        raise UnreadableFile(FileFault.TOO_MANY_COLUMNS)
    kinds = tuple(_kind_of(one) for one in heading)
    if not {ColumnKind.NAME, ColumnKind.RELATIVES, ColumnKind.PLATE, ColumnKind.COMPANY} & set(kinds):
        raise UnreadableFile(FileFault.NO_HEADING)
    rows, faults = list[NamedRow](), list[tuple[int, RowFault]]()
    seen: set[tuple[str, ...]] = set()
    for number, cells in lines[1:]:
        row = tuple(cells) + ("",) * (len(heading) - len(cells))
        fault = _fault_of(row, kinds) or (RowFault.TWICE if row in seen else None)
        seen.add(row)
        if fault is None:
            rows.append(NamedRow(number, row))
        else:
            faults.append((number, fault))
    return NamesRead(tuple(heading), kinds, tuple(rows), tuple(faults))


def names_in(cell: str) -> list[str]:
    """Return the names of a cell that may hold several."""
    return [one for one in _SEPARATORS.split(cell) if _NAME.fullmatch(one)]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with its number."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS + 1:
                raise UnreadableFile(FileFault.TOO_MANY_ROWS)
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield number, stripped
    except csv.Error:
        raise UnreadableFile(FileFault.BROKEN) from None


def _kind_of(heading: str) -> str:
    word = folded(heading)
    return next((kind for kind, names in _HEADINGS if any(name in word for name in names)), "")


def _fault_of(row: Sequence[str], kinds: Sequence[str]) -> RowFault | None:
    if len(row) > len(kinds):
        return RowFault.CELLS
    if any(len(cell) > LONGEST_CELL for cell in row):
        return RowFault.TOO_LONG
    if any(_ROUNDED.fullmatch(cell) for cell in row):
        return RowFault.ROUNDED
    if any(_CUT_OFF.fullmatch(cell) for cell in row):
        return RowFault.CUT_OFF
    by_kind = [(kind, cell) for kind, cell in zip(kinds, row, strict=True) if cell]
    if any(kind == ColumnKind.NAME and not _NAME.fullmatch(cell) for kind, cell in by_kind):
        return RowFault.NO_NAME
    compared = {ColumnKind.NAME, ColumnKind.RELATIVES, ColumnKind.PLATE, ColumnKind.COMPANY}
    return None if any(kind in compared for kind, _ in by_kind) else RowFault.NOTHING
