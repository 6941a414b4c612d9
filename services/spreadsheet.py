"""Tables for a spreadsheet: CSV that Excel reads, and Excel's own format. What would be taken for a formula is text."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # of Excel's own format
# What a spreadsheet takes for a formula begins with one of these.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes UTF-8 for something else
_LONGEST_CELL = 32_767  # characters, Excel's
_WIDTH, _WIDEST = 12, 40  # of a column, in signs


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name, what its columns are called, and its rows."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV, with the mark by which Excel knows UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([as_text(value) for value in row] for row in rows)
    return _BYTE_ORDER_MARK + written.getvalue()


def as_excel(sheets: Sequence[Sheet], made_on: date) -> bytes:
    """Return a workbook; it says of itself nothing but the day on which it was made. Takes long: run it in a thread.

    No cell is a formula, a link or a number but the numbers: Excel makes 0012 to 12, and 3-5 to a day in March.
    """
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"created": datetime.combine(made_on, time(), UTC)})
    bold, text, day = (
        book.add_format(how) for how in ({"bold": True}, {"num_format": "@"}, {"num_format": "yyyy-mm-dd"})
    )
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        widths = [max(_WIDTH, 2 * len(name)) for name in sheet.header]
        for column, name in enumerate(sheet.header):
            page.write_string(0, column, name, bold)
        for line, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                match as_text(value):
                    case date() as on:
                        page.write_datetime(line, column, datetime.combine(on, time()), day)
                    case int() as number:
                        page.write_number(line, column, number)
                    case str() as words if words:
                        page.write_string(line, column, words[:_LONGEST_CELL], text)
                        widths[column] = min(_WIDEST, max(widths[column], 2 * len(words)))
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)
    book.close()
    return made.getvalue()


def as_text(value: object) -> object:
    """Return what stands in a cell: words that a spreadsheet would take for a formula begin with an apostrophe."""
    is_formula = isinstance(value, str) and (value + " ").lstrip(" \n").startswith(_FORMULA_SIGNS)
    return f"'{value}" if is_formula else value
