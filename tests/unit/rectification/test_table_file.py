"""Tables that somebody brings along: what Excel and CSV hold is read, and nothing is worked out."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from services.rectification.feedback_list import Column, NoColumns, columns_of
from services.spreadsheet import Sheet, as_csv, as_excel
from services.table_file import MOST_BYTES, TableFault, UnreadableTable, column_letters, read_table
from texts.catalogue import LANGUAGES, Words

HEADER, ROW = ["编号", "被巡察单位", "整改时限"], ["0012", "竹坞镇党委", date(2027, 6, 30)]


def test_excel_and_csv_are_read_alike() -> None:
    wanted = [(1, tuple(HEADER)), (2, ("0012", "竹坞镇党委", "2027-06-30"))]
    excel = read_table(as_excel([Sheet("清单", HEADER, [ROW])], date(2026, 11, 1)))
    text = as_csv(HEADER, [["0012", "竹坞镇党委", "2027-06-30"]])
    for found in (excel, read_table(text.encode()), read_table(text.removeprefix("\ufeff").encode("gb18030"))):
        assert [(row.number, row.cells) for row in found] == wanted


def test_a_formula_of_excel_stays_a_formula_and_a_number_a_number() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADER)
    page.write_formula(2, 0, "=HYPERLINK(1)", None, 7)
    page.write_number(2, 1, 12)
    page.write_number(2, 2, 0.5)
    book.close()
    assert [(row.number, row.cells) for row in read_table(made.getvalue())][1:] == [(3, ("=HYPERLINK(1)", "12", "0.5"))]


def _zipped(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return made.getvalue()


BOMB = '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>'


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", TableFault.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\xff\xff", TableFault.UNKNOWN),
        (b"PK\x03\x04 no zip", TableFault.BROKEN),
        (_zipped(**{"xl__workbook.xml": BOMB}), TableFault.BROKEN),
        (_zipped(**{"xl__workbook.xml": " " * (40 * 2**20 + 1)}), TableFault.TOO_LARGE),
        (b"x" * (MOST_BYTES + 1), TableFault.TOO_LARGE),
        (b"a\n" * 3_002, TableFault.TOO_MANY_ROWS),
        (b"," * 61 + b"a\n", TableFault.TOO_MANY_COLUMNS),
        (b'a,"b\n', TableFault.BROKEN),
    ],
)
def test_a_file_that_is_no_table_says_why(content: bytes, fault: TableFault) -> None:
    with pytest.raises(UnreadableTable) as refused:
        read_table(content)
    assert refused.value.fault is fault


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_columns_of_the_template_are_known_in_each_language(language: str) -> None:
    words = Words(language)
    assert list(columns_of([words.plain(f"item.column_{column}") for column in Column])) == list(Column)


def test_a_list_without_units_or_problems_cannot_be_read() -> None:
    with pytest.raises(NoColumns) as lacking:
        columns_of(["编号", "整改要求"])
    assert lacking.value.columns == (Column.UNIT, Column.PROBLEM)


def test_columns_are_called_as_a_spreadsheet_calls_them() -> None:
    assert [column_letters(at) for at in (0, 2, 25, 26, 27, 52)] == ["A", "C", "Z", "AA", "AB", "BA"]
