"""A letter for Word: the few parts of a .docx, which is a ZIP file of XML. Nothing in it says who made it, or when."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape

_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
)
# A4 with the margins of an official letter, in twentieths of a point.
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="992" w:gutter="0"/>'
    "</w:sectPr>"
)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can say


class Style(StrEnum):
    """How a paragraph looks."""

    TITLE = "title"
    NUMBER = "number"  # in the middle, under the title
    TO = "to"  # whom it is for, at the margin
    TEXT = "text"  # its first line moved in by two characters
    SIGNED = "signed"  # at the right


@dataclass(frozen=True)
class Look:
    """The typeface, its size in half points, and how a paragraph is set."""

    face: str
    size: int
    setting: str


_LOOKS = {
    Style.TITLE: Look("方正小标宋简体", 44, '<w:jc w:val="center"/>'),
    Style.NUMBER: Look("仿宋", 32, '<w:jc w:val="center"/>'),
    Style.TO: Look("仿宋", 32, ""),
    Style.TEXT: Look("仿宋", 32, '<w:ind w:firstLineChars="200" w:firstLine="640"/>'),
    Style.SIGNED: Look("仿宋", 32, '<w:jc w:val="right"/>'),
}

Paragraph = tuple[Style, str]


def as_word(paragraphs: Sequence[Paragraph]) -> bytes:
    """Return a document of some paragraphs; a line break in a text begins another one."""
    body = "".join(_written(style, line) for style, text in paragraphs for line in text.split("\n"))
    document = f'{_HEAD}<w:document xmlns:w="{_WORDS}"><w:body>{body}{_PAGE}</w:body></w:document>'
    return _zipped((("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document)))


def _written(style: Style, text: str) -> str:
    look = _LOOKS[style]
    face = f'<w:rFonts w:ascii="{look.face}" w:hAnsi="{look.face}" w:eastAsia="{look.face}"/>'
    run = f'<w:rPr>{face}<w:sz w:val="{look.size}"/></w:rPr><w:t xml:space="preserve">{escape(_printable(text))}</w:t>'
    spacing = '<w:spacing w:line="560" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{spacing}{look.setting}</w:pPr><w:r>{run}</w:r></w:p>"


def _printable(text: str) -> str:
    """Return a text without the control characters that XML does not know."""
    return "".join(sign for sign in text if sign >= " " or sign == "\t")


def _zipped(parts: Iterable[tuple[str, str]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()
