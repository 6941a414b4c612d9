"""Files are re-made in work that grows with their length and no faster, however hostile they are."""

from collections.abc import Callable

import pikepdf
import pytest

from media.pdf_layers import without_notes_in_hidden_layers
from tests.tracing import count_events
from tests.unit.media.test_cleaning_documents import noted, packed_pdf, remake_office
from tests.unit.media.test_hidden_content import (
    TABLE,
    VANISH,
    anchored,
    cell,
    column,
    formats,
    paragraph,
    rows,
    run,
    sheet_shape,
    style,
    table,
    text,
)

FIELD_BEGINS, FIELD_ENDS = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "end"))


def each(count: int, form: str) -> str:
    return "".join(form.replace("#", str(number)) for number in range(1, count + 1))


def merged(count: int, area: str) -> str:
    return "<mergeCells>" + each(count, f'<mergeCell ref="{area}"/>') + "</mergeCells>"


BY_SIZE: dict[str, Callable[[int], bytes]] = {
    "styles based on one another": lambda n: text(
        each(n, paragraph(run("x", '<w:rStyle w:val="s#"/>'), '<w:pStyle w:val="s#"/>')),
        styles="".join(style(f"s{number}", based_on=f"s{number + 1}") for number in range(n)) + style(f"s{n}", VANISH),
    ),
    "runs of one paragraph": lambda n: text(paragraph(each(n, run("#", "<w:vanish/>") + run("#")))),
    "fields within fields": lambda n: text(
        paragraph(each(n, f"<w:r>{FIELD_BEGINS}</w:r>") + run("x") + each(n, f"<w:r>{FIELD_ENDS}</w:r>"))
    ),
    "fields that never end": lambda n: text(paragraph(each(n, f"<w:r>{FIELD_BEGINS}</w:r>" + run("x")))),
    "fields of one run": lambda n: text(
        "<w:p><w:r>" + each(n, f"{FIELD_BEGINS}<w:t>#</w:t>{FIELD_ENDS}") + "</w:r></w:p>"
    ),
    "tables": lambda n: text(each(n, TABLE % ("", "", "<w:tcPr><w:vMerge/></w:tcPr>"))),
    "cells of one row": lambda n: text(
        f"<w:tbl><w:tr>{each(n, '<w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc>')}</w:tr></w:tbl>"
    ),
    "sections": lambda n: text(
        each(n, paragraph("", '<w:sectPr><w:headerReference w:type="k#" r:id="header1"/><w:titlePg/></w:sectPr>')),
        header1=paragraph(run("x")),
    ),
    "notes": lambda n: text(
        paragraph(each(n, '<w:r><w:footnoteReference w:id="#"/></w:r>')),
        footnotes=each(n, f'<w:footnote w:id="#">{paragraph(run("#"))}</w:footnote>'),
    ),
    "lists of one form": lambda n: text(
        each(n, paragraph(run("x"), '<w:numPr><w:ilvl w:val="#"/><w:numId w:val="#"/></w:numPr>')),
        numbering='<w:abstractNum w:abstractNumId="0">'
        + each(n, '<w:lvl w:ilvl="#"/>')
        + "</w:abstractNum>"
        + each(n, '<w:num w:numId="#"><w:abstractNumId w:val="0"/></w:num>'),
    ),
    "lists of styles of lists": lambda n: text(
        paragraph(run("x"), '<w:numPr><w:numId w:val="1"/></w:numPr>'),
        styles="".join(
            style(f"s{at}", f'<w:pPr><w:numPr><w:numId w:val="{at + 1}"/></w:numPr></w:pPr>', kind="numbering")
            for at in range(1, n + 1)
        ),
        numbering=each(n, '<w:abstractNum w:abstractNumId="#"><w:numStyleLink w:val="s#"/></w:abstractNum>')
        + each(n, '<w:num w:numId="#"><w:abstractNumId w:val="#"/></w:num>'),
    ),
    "columns": lambda n: table(each(n, column('width="0"')) + rows(each(n, f'<row r="#">{cell("A#", "x")}</row>'))),
    "cells without a place": lambda n: table(rows(f"<row>{each(n, cell('', 'x'))}</row>")),
    "merged areas over one another": lambda n: table(
        rows(each(n, f'<row r="#">{cell("A#", "x")}</row>')) + merged(n, "A#:A9999")
    ),
    "merged areas that are hidden": lambda n: table(
        column('hidden="1"', 1, 16_384) + rows(each(n, '<row r="#" hidden="1"/>')) + merged(n, "A#:XFD#")
    ),
    "formats": lambda n: table(
        rows(each(n, '<row r="#"><c r="A#" s="#"><v>1</v></c></row>')),
        styles=formats(*(f'"{number}";0' for number in range(n))),
    ),
    "a long format": lambda n: table(rows('<row r="1"><c s="1"><v>1</v></c></row>'), styles=formats('[>1]"x";' * n)),
    "drawings": lambda n: table(
        rows(each(n, '<row r="#" hidden="1"/>')), drawing=each(n, anchored(sheet_shape(words="x"), (0, 0), (0, 9)))
    ),
}


@pytest.mark.parametrize("what", BY_SIZE)
def test_an_office_file_four_times_as_large_takes_four_times_the_lines(what: str) -> None:
    files = {size: BY_SIZE[what](size) for size in (60, 240)}
    few, many = (count_events("line", remake_office, files[size]) for size in files)
    assert many <= 4.5 * few


def layered(notes: int) -> bytes:
    """Notes that all hang on one expression, which names as many layers."""
    document, name = pikepdf.new(), pikepdf.Name
    document.add_blank_page(page_size=(300, 400))
    layers = [document.make_indirect(pikepdf.Dictionary(Type=name.OCG)) for _ in range(10)]
    layer = document.make_indirect(pikepdf.Dictionary(Type=name.OCMD, OCGs=layers))
    noted(layer, pikepdf.Dictionary(OCGs=layers), document, in_appearance=False)
    document.pages[0].Annots = pikepdf.Array([document.pages[0].Annots[0]] * notes)
    return packed_pdf(document)


def test_a_pdf_with_four_times_as_many_notes_takes_four_times_the_lines() -> None:
    files = {size: layered(size) for size in (60, 240)}
    few, many = (count_events("line", without_notes_in_hidden_layers, files[size]) for size in files)
    assert many <= 4.5 * few
