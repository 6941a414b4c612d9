"""Whatever stands in a text or a table: what shows is kept in its order and place, and what is hidden is gone."""

import random
from collections.abc import Callable

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.unit.media.test_cleaning_documents import remake_office
from tests.unit.media.test_hidden_content import (
    NOTHING_SHOWN,
    SHOWN,
    VANISH,
    everything,
    paragraph,
    rows,
    run,
    style,
    table,
    text,
    values_of,
    visible_text,
)

EXAMPLES = settings(max_examples=60, derandomize=True)

# Ways in which words of a text are hidden, and ways in which they are not, each with the words put in.
HIDDEN_WORDS: list[Callable[[str], str]] = [
    lambda words: paragraph(run(words, "<w:vanish/>")),
    lambda words: paragraph(run(words, '<w:rStyle w:val="H"/>')),
    lambda words: paragraph(run(words), '<w:pStyle w:val="P"/>'),
    lambda words: paragraph(run(words, '<w:color w:val="FFFFFF"/>')),
    lambda words: paragraph(run(words, '<w:sz w:val="1"/>')),
    lambda words: paragraph(f'<w:del w:id="1" w:author="x">{run(words)}</w:del>'),
    lambda words: paragraph(f'<w:r><w:instrText>QUOTE "{words}"</w:instrText></w:r>'),
    lambda words: f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{paragraph(run(words))}</w:tc></w:tr></w:tbl>",
    lambda words: f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr>{row(words)}</w:tbl>',
    lambda words: f'<w:tbl><w:tblPr><w:tblStyle w:val="F"/>{FIRST}</w:tblPr>{row(words)}</w:tbl>',
    lambda words: f'<w:sdt><w:sdtPr><w:alias w:val="{words}"/></w:sdtPr><w:sdtContent/></w:sdt>',
]
SHOWN_WORDS: list[Callable[[str], str]] = [
    lambda words: paragraph(run(words)),
    lambda words: paragraph(run(words, '<w:vanish w:val="0"/>'), '<w:pStyle w:val="P"/>'),
    lambda words: paragraph(run(words, '<w:rStyle w:val="H"/>'), '<w:pStyle w:val="P"/>'),
    lambda words: paragraph(run(words, '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="FF0000"/>')),
    lambda words: paragraph(f'<w:ins w:id="1" w:author="x">{run(words)}</w:ins>'),
    lambda words: paragraph(f'<w:hyperlink r:id="none">{run(words)}</w:hyperlink>'),
    lambda words: f"<w:tbl>{row(words)}</w:tbl>",
    lambda words: f'<w:tbl><w:tblPr><w:tblStyle w:val="F"/></w:tblPr>{row(words)}</w:tbl>',
    lambda words: f"<w:sdt><w:sdtContent>{paragraph(run(words))}</w:sdtContent></w:sdt>",
]
FIRST = '<w:tblLook w:firstRow="1"/>'
STYLES = (
    style("H", VANISH, kind="character")
    + style("P", VANISH)
    + style("T", VANISH, kind="table")
    + style("F", f'<w:tblStylePr w:type="firstRow">{VANISH}</w:tblStylePr>', kind="table")
)


def row(words: str) -> str:
    return f"<w:tr><w:tc>{paragraph(run(words))}</w:tc></w:tr>"


@seed(1)
@EXAMPLES
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), max_size=25))
def test_a_text_keeps_its_words_in_their_order_and_nothing_that_is_hidden(pieces: list[tuple[bool, int]]) -> None:
    body, shown = "", []
    for number, (hides, way) in enumerate(pieces):
        ways = HIDDEN_WORDS if hides else SHOWN_WORDS
        words = f"hidden{number}." if hides else f"shown{number}."
        body += ways[way % len(ways)](words)
        shown += [] if hides else [words]
    clean = remake_office(text(body, styles=STYLES))
    assert b"hidden" not in everything(clean)
    assert visible_text(clean).replace("|", "") == SHOWN + "".join(shown)
    assert visible_text(remake_office(clean)) == visible_text(clean), "what is clean stays as it is"


# Ways in which a whole column, a row or one cell is hidden: what the sheet says of it.
COLUMNS = ('hidden="1"', 'hidden="true"', 'width="0"', 'width="0.0" customWidth="1"', 'width="00"', 'width="0.01"')
ROWS = ('hidden="1"', 'hidden="on"', 'ht="0"', 'ht="0.0" customHeight="1"', 'ht="0.1"')
LOOKS = (
    '<numFmts><numFmt numFmtId="170" formatCode=";;;"/></numFmts>'
    '<fonts><font/><font><color rgb="FFFFFFFF"/></font><font><sz val="1"/></font></fonts><fills><fill/></fills>'
    '<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="170" fontId="0"/><xf numFmtId="0" fontId="1"/>'
    f'<xf numFmtId="0" fontId="2"/></cellXfs><dxfs>{NOTHING_SHOWN}</dxfs>'
)
WIDE, HIGH = 6, 8


Sheet = tuple[bytes, dict[str, str]]  # a table, and the values that show in it, by their places


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A table in which columns, rows and cells are hidden in many ways, and the values that show in it."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    hidden_columns = {at for at in range(WIDE) if dice.random() < 0.3}
    hidden_rows = {at for at in range(HIGH) if dice.random() < 0.3}
    columns = "".join(
        f'<col min="{at + 1}" max="{at + 1}" {dice.choice(COLUMNS)}/>'
        for at in dice.sample(range(WIDE), WIDE)
        if at in hidden_columns
    )
    lines: list[str] = []
    shown: dict[str, str] = {}
    for down in range(HIGH):
        cells, skipped = "", False
        for right in range(WIDE):
            if dice.random() < 0.2:
                skipped = True
                continue
            place = f"{chr(65 + right)}{down + 1}"
            look = dice.choice((0, 0, 0, 0, 1, 2, 3))
            hides = look or right in hidden_columns or down in hidden_rows
            value = f"hidden-{place}" if hides else f"shown-{place}"
            written = dice.choice((place, place.lower(), f"${place[0]}${place[1:]}"))
            named = f' r="{written}"' if skipped or dice.random() < 0.5 else ""
            skipped = False
            cells += f'<c{named} t="inlineStr" s="{look}"><is><t>{value}</t></is></c>'
            shown |= {} if hides else {place: value}
        mark = dice.choice(ROWS) if down in hidden_rows else ""
        lines.append(f"<row{dice.choice(('', ' r=' + chr(34) + str(down + 1) + chr(34)))} {mark}>{cells}</row>")
    head = f"<cols>{columns}</cols>" if columns else ""
    return table(head + rows(*lines), styles=LOOKS), shown


@seed(1)
@EXAMPLES
@given(sheets())
def test_a_table_keeps_its_values_in_their_places_and_nothing_that_is_hidden(
    sheet: tuple[bytes, dict[str, str]],
) -> None:
    data, shown = sheet
    clean = remake_office(data)
    assert b"hidden-" not in everything(clean)
    assert values_of(clean) == shown
    assert remake_office(clean) == clean, "what is clean stays as it is"
