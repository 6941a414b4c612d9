"""What does not show in a Word or Excel file, however it was hidden, is not kept; what shows stays where it was."""

import io
import re
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image

from media import office
from media.kinds import CannotClean, FileKind, FileProblem
from media.sniff import sniff
from tests.unit.media.mutations import retold
from tests.unit.media.test_cleaning_documents import (
    DRAWING_NS,
    OFFICE,
    REL,
    SECRET,
    SHEET_DRAWING,
    SHEET_NS,
    WORD_NS,
    members_of,
    packed,
    relations,
    remake_office,
)

SHOWN = "看得见"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TEXT_NS = (
    f'{WORD_NS} {DRAWING_NS} xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def picture(width: int = 40, height: int = 40) -> bytes:
    """Red on the left half, blue on the right."""
    image = Image.new("RGB", (width, height), (220, 30, 30))
    image.paste((30, 30, 220), (width // 2, 0, width, height))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


# Texts


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def style(name: str, content: str = "", *, kind: str = "paragraph", based_on: str = "", default: bool = False) -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    by_default = ' w:default="1"' if default else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"{by_default}><w:name w:val="{name}"/>{base}{content}</w:style>'


VANISH = "<w:rPr><w:vanish/></w:rPr>"


def text(body: str, **more: str) -> bytes:
    """A Word file; `more`: its parts by their roles, the content of each."""
    roots = {"styles": "styles", "numbering": "numbering", "settings": "settings", "footnotes": "footnotes"}
    roots |= {"header1": "hdr", "header2": "hdr", "footer1": "ftr", "endnotes": "endnotes"}
    parts: dict[str, bytes | str] = {
        "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"<w:document {TEXT_NS}><w:body>{paragraph(run(SHOWN))}{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(
            {name: (name.rstrip("12"), f"{name}.xml") for name in more} | {"i1": ("image", "media/image1.png")}
        ),
        "word/media/image1.png": picture(),
        **{f"word/{name}.xml": f"<w:{roots[name]} {TEXT_NS}>{of}</w:{roots[name]}>" for name, of in more.items()},
    }
    return packed(parts)


def visible_text(data: bytes) -> str:
    """All words of a re-made file, part after part."""
    return "|".join(
        "".join(one.text or "" for one in fromstring(content).iter(f"{W}t"))
        for name, content in sorted(members_of(data).items())
        if name.startswith("word/") and name.endswith(".xml")
    )


def everything(data: bytes) -> bytes:
    return b"\n".join(content for name, content in members_of(data).items() if name.endswith((".xml", ".rels")))


ROWS = {
    "first": "".join(f"<w:tr><w:tc>{paragraph(run(words))}</w:tc></w:tr>" for words in (SECRET, SHOWN, SHOWN)),
    "last": "".join(f"<w:tr><w:tc>{paragraph(run(words))}</w:tc></w:tr>" for words in (SHOWN, SHOWN, SECRET)),
    "all": f"<w:tr><w:tc>{paragraph(run(SECRET))}</w:tc><w:tc>{paragraph(run(SHOWN))}</w:tc></w:tr>",
}
WHITE = '<w:color w:val="FFFFFF"/>'
HIDDEN_RUN = run(SECRET, '<w:rStyle w:val="H"/>')
HIDDEN_TEXTS: dict[str, bytes] = {
    "a run": text(paragraph(run(SECRET, "<w:vanish/>"))),
    "a run, in another spelling": text(paragraph(run(SECRET, '<w:vanish w:val="true"/>'))),
    "a style of characters": text(paragraph(HIDDEN_RUN), styles=style("H", VANISH, kind="character")),
    "a style of characters based on another": text(
        paragraph(HIDDEN_RUN),
        styles=style("A", VANISH, kind="character") + style("H", kind="character", based_on="A"),
    ),
    "a style of paragraphs": text(paragraph(run(SECRET), '<w:pStyle w:val="H"/>'), styles=style("H", VANISH)),
    "a style of paragraphs based on others": text(
        paragraph(run(SECRET), '<w:pStyle w:val="H"/>'),
        styles=style("A", VANISH) + style("B", based_on="A") + style("H", based_on="B"),
    ),
    "the style of characters that all have": text(
        paragraph(run(SECRET)) + paragraph(run(SHOWN, '<w:vanish w:val="0"/>')),
        styles=style("H", VANISH, kind="character", default=True),
    ),
    "the defaults of the document": text(
        paragraph(run(SECRET)) + paragraph(run(SHOWN, '<w:vanish w:val="0"/>')),
        styles=f"<w:docDefaults><w:rPrDefault>{VANISH}</w:rPrDefault></w:docDefaults>",
    ),
    "a style of tables": text(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr><w:tr><w:tc>{paragraph(run(SECRET))}</w:tc></w:tr></w:tbl>',
        styles=style("T", VANISH, kind="table"),
    ),
    **{
        f"the {part} of a style of tables": text(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/><w:tblLook {look}/></w:tblPr>{ROWS[at]}</w:tbl>',
            styles=style("T", f'<w:tblStylePr w:type="{part}">{VANISH}</w:tblStylePr>', kind="table"),
        )
        for part, look, at in (
            ("firstRow", 'w:val="0020"', "first"),
            ("firstRow", 'w:firstRow="1" w:noHBand="1"', "first"),
            ("lastRow", 'w:lastRow="1"', "last"),
            ("band2Horz", 'w:firstRow="1" w:noHBand="0"', "last"),
            ("band1Vert", 'w:val="0000"', "all"),
            ("swCell", 'w:lastRow="1" w:firstColumn="1"', "last"),
        )
    },
    "a band of the style that all tables have, of two rows": text(
        f"<w:tbl><w:tblPr/>{ROWS['last']}</w:tbl>",
        styles=style(
            "T",
            '<w:tblPr><w:tblStyleRowBandSize w:val="2"/></w:tblPr>'
            f'<w:tblStylePr w:type="band2Horz">{VANISH}</w:tblStylePr>',
            kind="table",
            default=True,
        ),
    ),
    "the first row of a style of tables that hides rows": text(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/><w:tblLook w:firstRow="1"/></w:tblPr>{ROWS["first"]}</w:tbl>',
        styles=style("T", '<w:tblStylePr w:type="firstRow"><w:trPr><w:hidden/></w:trPr></w:tblStylePr>', kind="table"),
    ),
    "the first row of a style of tables that is based on another, which says how else it looks": text(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/><w:tblLook w:firstRow="1"/></w:tblPr>{ROWS["first"]}</w:tbl>',
        styles=style("A", f'<w:tblStylePr w:type="firstRow">{VANISH}</w:tblStylePr>', kind="table")
        + style(
            "T", '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>', kind="table", based_on="A"
        ),
    ),
    "white letters": text(paragraph(run(SECRET, '<w:color w:val="FFFFFF"/>'))),
    "nearly white letters on white": text(
        paragraph(run(SECRET, '<w:color w:val="fefefe"/>'), '<w:shd w:val="clear" w:fill="FFFFFF"/>')
    ),
    "white letters by a style": text(
        paragraph(run(SECRET), '<w:pStyle w:val="H"/>'), styles=style("H", '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>')
    ),
    "white letters in a table of a style without colours": text(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr><w:tr><w:tc>{paragraph(run(SECRET, WHITE))}</w:tc></w:tr>'
        "</w:tbl>",
        styles=style("T", kind="table"),
    ),
    "white letters in a plain table": text(f"<w:tbl><w:tr><w:tc>{paragraph(run(SECRET, WHITE))}</w:tc></w:tr></w:tbl>"),
    "letters of the theme's paper": text(paragraph(run(SECRET, '<w:color w:themeColor="background1"/>'))),
    "letters without width": text(paragraph(run(SECRET, '<w:w w:val="1"/>'))),
    "letters of one point": text(paragraph(run(SECRET, '<w:sz w:val="2"/>'))),
    "a line of no height": text(paragraph(run(SECRET), '<w:spacing w:line="1" w:lineRule="exact"/>')),
    "specVanish": text(paragraph(run(SECRET, "<w:webHidden/><w:specVanish/>"))),
    "a hidden run that was inserted": text(paragraph(f"<w:ins>{run(SECRET, '<w:vanish/>')}</w:ins>")),
    "a row": text(
        f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{paragraph(run(SECRET))}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph(run(SHOWN))}</w:tc></w:tr></w:tbl>"
    ),
    "the rows of a style of tables": text(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr><w:tr><w:tc>{paragraph(run(SECRET))}</w:tc></w:tr></w:tbl>',
        styles=style("T", "<w:trPr><w:hidden/></w:trPr>", kind="table"),
    ),
    "a row of no height": text(
        '<w:tbl><w:tr><w:trPr><w:trHeight w:val="1" w:hRule="exact"/></w:trPr><w:tc>'
        f"{paragraph(run(SECRET))}</w:tc></w:tr></w:tbl>"
    ),
    "a deleted cell": text(
        f'<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel w:id="3" w:author="x"/></w:tcPr>{paragraph(run(SECRET))}</w:tc>'
        f"<w:tc>{paragraph(run(SHOWN))}</w:tc></w:tr></w:tbl>"
    ),
    "a cell under another": text(
        f'<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph(run(SHOWN))}</w:tc></w:tr>'
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph(run(SECRET))}</w:tc></w:tr></w:tbl>"
    ),
    "maths": text(paragraph(f"<m:oMath><m:r><w:rPr><w:vanish/></w:rPr><m:t>{SECRET}</m:t></m:r></m:oMath>")),
    "a phantom": text(
        paragraph(
            '<m:oMath><m:phant><m:phantPr><m:show m:val="0"/></m:phantPr>'
            f"<m:e><m:r><m:t>{SECRET}</m:t></m:r></m:e></m:phant></m:oMath>"
        )
    ),
    "deleted maths": text(
        paragraph(f'<m:oMath><m:r><w:rPr><w:del w:id="1"/></w:rPr><m:t>{SECRET}</m:t></m:r></m:oMath>')
    ),
    "a shape of the old kind": text(
        paragraph(
            f'<w:r><w:pict><v:shape id="{SECRET}" style="visibility: hidden;width:90pt" o:spid="{SECRET}"><v:textbox>'
            f"<w:txbxContent>{paragraph(run(SECRET))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    ),
    "a deleted note": text(
        paragraph(
            '<w:r><w:footnoteReference w:id="2"/></w:r>'
            '<w:del w:id="9"><w:r><w:footnoteReference w:id="3"/></w:r></w:del>'
        ),
        footnotes=f'<w:footnote w:id="2">{paragraph(run("脚注"))}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph(run(SECRET))}</w:footnote>',
    ),
    "a hidden reference to a note": text(
        paragraph('<w:r><w:rPr><w:vanish/></w:rPr><w:endnoteReference w:id="3"/></w:r>'),
        endnotes=f'<w:endnote w:id="3">{paragraph(run(SECRET))}</w:endnote>',
    ),
    "hidden words of a note": text(
        paragraph('<w:r><w:footnoteReference w:id="2"/></w:r>'),
        footnotes=f'<w:footnote w:id="2">{paragraph(run("脚注") + HIDDEN_RUN)}</w:footnote>',
        styles=style("H", VANISH, kind="character"),
    ),
    "the header of a first page like any other": text(
        '<w:sectPr><w:headerReference w:type="first" r:id="header1"/></w:sectPr>', header1=paragraph(run(SECRET))
    ),
    "the footer of even pages like any other": text(
        '<w:sectPr><w:footerReference w:type="even" r:id="footer1"/></w:sectPr>',
        footer1=paragraph(run(SECRET)),
        settings='<w:evenAndOddHeaders w:val="0"/>',
    ),
    "a style that nothing uses": text("", styles=style(SECRET, "<w:next w:val='x'/>")),
    "the name of a style that is used": text(
        paragraph(run(SHOWN), f'<w:pStyle w:val="{SECRET}"/>'), styles=style(SECRET)
    ),
    "a list that nothing uses": text(
        "",
        numbering=f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="{SECRET}"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    ),
    "a level of a list that nothing uses": text(
        paragraph(run(SHOWN), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        numbering='<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="甲"/></w:lvl>'
        f'<w:lvl w:ilvl="1"><w:lvlText w:val="{SECRET}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    ),
    "a level of a list whose words are hidden": text(
        paragraph(run(SHOWN), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        numbering=f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="{SECRET}"/>{VANISH}</w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    ),
    "the name of a font": text(
        paragraph(run(SHOWN, f'<w:rFonts w:ascii="{SECRET}" w:eastAsia="宋体"/>')),
        styles=f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:eastAsia="{SECRET}"/></w:rPr></w:rPrDefault>'
        "</w:docDefaults>",
    ),
    "an attribute that nobody knows": text(paragraph(f'<w:r w:owner="{SECRET}"><w:t owner="{SECRET}">字</w:t></w:r>')),
    "what a field was worked out from": text(
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>MERGEFIELD {SECRET}</w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(SECRET)}'
            f'<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            f'{run("结果")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
    ),
}


@pytest.mark.parametrize("how", HIDDEN_TEXTS)
def test_what_is_hidden_in_a_text_is_left_behind(how: str) -> None:
    clean = remake_office(HIDDEN_TEXTS[how])
    assert SECRET.encode() not in everything(clean)
    assert SHOWN in visible_text(clean)


COLOURED_ROW = '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr></w:tblStylePr>'
TABLE = f"<w:tbl><w:tblPr>%s</w:tblPr><w:tr>%s<w:tc>%s{paragraph(run('X'))}</w:tc></w:tr></w:tbl>"
SHOWN_TEXTS: dict[str, bytes] = {
    "a run that says so, in a hidden style": text(
        paragraph(run("X", '<w:vanish w:val="off"/>'), '<w:pStyle w:val="H"/>'), styles=style("H", VANISH)
    ),
    "a style that takes hiding back": text(
        paragraph(run("X"), '<w:pStyle w:val="B"/>'),
        styles=style("A", VANISH) + style("B", '<w:rPr><w:vanish w:val="0"/></w:rPr>', based_on="A"),
    ),
    "hidden twice, which is not at all": text(
        paragraph(run("X", '<w:rStyle w:val="C"/>'), '<w:pStyle w:val="P"/>'),
        styles=style("C", VANISH, kind="character") + style("P", VANISH),
    ),
    "a paragraph whose mark alone is hidden": text(paragraph(run("X"), "<w:rPr><w:vanish/><w:specVanish/></w:rPr>")),
    "hidden on the web alone": text(paragraph(run("X", "<w:webHidden/>"))),
    "a row that is not hidden": text(TABLE % ("", '<w:trPr><w:hidden w:val="0"/></w:trPr>', "")),
    "a low row": text(TABLE % ("", '<w:trPr><w:trHeight w:val="240" w:hRule="exact"/></w:trPr>', "")),
    "a row of at least some height": text(TABLE % ("", '<w:trPr><w:trHeight w:val="1"/></w:trPr>', "")),
    "a cell that goes on from nothing": text(TABLE % ("", "", "<w:tcPr><w:vMerge/></w:tcPr>")),
    "a style that is based on itself": text(
        paragraph(run("X"), '<w:pStyle w:val="A"/>'), styles=style("A", based_on="B") + style("B", based_on="A")
    ),
    "the result of a field": text(
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DATE</w:instrText>'
            '<w:fldChar w:fldCharType="separate"/>'
            '<w:t>X</w:t><w:fldChar w:fldCharType="end"/></w:r>'
        )
    ),
    "what follows a field that never ends": text(paragraph(f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{run("X")}')),
    "a box that is ticked": text(
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>'
            "<w:checked/></w:checkBox>"
            '</w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("X")
        )
    ),
    "white letters on a colour": text(
        paragraph(run("X", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="C00000"/>'))
    ),
    "white letters on a marker": text(paragraph(run("X", '<w:color w:val="FFFFFF"/><w:highlight w:val="red"/>'))),
    "white letters in a coloured paragraph": text(
        paragraph(run("X", WHITE), '<w:pStyle w:val="P"/>'),
        styles=style("P", '<w:pPr><w:shd w:val="clear" w:fill="1F3864"/></w:pPr>'),
    ),
    "white letters in a coloured cell": text(
        f'<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>{paragraph(run("X", WHITE))}'
        "</w:tc></w:tr></w:tbl>"
    ),
    "white letters in a table of a coloured style": text(
        '<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr>'
        f"<w:tr><w:tc>{paragraph(run('X', WHITE))}</w:tc></w:tr></w:tbl>",
        styles=style("A", COLOURED_ROW, kind="table") + style("T", kind="table", based_on="A"),
    ),
    "white letters in a table where the style that all tables have is coloured": text(
        f"<w:tbl><w:tr><w:tc>{paragraph(run('X', WHITE))}</w:tc></w:tr></w:tbl>",
        styles=style("T", COLOURED_ROW, kind="table", default=True),
    ),
    "white letters in a box": text(
        paragraph(
            '<w:r><w:pict><v:shape style="width:90pt" fillcolor="red"><v:textbox><w:txbxContent>'
            f"{paragraph(run('X', WHITE))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    ),
    "light grey letters": text(paragraph(run("X", '<w:color w:val="D9D9D9"/>'))),
    "letters of the theme's paper, darkened": text(
        paragraph(run("X", '<w:color w:val="808080" w:themeColor="background1" w:themeShade="80"/>'))
    ),
    "narrow letters": text(paragraph(run("X", '<w:w w:val="50%"/>'))),
    "small letters": text(paragraph(run("X", '<w:sz w:val="8"/>'))),
    "a narrow line": text(paragraph(run("X"), '<w:spacing w:line="200" w:lineRule="exact"/>')),
    "the second row of a style of tables whose first is hidden": text(
        '<w:tbl><w:tblPr><w:tblStyle w:val="T"/><w:tblLook w:firstRow="1"/></w:tblPr>'
        + f"<w:tr><w:tc>{paragraph(run('Y'))}</w:tc></w:tr><w:tr><w:tc>{paragraph(run('X'))}</w:tc></w:tr></w:tbl>",
        styles=style("T", f'<w:tblStylePr w:type="firstRow">{VANISH}</w:tblStylePr>', kind="table"),
    ),
    "the first row of a style of tables that is not used for it": text(
        TABLE % ('<w:tblStyle w:val="T"/><w:tblLook w:val="0600"/>', "", ""),
        styles=style("T", f'<w:tblStylePr w:type="firstRow">{VANISH}</w:tblStylePr>', kind="table"),
    ),
    "a phantom that is drawn": text(
        paragraph(
            '<m:oMath><m:phant><m:phantPr><m:show m:val="1"/></m:phantPr><m:e><m:r><w:rPr/><m:t>X</m:t></m:r></m:e>'
            f"</m:phant></m:oMath>{run('X')}"
        )
    ),
}


@pytest.mark.parametrize("how", SHOWN_TEXTS)
def test_what_shows_in_a_text_is_kept(how: str) -> None:
    assert visible_text(remake_office(SHOWN_TEXTS[how])).endswith(("X", "X|"))


def test_what_was_ticked_and_chosen_in_a_form_is_written_out() -> None:
    def field(data: str) -> str:
        begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
        return begin + '<w:r><w:instrText>FORM</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'

    entries = '<w:listEntry w:val="甲"/><w:listEntry w:val="乙"/>'
    data = text(
        paragraph(
            field('<w:checkBox><w:default w:val="1"/></w:checkBox>')
            + field('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>')
            + field(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>')
            + field(f"<w:ddList>{entries}</w:ddList>")
        )
    )
    clean = remake_office(data)
    assert f"{SHOWN}☒☐乙甲" in visible_text(clean)


@pytest.mark.parametrize(
    ("switch", "kind", "parts"),
    [
        ("<w:titlePg/>", "first", {}),
        ("", "even", {"settings": "<w:evenAndOddHeaders/>"}),
        ("", "default", {}),
    ],
)
def test_a_header_that_is_switched_on_is_kept(switch: str, kind: str, parts: dict[str, str]) -> None:
    section = f'<w:sectPr><w:headerReference w:type="{kind}" r:id="header1"/>{switch}</w:sectPr>'
    members = members_of(remake_office(text(section, header1=paragraph(run("页眉")), **parts)))
    assert "页眉" in members["word/header1.xml"].decode()
    assert ("word/settings.xml" in members) is (kind == "even"), "or the pages would be alike"
    assert (b"settings" in members["word/_rels/document.xml.rels"]) is (kind == "even")


def test_a_section_has_the_header_of_the_section_before_it() -> None:
    sections = (
        paragraph(run("一"), '<w:sectPr><w:headerReference w:type="first" r:id="header1"/></w:sectPr>'),
        "<w:sectPr><w:titlePg/></w:sectPr>",
    )
    data = text("".join(sections), header1=paragraph(run("页眉")))
    assert "页眉" in visible_text(remake_office(data))


def test_notes_keep_their_numbers_and_the_line_above_them() -> None:
    data = text(
        paragraph('<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:footnoteReference w:id="7"/></w:r>'),
        footnotes=f'<w:footnote w:id="-1" w:type="separator">{paragraph("<w:r><w:separator/></w:r>")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph(run("脚注"))}</w:footnote>',
    )
    members = members_of(remake_office(data))
    notes = fromstring(members["word/footnotes.xml"])
    assert [note.get(f"{W}id") for note in notes] == ["-1", "2"]
    [reference] = fromstring(members["word/document.xml"]).iter(f"{W}footnoteReference")
    assert reference.get(f"{W}id") == "2", "one that leads nowhere would make the file damaged"


def test_styles_and_lists_that_are_used_stay_with_what_they_are_made_of() -> None:
    data = text(
        paragraph(run(SHOWN), '<w:pStyle w:val="标题甲"/>')
        + paragraph(run(SHOWN), '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="5"/></w:numPr>'),
        styles=style("底", "<w:rPr><w:b/></w:rPr>")
        + style("标题甲", '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>', based_on="底")
        + style("别的"),
        numbering="".join(
            f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:lvlText w:val="a{number}"/>'
            f'<w:pStyle w:val="标题甲"/></w:lvl>'
            f'<w:lvl w:ilvl="1"><w:lvlText w:val="b{number}"/></w:lvl></w:abstractNum>'
            for number in (3, 5, 6)
        )
        + "".join(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in (3, 5, 6)),
    )
    members = members_of(remake_office(data))
    styles = fromstring(members["word/styles.xml"])
    names = [one.get(f"{W}styleId") for one in styles]
    assert len(names) == 2
    assert styles[1].find(f"{W}basedOn").get(f"{W}val") == names[0]
    used = [one.get(f"{W}val") for one in fromstring(members["word/document.xml"]).iter(f"{W}pStyle")]
    assert used == [names[1]]
    lists = members["word/numbering.xml"].decode()
    assert all(words in lists for words in ("a3", "a5", "b5"))
    assert not any(words in lists for words in ("b3", "a6", "b6"))
    assert "标题甲" not in everything(remake_office(data)).decode()


# Drawings


def drawn(mark: str = "", *, inner: str = "", source: str = "", target: str = "", extent: str = "900000") -> str:
    """A picture in a text; `mark`: what is said of it, `source` and `target`: how it is cut."""
    return paragraph(
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{extent}" cy="900000"/><wp:docPr id="1" name="x" {mark}/>'
        "<a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="1" name="x" {inner}/></pic:nvPicPr><pic:blipFill><a:blip r:embed="i1"/>{source}<a:stretch>'
        f"<a:fillRect{target}/></a:stretch></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></w:r>"
    )


def pictures_of(data: bytes) -> list[Image.Image]:
    return [
        Image.open(io.BytesIO(content)).convert("RGB")
        for name, content in members_of(data).items()
        if name.endswith(".jpg")
    ]


@pytest.mark.parametrize(
    "drawing",
    [
        drawn('hidden="1"'),
        drawn('hidden="true"'),
        drawn(inner='hidden="1"'),
        drawn(extent="0"),
        drawn(extent="00.0"),
        '<w:p><w:r><w:pict><v:shape style="width:0;height:9pt"><v:imagedata r:id="i1"/></v:shape></w:pict></w:r></w:p>',
        '<w:p><w:r><w:pict><v:group style="display:none"><v:shape><v:imagedata r:id="i1"/></v:shape></v:group></w:pict>'
        "</w:r></w:p>",
        drawn(source='<a:srcRect l="60000" r="40000"/>'),
    ],
    ids=[
        *("marked", "marked in words", "the picture marked", "of no width", "of no width, otherwise written"),
        *("old, of no width", "an old group", "cut away"),
    ],
)
def test_a_hidden_picture_is_dropped_rather_than_shown(drawing: str) -> None:
    clean = remake_office(text(drawing))
    assert not pictures_of(clean)
    assert b"blip " not in everything(clean)
    assert b"imagedata" not in everything(clean)


def test_a_hidden_box_is_dropped_in_each_of_the_ways_in_which_it_is_drawn() -> None:
    box = f"<w:txbxContent>{paragraph(run(SECRET))}</w:txbxContent>"
    data = text(
        paragraph(
            '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:docPr id="1" name="x" '
            'hidden="1"/><a:graphic><a:graphicData '
            'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
            f'<wps:wsp><wps:cNvPr id="2" name="x"/><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic>'
            f"</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape>"
            "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    assert SECRET.encode() not in everything(remake_office(data))


@pytest.mark.parametrize(
    ("relative", "offset", "shows"),
    [
        ("page", 900_000, True),
        ("page", -800_000, True),  # some of it reaches the page
        ("page", -900_000, False),
        ("page", 20_200_000, False),
        ("margin", -900_000, True),
        ("column", 99_000_000, False),
        ("column", -99_000_000, False),
    ],
)
@pytest.mark.parametrize("side", ["H", "V"])
def test_a_box_shows_when_it_reaches_the_page(side: str, relative: str, offset: int, *, shows: bool) -> None:
    data = text(
        paragraph(
            '<w:r><w:drawing><wp:anchor><wp:simplePos x="0" y="0"/>'
            f'<wp:position{side} relativeFrom="{relative}"><wp:posOffset>{offset}</wp:posOffset></wp:position{side}>'
            '<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="x"/><a:graphic><a:graphicData '
            'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvPr id="2"/>'
            f"<wps:txbx><w:txbxContent>{paragraph(run(SECRET))}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData>"
            "</a:graphic></wp:anchor></w:drawing></w:r>"
        )
    )
    assert (SECRET.encode() in everything(remake_office(data))) is shows


def test_of_a_group_the_hidden_one_is_dropped() -> None:
    def shape(mark: str, words: str) -> str:
        box = f"<w:txbxContent>{paragraph(run(words))}</w:txbxContent>"
        return f'<wps:wsp><wps:cNvPr id="2" name="x" {mark}/><wps:txbx>{box}</wps:txbx></wps:wsp>'

    data = text(
        paragraph(
            '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x"/><a:graphic><a:graphicData '
            'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"><wpg:wgp>'
            + shape('hidden="1"', SECRET)
            + shape("", "框里")
            + "</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
    )
    clean = remake_office(data)
    assert SECRET.encode() not in everything(clean)
    assert "框里" in visible_text(clean)


VML_CUT = '<w:p><w:r><w:pict><v:shape><v:imagedata r:id="i1" %s/></v:shape></w:pict></w:r></w:p>'
CUT_PICTURES = {
    "from the left": drawn(source='<a:srcRect l="50000"/>'),
    "in hundredths": drawn(source='<a:srcRect l="50%"/>'),
    "by standing out": drawn(target=' l="-100000"'),
    "in the old way": VML_CUT % 'cropleft="32768f"',
    "in the old way, as a share": VML_CUT % 'cropleft=".5"',
}


@pytest.mark.parametrize("how", CUT_PICTURES)
def test_of_a_picture_that_is_cut_only_what_is_seen_is_kept(how: str) -> None:
    clean = remake_office(text(CUT_PICTURES[how]))
    [image] = pictures_of(clean)
    assert image.size == (20, 40)
    red, _, blue = image.resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    assert blue > 180 > 60 > red
    left = everything(clean).decode()
    assert not re.search(r'(cropleft|<a:srcRect [^>]*l|<a:fillRect [^>]*l)="', left), "or it would be cut again"


def test_a_picture_that_is_cut_in_two_ways_becomes_two_and_one_with_a_margin_stays_whole() -> None:
    data = text(
        drawn(source='<a:srcRect l="50000"/>')
        + drawn(source='<a:srcRect r="25000"/>')
        + drawn(source='<a:srcRect r="25000"/>')
        + drawn(source='<a:srcRect r="-25000"/>')
    )
    clean = remake_office(data)
    assert sorted(image.size for image in pictures_of(clean)) == [(20, 40), (30, 40), (40, 40)]
    assert 'r="-25000"' in everything(clean).decode()


def test_very_many_cuts_of_one_picture_are_refused() -> None:
    data = text("".join(drawn(source=f'<a:srcRect l="{number}00"/>') for number in range(1, 120)))
    with pytest.raises(CannotClean) as refusal:
        remake_office(data)
    assert refusal.value.reason is FileProblem.TOO_BIG


# Tables


def cell(place: str, value: str = SECRET, more: str = "") -> str:
    where = f' r="{place}"' if place else ""
    return f'<c{where} t="inlineStr"{more}><is><t>{value}</t></is></c>'


def table(sheet: str, *, styles: str = "", drawing: str = "", **more: bytes | str) -> bytes:
    ns = f'{SHEET_NS} xmlns:r="{REL}"'
    parts: dict[str, bytes | str] = {
        "_rels/.rels": relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook {ns}><sheets><sheet name="S" sheetId="1" r:id="s1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            {
                "s1": ("worksheet", "worksheets/sheet1.xml"),
                "st": ("styles", "styles.xml"),
                "ss": ("sharedStrings", "sharedStrings.xml"),
            }
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet {ns}>{sheet}<drawing r:id="d1"/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations({"d1": ("drawing", "../drawings/drawing1.xml")}),
        "xl/styles.xml": f"<styleSheet {ns}>{styles}</styleSheet>",
        "xl/drawings/drawing1.xml": f'<xdr:wsDr {DRAWING_NS} xmlns:xdr="{SHEET_DRAWING}">{drawing}</xdr:wsDr>',
        "xl/drawings/_rels/drawing1.xml.rels": relations({"i1": ("image", "../media/image1.png")}),
        "xl/media/image1.png": picture(),
        **more,
    }
    return packed(parts)


def rows(*content: str) -> str:
    return f"<sheetData>{''.join(content)}</sheetData>"


def values_of(data: bytes) -> dict[str, str]:
    """The values of a re-made table, by their places."""
    members = members_of(data)
    strings: list[str] = []
    if "xl/sharedStrings.xml" in members:
        strings = ["".join(one.itertext()) for one in fromstring(members["xl/sharedStrings.xml"])]
    found = {}
    for one in fromstring(members["xl/worksheets/sheet1.xml"]).iter(f"{S}c"):
        value = "".join(one.itertext())
        if value:
            found[one.get("r", "")] = strings[int(value)] if one.get("t") == "s" else value
    return found


def column(more: str, first: int = 1, last: int = 1) -> str:
    return f'<cols><col min="{first}" max="{last}" {more}/></cols>'


A1, C2 = cell("A1"), cell("C2", SHOWN)
PLAIN = rows(f'<row r="1">{A1}</row>', f'<row r="2">{C2}</row>')
HIDDEN_TABLES: dict[str, bytes] = {
    **{
        f"a column of {how}": table(column(how) + PLAIN)
        for how in (
            *('hidden="1"', 'hidden="true"', 'width="0"', 'width="0.0"', 'width="00"', 'width="0.01"', 'width=" 0 "'),
            *('width="0e0"', 'width="9" hidden="1"', 'width="-1"'),
        )
    },
    "columns that are not there by default": table(
        '<sheetFormatPr defaultRowHeight="15" defaultColWidth="0"/>' + column('width="9"', 3, 3) + PLAIN
    ),
    **{
        f"a row of {how}": table(rows(f"<row r='1' {how}>{A1}</row>", f'<row r="2">{C2}</row>'))
        for how in ('hidden="1"', 'ht="0"', 'ht="0.0" customHeight="1"', 'ht="0.1" customHeight="1"', 'ht="00"')
    },
    "rows that are not there by default": table(
        '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>'
        + rows(f'<row r="1">{A1}</row>', f'<row r="2" ht="15" customHeight="1" hidden="0">{C2}</row>')
    ),
    "a hidden column by a fixed place": table(
        column('hidden="1"') + rows(f'<row r="1">{cell("$A$1")}</row>', f'<row r="2">{C2}</row>')
    ),
    "a hidden column in small letters": table(
        column('hidden="1"') + rows(f'<row r="1">{cell("a1")}</row>', f'<row r="2">{C2}</row>')
    ),
    "a hidden column of cells without a place": table(
        column('hidden="1"') + rows("<row/>", f"<row>{cell('')}{cell('', '')}{cell('', SHOWN)}</row>")
    ),
    "a hidden row of rows without a place": table(
        rows(f'<row hidden="1">{cell("")}</row>', f"<row>{cell('C2', SHOWN)}</row>")
    ),
    "a hidden row in the place of another": table(
        rows(f'<row r="2">{C2}</row>', f'<row r="2" hidden="1">{cell("C2")}{cell("D2")}</row>')
    ),
    "a row whose place a hidden one took before": table(
        rows(f'<row r="2" hidden="1">{cell("C2")}{cell("D2")}</row>', f'<row r="2">{C2}</row>')
    ),
    "a hidden column that was said to show before": table(
        '<cols><col min="1" max="9" width="9"/><col min="1" max="1" hidden="1"/></cols>' + PLAIN
    ),
    "under a merged cell": table(
        rows(f'<row r="1">{cell("C1", "甲")}{cell("D1")}</row>', f'<row r="2">{C2}{cell("D2")}</row>')
        + '<mergeCells><mergeCell ref="$C$1:d1"/><mergeCell ref="D2:C2"/></mergeCells>'
    ),
}


@pytest.mark.parametrize("how", HIDDEN_TABLES)
def test_what_is_hidden_in_a_table_is_left_behind_and_the_rest_stays_where_it_was(how: str) -> None:
    clean = remake_office(HIDDEN_TABLES[how])
    assert SECRET.encode() not in everything(clean)
    assert values_of(clean)["C2"] == SHOWN


@pytest.mark.parametrize(
    ("sheet", "values"),
    [
        (
            rows("<row><c><v>1</v></c><c><v>2</v></c></row>", "<row><c><v>3</v></c></row>"),
            {"A1": "1", "B1": "2", "A2": "3"},
        ),
        (
            column('hidden="1"', 2, 2)
            + rows('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c><v>3</v></c></row>'),
            {"A1": "1", "C1": "3"},
        ),
        (
            rows('<row r="5"><c r="aa5"><v>1</v></c><c><v>2</v></c></row>', "<row><c><v>3</v></c></row>"),
            {"AA5": "1", "AB5": "2", "A6": "3"},
        ),
        (
            rows('<row r="2"><c r="B2"><v>2</v></c></row>', '<row r="1"><c r="A1"><v>1</v></c></row>'),
            {"A1": "1", "B2": "2"},
        ),
        (column('width="0.3"') + rows('<row r="1" ht="2"><c r="A1"><v>1</v></c></row>'), {"A1": "1"}),
        (column('width="9" hidden="00"') + rows('<row r="1" hidden="0.0"><c r="A1"><v>1</v></c></row>'), {"A1": "1"}),
        (
            '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>'
            + rows('<row r="1" spans="1:3"><c r="A1"><v>1</v></c></row>'),
            {"A1": "1"},
        ),
        (
            rows('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>')
            + '<mergeCells><mergeCell ref="A1:A9"/></mergeCells>',
            {"A1": "1", "B1": "2"},
        ),
    ],
    ids=[
        *("no places at all", "a hidden column between", "small letters and none", "not in their order"),
        *(
            "narrow and low, not hidden",
            "not hidden, otherwise written",
            "rows that a program wrote out",
            "beside a merged cell",
        ),
    ],
)
def test_what_shows_in_a_table_is_kept_in_its_place(sheet: str, values: dict[str, str]) -> None:
    assert values_of(remake_office(table(sheet))) == values


@pytest.mark.parametrize(
    ("hiding", "row"),
    [(column('hidden="1"'), ""), ("", 'hidden="1"')],
    ids=["its first column", "its first row"],
)
def test_a_merged_cell_that_shows_in_part_keeps_its_value(hiding: str, row: str) -> None:
    sheet = (
        hiding
        + rows(f'<row r="1" {row}>{cell("A1", SHOWN)}</row>', f'<row r="2">{cell("A2")}{cell("B2")}</row>')
        + '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    )
    clean = remake_office(table(sheet))
    assert values_of(clean) == {"A1": SHOWN}
    assert SECRET.encode() not in everything(clean)


def formats(*codes: str) -> str:
    """Styles in which the format number n is that of cells with s="n"; the plain one is 0."""
    escaped = [code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;") for code in codes]
    forms = "".join(f'<numFmt numFmtId="{at}" formatCode="{code}"/>' for at, code in enumerate(escaped, start=170))
    cells = "".join(f'<xf numFmtId="{at}"/>' for at in range(170, 170 + len(codes)))
    return f'<numFmts>{forms}</numFmts><cellXfs><xf numFmtId="0"/>{cells}</cellXfs>'


STYLED = ' s="1"'
NUMBER = "13800138000"
WORDS = "李秀英"


@pytest.mark.parametrize(
    ("code", "value", "kept"),
    [
        (";;;", NUMBER, None),
        (";;;", WORDS, None),
        (" ; ; ; ", WORDS, None),
        ("[Red];[Blue];;", WORDS, None),
        (";;", NUMBER, None),
        (";;", WORDS, WORDS),
        (";", NUMBER, None),
        ('""', NUMBER, None),
        ("_(;_);", NUMBER, None),
        ("* ;* ;* ;* ", WORDS, None),
        ("0;-0;;@", "0", None),
        ("0;-0;;@", NUMBER, NUMBER),
        ("0;;", "-5", None),
        ('[=0]"";General', "0", None),
        ('[=0]"";General', NUMBER, NUMBER),
        ("[>100];0", NUMBER, None),
        ("[>100];0", "7", "7"),
        ('"***"', NUMBER, "0"),
        ('"是";"否";"零"', "-5", "-1"),
        ('[>=100]"高";"低"', NUMBER, "100"),
        (';;;"***"', WORDS, "-"),
        ("General", NUMBER, NUMBER),
        ("G/通用格式", NUMBER, NUMBER),
        ("@", NUMBER, NUMBER),
        ("@", WORDS, WORDS),
        ("0.00_ ", NUMBER, NUMBER),
        ("[$¥-804]#,##0", NUMBER, NUMBER),
        ('yyyy"年"m"月"', "45000", "45000"),
        ("[h]", "45000", "45000"),
        ("#,##0;[Red]-#,##0", "-5", "-5"),
    ],
)
def test_a_value_that_its_format_does_not_show_is_left_behind(code: str, value: str, kept: str | None) -> None:
    is_number = re.fullmatch(r"-?\d+", value)
    one = f'<c r="A1" s="1"><v>{value}</v></c>' if is_number else cell("A1", value, STYLED)
    clean = remake_office(table(rows(f'<row r="1">{one}</row>'), styles=formats(code)))
    assert values_of(clean).get("A1") == kept


def looks(*cells: str, conditional: str = "") -> str:
    """Styles in which the look number n is that of cells with s="n": the font of it and its fill."""
    fonts = "".join(f"<font>{look.partition('|')[0]}</font>" for look in cells)
    fills = "".join(f"<fill>{look.partition('|')[2]}</fill>" for look in cells)
    forms = "".join(f'<xf numFmtId="0" fontId="{at}" fillId="{at}"/>' for at in range(1, len(cells) + 1))
    plain = '<fill><patternFill patternType="none"/></fill>'
    return (
        f"<fonts><font/>{fonts}</fonts><fills>{plain}{fills}</fills>"
        f"<cellXfs><xf numFmtId='0' fontId='0' fillId='0'/>{forms}</cellXfs><dxfs>{conditional}</dxfs>"
    )


def solid(kind: str, colour: str, tint: str = "0") -> str:
    return f'<patternFill patternType="solid"><fgColor {kind}="{colour}" tint="{tint}"/></patternFill>'


@pytest.mark.parametrize(
    ("look", "shows"),
    [
        ('<color rgb="FFFFFFFF"/>|', False),
        ('<color theme="0"/>|', False),
        ('<color rgb="FFFEFEFE"/>|', False),
        ('<color indexed="9"/>|<patternFill patternType="none"/>', False),
        (f'<color rgb="FF112233"/>|{solid("rgb", "00112233")}', False),
        (f'<color theme="4" tint="0.5"/>|{solid("theme", "4", "0.5")}', False),
        (f"|{solid('indexed', '8')}", False),
        ('<sz val="1"/>|', False),
        ('<sz val="6"/>|', True),
        (f'<color rgb="FFFFFFFF"/>|{solid("rgb", "FF112233")}', True),
        (f'<color theme="4"/>|{solid("theme", "4", "0.5")}', True),
        ('<color rgb="FFFFFFFF"/>|<gradientFill/>', True),
        ('<color rgb="FFFFFFFF"/>|<patternFill patternType="gray125"/>', True),
        ('<color rgb="FFD9D9D9"/>|', True),
        ('<color auto="1"/>|', True),
        # Of neither the letters nor what they stand on the colour is known.
        ("<color/>|<gradientFill/>", True),
        ('<color/>|<patternFill patternType="gray125"/>', True),
        (f'<color theme="x"/>|{solid("theme", "x")}', True),
    ],
)
def test_letters_of_the_colour_that_they_stand_on_are_left_behind(look: str, *, shows: bool) -> None:
    sheet = rows(f'<row r="1">{cell("A1", more=STYLED)}{cell("C1", SHOWN)}</row>')
    values = values_of(remake_office(table(sheet, styles=looks(look))))
    assert ("A1" in values, values["C1"]) == (shows, SHOWN)


@pytest.mark.parametrize("what", ['<picture r:id="p1"/>', '<tableParts><tablePart r:id="t1"/></tableParts>'])
def test_white_letters_are_kept_where_something_may_colour_the_cell_behind_them(what: str) -> None:
    sheet = rows(f'<row r="1">{cell("A1", more=STYLED)}</row>') + what
    assert values_of(remake_office(table(sheet, styles=looks('<color rgb="FFFFFFFF"/>|')))) == {"A1": SECRET}


NOTHING_SHOWN = '<dxf><numFmt numFmtId="180" formatCode=";;;"/></dxf>'
WHITE_SHOWN = '<dxf><font><color rgb="FFFFFFFF"/></font></dxf>'
RED = '<dxf><font><color rgb="FFFF0000"/></font><fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf>'


def condition(rule: str, area: str = "A1:A3") -> str:
    return f'<conditionalFormatting sqref="{area}">{rule}</conditionalFormatting>'


def compared(operator: str, *bounds: str) -> str:
    formulas = "".join(f"<formula>{bound}</formula>" for bound in bounds)
    return f'<cfRule type="cellIs" dxfId="0" operator="{operator}">{formulas}</cfRule>'


def worked_out(formula: str) -> str:
    return f'<cfRule type="expression" dxfId="0"><formula>{formula}</formula></cfRule>'


@pytest.mark.parametrize("look", [NOTHING_SHOWN, WHITE_SHOWN], ids=["nothing", "white"])
@pytest.mark.parametrize(
    ("rule", "shown", "certain"),
    [
        (condition(compared("equal", "0")), "12", True),
        (condition(compared("greaterThan", "1")), "01", True),
        (condition(compared("between", "1", "2")), "0", True),
        (condition(compared("notBetween", "2", "1")), "12", True),
        (condition(compared("equal", "0"), "B1:B3"), "012", True),
        (condition(compared("equal", "0"), "B1:B3 A1"), "12", True),
        (condition(compared("equal", "$Z$9")), "", False),
        (condition(worked_out("A1=0")), "12", True),
        (condition(worked_out("$A1&lt;&gt;0")), "0", True),
        (condition(worked_out("A$1=0")), "", False),  # of the first row alone it names the cell itself
        (condition(worked_out("TRUE")), "", True),
        (condition(worked_out("FALSE")), "012", True),
        (condition(worked_out("ISERROR(A1)")), "012", True),
        (condition(worked_out("A1=&quot;&quot;")), "012", True),
        (condition(worked_out("LEN($Z$9)&gt;3")), "", False),
        (condition('<cfRule type="containsErrors" dxfId="0"/>'), "012", True),
        (condition('<cfRule type="dataBar"><dataBar showValue="0"/></cfRule>'), "", False),
        (condition('<cfRule type="dataBar"><dataBar/></cfRule>'), "012", True),
        (condition('<cfRule type="iconSet"><iconSet showValue="1"/></cfRule>'), "012", True),
    ],
)
def test_what_a_condition_hides_is_left_behind_and_told_where_it_is_not_certain(
    look: str, rule: str, shown: str, *, certain: bool
) -> None:
    values = "".join(f'<row r="{at + 1}"><c r="A{at + 1}"><v>{at}</v></c></row>' for at in range(3))
    data = table(rows(values) + rule, styles=looks(conditional=look))
    clean = office.remake_office(FileKind.EXCEL, data)
    assert "".join(values_of(clean.data).values()) == shown
    assert clean.is_whole is certain


SCALE = (
    '<cfRule type="colorScale" priority="1"><colorScale><cfvo type="min"/><cfvo type="num" val="5"/>'
    '<color rgb="FFF8696B"/><color rgb="FF63BE7B"/></colorScale></cfRule>'
)


@pytest.mark.parametrize(
    ("rule", "is_kept"),
    [
        (compared("greaterThan", "3"), True),
        (SCALE, True),
        (
            '<cfRule type="iconSet" priority="1"><iconSet iconSet="3Arrows"><cfvo type="percent" val="0"/></iconSet>'
            "</cfRule>",
            True,
        ),
        ('<cfRule type="top10" dxfId="0" priority="1" rank="10"/>', True),
        (compared("equal", f"&quot;{SECRET}&quot;"), False),
        (worked_out(f"A1=&quot;{SECRET}&quot;"), False),
        (f'<cfRule type="containsText" dxfId="0" priority="1" text="{SECRET}"/>', False),
    ],
)
def test_a_condition_that_colours_by_numbers_is_kept_and_no_formula_is(rule: str, *, is_kept: bool) -> None:
    look = RED.replace("<dxf>", f'<dxf><numFmt numFmtId="180" formatCode="&quot;{SECRET}&quot;0"/>')
    sheet = rows('<row r="1"><c r="A1"><v>7</v></c></row>') + condition(rule)
    clean = office.remake_office(FileKind.EXCEL, table(sheet, styles=looks(conditional=look)))
    assert (values_of(clean.data), clean.is_whole) == ({"A1": "7"}, True)
    left = everything(clean.data)
    assert SECRET.encode() not in left
    assert (b"<cfRule" in left) is is_kept
    assert (b"<conditionalFormatting" in left) is is_kept
    assert b"FFFFC7CE" in left


@pytest.mark.parametrize(
    "what",
    [
        condition(SCALE, SECRET),
        condition(SCALE.replace('val="5"', f'val="{SECRET}"')),
        condition(SCALE.replace('priority="1"', f'priority="1" timePeriod="{SECRET}" text="{SECRET}"')),
        condition(SCALE.replace('type="colorScale"', f'type="colorScale" operator="{SECRET}"')),
    ],
)
def test_a_condition_says_nothing_but_its_numbers(what: str) -> None:
    sheet = rows('<row r="1"><c r="A1"><v>7</v></c></row>') + what
    assert SECRET.encode() not in everything(remake_office(table(sheet)))


def test_formats_that_nothing_shows_by_are_left_behind() -> None:
    used, unused = '"甲"0', f'"{SECRET}"0'
    clean = remake_office(
        table(
            rows('<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="2"/></row>'), styles=formats(used, unused, unused)
        )
    )
    styles = members_of(clean)["xl/styles.xml"].decode()
    assert "甲" in styles
    assert SECRET not in styles
    forms = [one.get("numFmtId") for one in fromstring(styles).iter(f"{S}xf")]
    assert forms == ["0", "170", "0", "0"]


def anchored(shape: str, start: tuple[int, int] = (0, 0), end: tuple[int, int] = (2, 2)) -> str:
    """A drawing stretched between two cells, each by column and row from 0."""
    corners = (
        f"<xdr:{name}><xdr:col>{c}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{r}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        f"</xdr:{name}>"
        for name, (c, r) in (("from", start), ("to", end))
    )
    return f"<xdr:twoCellAnchor>{''.join(corners)}{shape}<xdr:clientData/></xdr:twoCellAnchor>"


def sheet_picture(mark: str = "", source: str = "") -> str:
    return (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="x" {mark}/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="i1"/>'
        f"{source}</xdr:blipFill><xdr:spPr/></xdr:pic>"
    )


def sheet_shape(mark: str = "", words: str = SECRET, more: str = "") -> str:
    return (
        f'<xdr:sp {more}><xdr:nvSpPr><xdr:cNvPr id="2" name="x" {mark}/></xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/>'
        f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )


SHEET = rows(f'<row r="1">{cell("A1", SHOWN)}</row>')
HIDDEN_DRAWINGS = {
    "a picture": table(SHEET, drawing=anchored(sheet_picture('hidden="1"'))),
    "a shape": table(SHEET, drawing=anchored(sheet_shape('hidden="1"'))),
    "a shape in a group": table(SHEET, drawing=anchored("<xdr:grpSp>" + sheet_shape('hidden="true"') + "</xdr:grpSp>")),
    "a group": table(
        SHEET,
        drawing=anchored(
            f'<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="3" name="x" hidden="1"/></xdr:nvGrpSpPr>'
            f"{sheet_shape()}</xdr:grpSp>"
        ),
    ),
    "a picture over hidden columns": table(column('hidden="1"', 1, 2) + SHEET, drawing=anchored(sheet_picture())),
    "a shape over hidden rows": table(
        rows('<row r="1" hidden="1"/>', '<row r="2" ht="0"/>', f'<row r="3">{cell("A3", SHOWN)}</row>'),
        drawing=anchored(sheet_shape()),
    ),
}


@pytest.mark.parametrize("how", HIDDEN_DRAWINGS)
def test_a_hidden_drawing_in_a_table_is_dropped_rather_than_shown(how: str) -> None:
    clean = remake_office(HIDDEN_DRAWINGS[how])
    assert SECRET.encode() not in everything(clean)
    assert not pictures_of(clean)
    assert b"Anchor" not in everything(clean)


def test_a_drawing_over_some_hidden_columns_is_kept_without_macro_and_link() -> None:
    shape = sheet_shape("", SHOWN, f'macro="{SECRET}" textlink="{SECRET}!A1"')
    clean = remake_office(table(column('hidden="1"') + SHEET, drawing=anchored(shape) + anchored(sheet_picture())))
    assert SECRET.encode() not in everything(clean)
    assert SHOWN in members_of(clean)["xl/drawings/drawing1.xml"].decode()
    assert [image.size for image in pictures_of(clean)] == [(40, 40)]


def test_of_a_picture_that_is_cut_in_a_table_only_what_is_seen_is_kept() -> None:
    clean = remake_office(table(SHEET, drawing=anchored(sheet_picture(source='<a:srcRect t="50000" l="25000"/>'))))
    assert [image.size for image in pictures_of(clean)] == [(30, 20)]


# Archives


def renamed(data: bytes, name: Any) -> bytes:
    return packed({name(old): content for old, content in members_of(data).items()})


@pytest.mark.parametrize(
    "name",
    [str.upper, str.title, lambda name: name.replace("/", "\\"), lambda name: "/" + name],
    ids=["great letters", "mixed letters", "backslashes", "a slash before them"],
)
@pytest.mark.parametrize("kind", [FileKind.WORD, FileKind.EXCEL])
def test_the_names_of_parts_are_compared_as_the_format_says(kind: FileKind, name: Any) -> None:
    strings = f"<sst {SHEET_NS}><si><t>{SHOWN}</t></si></sst>"
    sheet = rows('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    plain = (
        text(drawn(), styles=style("A"))
        if kind is FileKind.WORD
        else table(sheet, drawing=anchored(sheet_picture()), **{"xl/sharedStrings.xml": strings})
    )
    data = renamed(plain, name)
    assert sniff(data) is kind
    assert everything(remake_office(data)) == everything(remake_office(plain))
    assert len(pictures_of(remake_office(data))) == 1
    assert SHOWN in everything(remake_office(data)).decode()


def test_names_of_parts_may_be_written_as_addresses() -> None:
    data = text("")
    members: dict[str, bytes | str] = {**members_of(data)}
    members["word/我的 图.png"] = members.pop("word/media/image1.png")
    members["word/_rels/document.xml.rels"] = relations({"i1": ("image", "%E6%88%91%E7%9A%84%20%E5%9B%BE.png")})
    members["word/document.xml"] = members_of(text(drawn()))["word/document.xml"]
    assert len(pictures_of(remake_office(packed(members)))) == 1


def test_a_workbook_in_binary_is_to_be_saved_anew() -> None:
    assert sniff(packed({"xl/workbook.bin": b"x"})) is FileProblem.OLD_OFFICE


def test_merged_areas_beyond_all_measure_are_refused() -> None:
    areas = "".join(f'<mergeCell ref="A{at}:XFD{at}"/>' for at in range(1, 2_000))
    with pytest.raises(CannotClean) as refusal:
        remake_office(table(f"{SHEET}<mergeCells>{areas}</mergeCells>"))
    assert refusal.value.reason is FileProblem.TOO_BIG


# For breaking: files in which much is decided by styles, places and formats


def body_of(data: bytes) -> str:
    content = members_of(data)["word/document.xml"].decode()
    return content.partition("<w:body>")[2].partition("</w:body>")[0]


WITH_MUCH = {
    "text with styles, fields and cut pictures": text(
        "".join(map(body_of, (*SHOWN_TEXTS.values(), *map(text, CUT_PICTURES.values()))))
        + '<w:sectPr><w:headerReference w:type="even" r:id="header1"/></w:sectPr>',
        styles="".join(style(name, VANISH, based_on=base) for name, base in ("AB", "BA", "HB", "CH", "PC")),
        footnotes=f'<w:footnote w:id="2">{paragraph(run("脚注"))}</w:footnote>',
        numbering='<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="甲"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
        settings="<w:evenAndOddHeaders/>",
        header1=paragraph(run("页眉"), '<w:numPr><w:numId w:val="1"/></w:numPr>'),
    ),
    "table with places, formats and drawings": table(
        '<sheetFormatPr zeroHeight="1"/>'
        + column('hidden="1"', 2, 3)
        + rows(
            f'<row r="1" spans="1:9">{cell("A1", SHOWN)}{cell("", "x")}{cell("$D$1", "x", STYLED)}</row>',
            f'<row ht="0.0">{cell("a2", "x")}</row>',
            f'<row ht="15"><c><v>1</v></c><c s="2"><v>7</v></c>{cell("E3", SHOWN)}{cell("F3", "x")}</row>',
        )
        + '<mergeCells><mergeCell ref="E3:F4"/></mergeCells>',
        styles=formats(";;;", '[>100]"x";0'),
        drawing=anchored(sheet_picture(source='<a:srcRect l="50000"/>'))
        + anchored(sheet_shape('hidden="1"', "x"))
        + anchored(sheet_shape(words=SHOWN), (1, 0), (2, 2)),
    ),
}


@pytest.mark.parametrize("kind", WITH_MUCH)
def test_a_file_with_much_in_it_is_kept(kind: str) -> None:
    assert SHOWN in everything(remake_office(WITH_MUCH[kind])).decode()


def parts_of(data: bytes) -> dict[str, bytes]:
    return {name: content for name, content in members_of(data).items() if not name.endswith(".jpg")}


EVERY_FILE = {**HIDDEN_TEXTS, **SHOWN_TEXTS, **HIDDEN_TABLES, **HIDDEN_DRAWINGS, **WITH_MUCH}


@pytest.mark.parametrize("kind", EVERY_FILE)
def test_what_is_clean_stays_as_it_is(kind: str) -> None:
    clean = remake_office(remake_office(EVERY_FILE[kind]))
    assert parts_of(remake_office(clean)) == parts_of(clean)


@pytest.mark.parametrize("kind", [*WITH_MUCH, *OFFICE])
def test_a_file_that_says_strange_things_ends_clean_or_refused(kind: str) -> None:
    whole = {**WITH_MUCH, **OFFICE}[kind]
    refused, clean = [], []
    for number in range(40):
        try:
            clean.append(remake_office(remake_office(retold(whole, f"{kind}/{number}"))))
        except CannotClean as refusal:
            refused.append(refusal.reason)
    assert len(clean) > 10
    assert set(refused) <= {FileProblem.DAMAGED}
    assert [parts_of(remake_office(one)) for one in clean] == [parts_of(one) for one in clean]
