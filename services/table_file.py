"""Reads a table that somebody brings along: CSV as Excel and WPS write it, or Excel's own format.

Nothing is worked out: a formula stays what it is, with its sign, and whoever reads the table refuses it.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError

MOST_BYTES = 2 * 2**20
MOST_ROWS = 3_000
MOST_COLUMNS = 60
_MOST_UNPACKED = 40 * 2**20  # bytes of one part of an Excel file
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_DELIMITERS = (",", ";", "\t")
# Of Excel's own number formats, those that show a day; what is written out shows one when it has y or d in it.
_DAY_FORMATS = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
_BROKEN = (csv.Error, zipfile.BadZipFile, ParseError, LookupError, ValueError, OverflowError)
_DAY_ONE, _DAY_ONE_1904 = date(1899, 12, 30), date(1904, 1, 1)


class TableFault(StrEnum):
    """Why a file as a whole cannot be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"  # neither CSV nor .xlsx: the older .xls, a picture
    BROKEN = "broken"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"


class UnreadableTable(Exception):
    """A file cannot be read as a table."""

    def __init__(self, fault: TableFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class TableRow:
    """A row that is not empty: its number in the file, counted from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


def read_table(content: bytes) -> list[TableRow]:
    """Return the rows of a file, the heading first. A day is written as 2026-11-30. Takes long.

    Raises UnreadableTable.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableTable(TableFault.TOO_LARGE)
    try:
        found = _excel_rows(content) if content.startswith(b"PK") else _csv_rows(_decoded(content))
        rows = [row for row in found if any(row.cells)]
    except (
        csv.Error,
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        ParseError,
        ValueError,
        OverflowError,
    ):
        raise UnreadableTable(TableFault.BROKEN) from None
    if not rows:
        raise UnreadableTable(TableFault.EMPTY)
    if max(len(row.cells) for row in rows) > MOST_COLUMNS:
        raise UnreadableTable(TableFault.TOO_MANY_COLUMNS)
    return rows


def column_letters(position: int) -> str:
    """Return what a spreadsheet calls a column: A is 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _decoded(content: bytes) -> str:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_wide else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableTable(TableFault.UNKNOWN)


def _csv_rows(text: str) -> Iterator[TableRow]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, cells in enumerate(reader, start=1):
        if number > MOST_ROWS + 1:
            raise UnreadableTable(TableFault.TOO_MANY_ROWS)
        yield TableRow(number, tuple(cell.strip() for cell in cells))


def _excel_rows(content: bytes) -> Iterator[TableRow]:
    """Yield the rows of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        book = _part(file, "xl/workbook.xml")
        sheet = book.find(f"{_MAIN}sheets/{_MAIN}sheet")
        if sheet is None:
            return
        relation = sheet.get(f"{_RELATIONS}id")
        targets = {one.get("Id"): one.get("Target", "") for one in _part(file, "xl/_rels/workbook.xml.rels")}
        path = targets[relation]
        page = _part(file, path.removeprefix("/") if path.startswith("/") else f"xl/{path}")
        names = set(file.namelist())
        shared = _shared(_part(file, "xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
        days = _day_styles(_part(file, "xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
    properties = book.find(f"{_MAIN}workbookPr")
    since = _DAY_ONE_1904 if properties is not None and properties.get("date1904") in ("1", "true") else _DAY_ONE
    for row in page.iter(f"{_MAIN}row"):
        cells = dict[int, str]()
        number = int(row.get("r", "0"))
        for cell in row.iter(f"{_MAIN}c"):
            letters = _PLACE.fullmatch(cell.get("r", ""))
            if letters is None:
                raise UnreadableTable(TableFault.BROKEN)
            position, number = _position(letters[1]), int(letters[2])
            if position >= MOST_COLUMNS:
                raise UnreadableTable(TableFault.TOO_MANY_COLUMNS)
            cells[position] = _value(cell, shared, days, since).strip()
        if number > MOST_ROWS + 1 and any(cells.values()):
            raise UnreadableTable(TableFault.TOO_MANY_ROWS)
        yield TableRow(number, tuple(cells.get(at, "") for at in range(max(cells, default=-1) + 1)))


def _part(file: zipfile.ZipFile, name: str) -> Element:
    """Return a part of an Excel file, unless it unpacks to more than anybody needs; a trap in it is a ValueError."""
    from defusedxml.ElementTree import fromstring  # only when a list is brought

    with file.open(name) as packed:
        content = packed.read(_MOST_UNPACKED + 1)
    if len(content) > _MOST_UNPACKED:
        raise UnreadableTable(TableFault.TOO_LARGE)
    parsed: Element = fromstring(content)
    return parsed


def _shared(part: Element) -> list[str]:
    return [_words(entry) for entry in part.iter(f"{_MAIN}si")]


def _words(entry: Element) -> str:
    """Return the text of an entry; what says how it is pronounced is none of it."""
    runs = [entry.find(f"{_MAIN}t"), *(run.find(f"{_MAIN}t") for run in entry.findall(f"{_MAIN}r"))]
    return "".join(run.text or "" for run in runs if run is not None)


def _day_styles(part: Element) -> frozenset[int]:
    """Return the styles of cells that show a day."""
    written = {
        int(one.get("numFmtId", "0"))
        for one in part.iter(f"{_MAIN}numFmt")
        if set("yd") & set(_QUOTED.sub("", one.get("formatCode", "")).lower())
    }
    styles = part.find(f"{_MAIN}cellXfs")
    formats = [int(one.get("numFmtId", "0")) for one in styles] if styles is not None else []
    return frozenset(at for at, one in enumerate(formats) if one in _DAY_FORMATS or one in written)


def _value(cell: Element, shared: list[str], days: frozenset[int], since: date) -> str:
    formula = cell.find(f"{_MAIN}f")
    if formula is not None:
        return f"={formula.text or ''}"
    value = cell.findtext(f"{_MAIN}v") or ""
    match cell.get("t", "n"):
        case "s":
            return shared[int(value)] if value else ""
        case "inlineStr":
            inline = cell.find(f"{_MAIN}is")
            return _words(inline) if inline is not None else ""
        case "n" if value and int(cell.get("s", "0")) in days:
            return (since + timedelta(days=int(float(value)))).isoformat()
        case "n" if value:
            number = float(value)
            return str(int(number)) if number.is_integer() else value
        case "d":
            return value[:10]
        case _:
            return value


def _position(letters: str) -> int:
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1
