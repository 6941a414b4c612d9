"""What of a part of a Word or Excel file may be kept: namespaces, elements and attributes that are known here.

Known namespaces and attributes are kept and all others dropped; within a table's parts, known elements alone; within a
text's, all but those that hold a person, a history or a file. What refers to something that is left behind goes with
it, or the file would be called damaged.
"""

import math
import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, register_namespace

from media.office_attributes import (
    OF_A_STYLE,
    OF_OLD_SHAPES,
    OF_SHAPES,
    OF_TABLES,
    OF_TEXTS,
    OF_WRAPPING,
)
from media.office_fonts import KNOWN_FONTS

_OFFICE: Final = "http://schemas.openxmlformats.org/"
_NAMESPACES: Final = {
    "": _OFFICE + "spreadsheetml/2006/main",
    "w": _OFFICE + "wordprocessingml/2006/main",
    "r": _OFFICE + "officeDocument/2006/relationships",
    "m": _OFFICE + "officeDocument/2006/math",
    "a": _OFFICE + "drawingml/2006/main",
    "pic": _OFFICE + "drawingml/2006/picture",
    "wp": _OFFICE + "drawingml/2006/wordprocessingDrawing",
    "xdr": _OFFICE + "drawingml/2006/spreadsheetDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "w10": "urn:schemas-microsoft-com:office:word",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
for _prefix, _uri in _NAMESPACES.items():  # ours, not the file's own, which could be anybody's name
    register_namespace(_prefix, _uri)
_PREFIXES: Final = {uri: prefix for prefix, uri in _NAMESPACES.items()}
W, S, R, M, A, PIC, WP, XDR, V = (
    f"{{{_NAMESPACES[prefix]}}}" for prefix in ("w", "", "r", "m", "a", "pic", "wp", "xdr", "v")
)

# The strict form of the standard gives other names to the same things.
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_STRICT_NAMES: Final = {
    "spreadsheetml/main": _NAMESPACES[""],
    "wordprocessingml/main": _NAMESPACES["w"],
    "officeDocument/relationships": _NAMESPACES["r"],
    "officeDocument/math": _NAMESPACES["m"],
    "drawingml/main": _NAMESPACES["a"],
    "drawingml/picture": _NAMESPACES["pic"],
    "drawingml/wordprocessingDrawing": _NAMESPACES["wp"],
    "drawingml/spreadsheetDrawing": _NAMESPACES["xdr"],
}


def names(prefix: str, local: str) -> frozenset[str]:
    """Return the full names of elements of one namespace."""
    return frozenset(f"{{{_NAMESPACES[prefix]}}}{name}" for name in local.split())


_CHOICES: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"

# Deletions go whole; so does what names a person, a file, a template or another place.
_DROPPED: Final = (
    names(
        "w",
        "del moveFrom delText delInstrText instrText fldChar fldData ffData rPrChange pPrChange sectPrChange "
        "tblPrChange tblPrExChange trPrChange tcPrChange tblGridChange numberingChange cellIns cellDel cellMerge "
        "commentRangeStart commentRangeEnd commentReference annotationRef altChunk object control subDoc "
        "contentPart customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd "
        "customXmlMoveFromRangeStart customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd "
        "moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd bookmarkStart bookmarkEnd permStart "
        "permEnd proofErr docVars mailMerge rsid nsid tmpl aliases numPicBullet lvlPicBulletId sdtPr sdtEndPr "
        "customXmlPr smartTagPr lastRenderedPageBreak tblCaption tblDescription latentStyles divId printerSettings",
    )
    | names("a", "extLst hlinkClick hlinkHover hlinkMouseOver custClrLst extraClrSchemeLst objectDefaults stCxn endCxn")
    | names("o", "OLEObject ink signatureline")
)
# What is marked as deleted by something within it.
_DELETED: Final = {
    f"{W}tr": (f"{W}trPr/{W}del", f"{W}trPr/{W}moveFrom"),
    f"{W}tc": (f"{W}tcPr/{W}cellDel",),
    f"{W}r": (f"{W}rPr/{W}del", f"{W}rPr/{W}moveFrom"),
    f"{M}r": (f"{W}rPr/{W}del", f"{W}rPr/{W}moveFrom"),
}
_UNWRAPPED: Final = names("w", "ins moveTo hyperlink fldSimple sdt sdtContent customXml smartTag")
_OF_TABLES: Final = names(
    "",
    "workbook workbookPr sheets sheet worksheet sheetFormatPr cols col sheetData row c v is t r rPr mergeCells "
    "mergeCell pageMargins drawing sst si styleSheet numFmts numFmt fonts font b i u strike outline shadow condense "
    "extend color sz name rFont family charset scheme vertAlign fills fill patternFill fgColor bgColor gradientFill "
    "stop borders border left right top bottom diagonal start end vertical horizontal cellStyleXfs cellXfs xf "
    "alignment colors indexedColors rgbColor conditionalFormatting cfRule formula cfvo colorScale dataBar iconSet dxfs "
    "dxf",
)
_WITH_TEXT: Final = (
    names("w", "t")
    | names("", "t v formula")
    | names("m", "t")
    | names("a", "t")
    | names("wp", "posOffset align")
    | names("xdr", "col colOff row rowOff")
)

# By namespace; of a namespace that stands nowhere here, none. What an attribute names, and how, its element decides.
_ATTRIBUTES: Final = {
    "w": frozenset(f"{W}{name}" for name in OF_TEXTS),
    "m": frozenset({f"{M}val", f"{M}alnAt"}),
    **dict.fromkeys(("a", "pic", "wp", "xdr", "wps", "wpg"), OF_SHAPES),
    "v": OF_OLD_SHAPES,
    "w10": OF_WRAPPING,
    "": OF_TABLES,
}
_SPACE: Final = f"{{{_NAMESPACES['xml']}}}space"
# What is called by the name of the file that it came from, or by its owner.
_NAMED: Final = (
    names("pic", "cNvPr")
    | names("wp", "docPr")
    | names("xdr", "cNvPr")
    | names("wps", "cNvPr")
    | names("wpg", "cNvPr")
    | names("a", "theme clrScheme fontScheme fmtScheme")
)
_MARKS: Final = _NAMED | names("wp", "anchor inline")  # where a drawing may be marked as hidden
_FONTS: Final = {
    f"{W}rFonts": frozenset(f"{W}{kind}" for kind in ("ascii", "hAnsi", "eastAsia", "cs")),
    f"{W}sym": frozenset({f"{W}font"}),
    f"{S}name": frozenset({"val"}),
    f"{S}rFont": frozenset({"val"}),
    **dict.fromkeys(names("a", "latin ea cs sym font buFont"), frozenset({"typeface"})),
}
_NEEDS_ITS_FONT: Final = names("", "name rFont") | names("a", "sym font buFont")
_OF_THE_THEME: Final = re.compile(r"(\+m[jn]-(lt|ea|cs))?")
_AREA: Final = r"[A-Z]{1,3}\d{1,7}(:[A-Z]{1,3}\d{1,7})?"
# What is right only in this form: the name of a figure in a shape's sums, a kind of shape, a language.
_FORMS: Final = {
    (f"{A}gd", "name"): re.compile(r"[A-Za-z]\w{0,15}", re.ASCII),
    (f"{A}graphicData", "uri"): re.compile(
        "|".join(re.escape(_NAMESPACES[prefix]) for prefix in ("pic", "wps", "wpg"))
    ),
    (f"{V}shapetype", "id"): re.compile(r"_x0000_t\d+"),
    (f"{V}shape", "type"): re.compile(r"#_x0000_t\d+"),
    (f"{S}conditionalFormatting", "sqref"): re.compile(rf"{_AREA}( {_AREA})*"),
    (f"{S}cfRule", "type"): re.compile(
        r"cellIs|colorScale|dataBar|iconSet|top10|aboveAverage|(duplicate|unique)Values"
    ),
    (f"{S}cfRule", "operator"): re.compile(r"(not)?([bB]etween|[eE]qual)|(less|greater)Than(OrEqual)?"),
    **{(f"{S}cfRule", name): re.compile(r"\d{1,9}") for name in ("dxfId", "priority", "rank", "stdDev")},
    (f"{S}cfvo", "type"): re.compile(r"min|max|num|percent|percentile"),
    (f"{S}cfvo", "val"): re.compile(r"-?\d{1,15}(\.\d{1,15})?"),
    (f"{S}iconSet", "iconSet"): re.compile(
        r"[345](Arrows(Gray)?|Flags|TrafficLights[12]?|Signs|Symbols2?|RedToBlack|Rating|Quarters)"
    ),
    (f"{W}lang", f"{W}val"): re.compile(r"(zh|en)(-[A-Za-z]+)*"),
    (f"{W}lang", f"{W}bidi"): re.compile(r"ar-SA"),
    (f"{W}lang", f"{W}eastAsia"): re.compile(r"(zh|en)(-[A-Za-z]+)*"),
}
_ONLY_OF: Final = {
    "id": _NAMED | names("v", "shapetype") | names("wps", "txbx linkedTxbx"),
    "name": _NAMED | names("", "sheet") | names("a", "gd"),
    "string": names("v", "textpath"),
}
_LIST_NAME: Final = (f"{W}abstractNum", f"{W}name")  # a style's name is needed, a list's is not
_FRAMES: Final = names("w", "drawing pict") | names("xdr", "twoCellAnchor oneCellAnchor absoluteAnchor")
_VISIBLE: Final = (
    names("pic", "pic")
    | names("xdr", "pic sp cxnSp")
    | names("wps", "wsp")
    | names("v", "imagedata textbox rect line oval roundrect shape polyline")
)
_PICTURES: Final = names("pic", "pic") | names("xdr", "pic")
_LISTS: Final = names("", "cols mergeCells conditionalFormatting")
_BLIP: Final = f"{A}blip"

# What each part begins with; anything else is something else under its name.
_ROOTS: Final = {
    "document": f"{W}document",
    "header": f"{W}hdr",
    "footer": f"{W}ftr",
    "settings": f"{W}settings",
    "workbook": f"{S}workbook",
    "worksheet": f"{S}worksheet",
    "sharedStrings": f"{S}sst",
    "drawing": f"{XDR}wsDr",
    "theme": f"{A}theme",
    "footnotes": f"{W}footnotes",
    "endnotes": f"{W}endnotes",
    "numbering": f"{W}numbering",
}


def is_root_of(root: Element, role: str) -> bool:
    """Whether a part's root element is that of the role it is referred to by."""
    if role == "styles":
        return root.tag in (f"{W}styles", f"{S}styleSheet")
    return root.tag == _ROOTS[role]


def normalise_names(root: Element) -> None:
    """Replace the strict standard's names of elements and attributes by the usual ones."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = _normalised(element.tag)
        for name in list(element.attrib):
            if (known := _normalised(name)) != name:
                element.attrib[known] = element.attrib.pop(name)


def _normalised(name: str) -> str:
    space, closed, local = name.removeprefix("{").partition("}")
    if not closed or not space.startswith(_STRICT):
        return name
    return f"{{{_STRICT_NAMES.get(space.removeprefix(_STRICT), space)}}}{local}"


def keep_known(root: Element, links: dict[str, str], *, marks: bool = False) -> None:
    """Leave of a part what is known. `links`: the part's references that are kept, old name to new.

    `marks`: leave standing, for now, what marks a drawing as hidden.
    """
    _Part(links, marks=marks).keep(root)


def links_of(root: Element) -> Iterator[str]:
    """Give the references that a part makes, in its order."""
    for element in root.iter():
        yield from (value for name, value in element.attrib.items() if name.startswith(R))


def is_on(value: str | None, *, without: bool = True) -> bool:
    """Whether a switch is on, as it is written; `without`: when it says nothing."""
    if value is None:
        return without
    return value.strip().lower() not in ("false", "off", "") and number(value) != 0


def number(text: str | None) -> float | None:
    """Read a number, however it is written; None when it is none."""
    try:
        value = math.nan if text is None else float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class _Part:
    def __init__(self, links: dict[str, str], *, marks: bool) -> None:
        self._links = links
        self._marks = marks
        self._plain: set[tuple[str, str]] = set()  # attributes of which any value is kept, once they were met

    def keep(self, element: Element) -> None:
        if element.tag not in _WITH_TEXT:
            element.text = None
        for name in list(element.attrib):
            if (element.tag, name) in self._plain:
                continue
            value = self._attribute(element, name)
            if value is None:
                del element.attrib[name]
            else:
                element.attrib[name] = value
        element[:] = list(self._visible_children(element))

    def _attribute(self, element: Element, name: str) -> str | None:
        """Return what is kept of an attribute's value; None when the attribute is not."""
        tag, value = element.tag, element.attrib[name]
        if name.startswith(R):
            return self._links.get(value)
        if name == "hidden" and self._marks and tag in _MARKS:
            return value
        space = tag.removeprefix("{").partition("}")[0]
        if name != _SPACE and name not in _ATTRIBUTES.get(_PREFIXES.get(space, "none"), ()):
            return None
        if name == "name" and tag in _NAMED:
            return ""
        if tag not in _ONLY_OF.get(name, (tag,)):
            return None
        if name in _FONTS.get(tag, ()):
            known = value.strip().casefold() in KNOWN_FONTS or _OF_THE_THEME.fullmatch(value)
            return value if known else None
        if tag.startswith(V) and name == "style":
            return _style(value)
        form = _FORMS.get((tag, name))
        if form is None:
            self._plain.add((tag, name))
            return value
        return value if form.fullmatch(value) else None

    def _visible_children(self, element: Element) -> Iterator[Element]:
        for child in element:
            if not isinstance(child.tag, str) or (element.tag, child.tag) == _LIST_NAME:
                continue
            if child.tag == _CHOICES:
                yield from self._first_visible_choice(child)
                continue
            if not self._is_kept(child):
                continue
            if child.tag == f"{A}fld":  # a number or a date that is worked out anew; what it shows stays
                child.tag = f"{A}r"
                child[:] = [part for part in child if part.tag != f"{A}pPr"]
            referred = _refers(child)
            self.keep(child)
            child.tail = None
            if child.tag in _UNWRAPPED:
                yield from child
            elif not (referred and not _refers(child)) and not _is_empty(child):
                yield child

    def _first_visible_choice(self, choices: Element) -> Iterator[Element]:
        """Yield the first alternative of which something is visible: newer and older programs draw different ones."""
        for choice in choices:
            kept = list(self._visible_children(choice))
            if kept:
                yield from kept
                return

    def _is_kept(self, child: Element) -> bool:
        space = child.tag.removeprefix("{").partition("}")[0]
        if space not in _PREFIXES or child.tag in _DROPPED:
            return False
        if child.tag in _DELETED:
            return not any(child.find(mark) is not None for mark in _DELETED[child.tag])
        if child.tag == f"{S}sheet":
            return child.get("state", "visible").strip().lower() == "visible"
        return not child.tag.startswith(S) or child.tag in _OF_TABLES


def _style(value: str) -> str:
    """Return of a shape's style what places it."""
    parts = (part.partition(":") for part in value.split(";"))
    kept = ((name.strip().lower(), of.strip()) for name, _, of in parts)
    return ";".join(f"{name}:{of}" for name, of in kept if name in OF_A_STYLE)


def _refers(element: Element) -> bool:
    return any(name.startswith(R) for name in element.attrib)


def _is_empty(element: Element) -> bool:
    """Whether a frame or a list has lost what it was around, or a font its name."""
    if element.tag in _LISTS:
        return not len(element)
    if element.tag in _NEEDS_ITS_FONT:
        return not {"val", "typeface"} & element.attrib.keys()
    if element.tag in _PICTURES:
        return element.find(f".//{_BLIP}") is None
    return element.tag in _FRAMES and not any(inner.tag in _VISIBLE for inner in element.iter())
