"""Reduces a part of a Word or Excel file to what shows, without anybody's name in it.

Known namespaces are kept and all others dropped; within a table's parts, known elements alone; within a text's, all but
those that hold a person, a history or what does not show. What refers to something that is left behind goes with it, or
the file would be called damaged.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final
from xml.etree.ElementTree import Element, register_namespace

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


def _names(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{{{_NAMESPACES[prefix]}}}{name}" for name in names.split())


_W, _S, _R, _A = (f"{{{_NAMESPACES[prefix]}}}" for prefix in ("w", "", "r", "a"))
_CHOICES: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"

# Deletions go whole; so does what names a person, a file, a template or another place.
_DROPPED: Final = (
    _names(
        "w",
        "del moveFrom delText delInstrText instrText fldChar fldData ffData rPrChange pPrChange sectPrChange "
        "tblPrChange tblPrExChange trPrChange tcPrChange tblGridChange numberingChange cellIns cellDel cellMerge "
        "commentRangeStart commentRangeEnd commentReference annotationRef altChunk object control subDoc "
        "contentPart customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd "
        "customXmlMoveFromRangeStart customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd "
        "moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd bookmarkStart bookmarkEnd permStart "
        "permEnd proofErr docVars mailMerge rsid nsid tmpl aliases numPicBullet lvlPicBulletId sdtPr sdtEndPr "
        "customXmlPr smartTagPr lastRenderedPageBreak tblCaption tblDescription",
    )
    | _names("a", "extLst hlinkClick hlinkHover hlinkMouseOver custClrLst")
    | _names("o", "OLEObject ink signatureline")
)
_UNWRAPPED: Final = _names("w", "ins moveTo hyperlink fldSimple sdt sdtContent customXml smartTag")
_OF_TABLES: Final = _names(
    "",
    "workbook workbookPr sheets sheet worksheet sheetFormatPr cols col sheetData row c v is t r rPr mergeCells "
    "mergeCell pageMargins drawing sst si styleSheet numFmts numFmt fonts font b i u strike outline shadow condense "
    "extend color sz name rFont family charset scheme vertAlign fills fill patternFill fgColor bgColor gradientFill "
    "stop borders border left right top bottom diagonal start end vertical horizontal cellStyleXfs cellXfs xf "
    "alignment protection colors indexedColors rgbColor",
)
_WITH_TEXT: Final = (
    _names("w", "t")
    | _names("", "t v")
    | _names("m", "t")
    | _names("a", "t")
    | _names("wp", "posOffset align")
    | _names("xdr", "col colOff row rowOff")
)
# rsids tell which texts one person wrote in one sitting; authors, dates and descriptions tell more, and 'gfxdata' is a
# file within the file.
_ATTRIBUTE: Final = re.compile(
    r"rsid\w*|author|date|initials|userId|uid|descr|title|alt|tooltip|codeName|tplc|gfxdata|href|src|target|anchor|instr"
    r"|cm|vm|ph|hidden",
    re.IGNORECASE,
)
# What is called by the name of the file that it came from, or by its owner.
_NAMED: Final = (
    _names("pic", "cNvPr")
    | _names("wp", "docPr")
    | _names("xdr", "cNvPr")
    | _names("wps", "cNvPr")
    | _names("wpg", "cNvPr")
    | _names("a", "theme clrScheme fontScheme fmtScheme")
)
_LIST_NAME: Final = (f"{_W}abstractNum", f"{_W}name")  # a style's name is needed, a list's is not
_FRAMES: Final = _names("w", "drawing pict") | _names("xdr", "twoCellAnchor oneCellAnchor absoluteAnchor")
_VISIBLE: Final = (
    _names("pic", "pic")
    | _names("xdr", "pic sp cxnSp")
    | _names("wps", "wsp")
    | _names("v", "imagedata textbox rect line oval roundrect shape polyline")
)
_PICTURES: Final = _names("pic", "pic") | _names("xdr", "pic")
_LISTS: Final = _names("", "cols mergeCells")
_BLIP: Final = f"{_A}blip"
_CELL: Final = re.compile(r"([A-Z]{1,3})\d+")


# What each part begins with; anything else is something else under its name.
_ROOTS: Final = {
    "document": f"{_W}document",
    "header": f"{_W}hdr",
    "footer": f"{_W}ftr",
    "workbook": f"{_S}workbook",
    "worksheet": f"{_S}worksheet",
    "sharedStrings": f"{_S}sst",
    "drawing": f"{{{_NAMESPACES['xdr']}}}wsDr",
    "theme": f"{_A}theme",
    "footnotes": f"{_W}footnotes",
    "endnotes": f"{_W}endnotes",
    "numbering": f"{_W}numbering",
}


def is_root_of(root: Element, role: str) -> bool:
    """Whether a part's root element is that of the role it is referred to by."""
    if role == "styles":
        return root.tag in (f"{_W}styles", f"{_S}styleSheet")
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


def keep_visible(root: Element, links: dict[str, str]) -> None:
    """Remove from a part what does not show. `links`: the references that are kept, old name to new."""
    _Part(links).keep(root)


def links_of(root: Element) -> Iterator[str]:
    """Give the references that a part makes, in its order."""
    for element in root.iter():
        yield from (value for name, value in element.attrib.items() if name.startswith(_R))


class _Part:
    def __init__(self, links: dict[str, str]) -> None:
        self._links = links
        self._hidden_columns: list[range] = []

    def keep(self, element: Element) -> None:
        if element.tag not in _WITH_TEXT:
            element.text = None
        for name in list(element.attrib):
            self._keep_attribute(element, name)
        element[:] = list(self._visible_children(element))

    def _keep_attribute(self, element: Element, name: str) -> None:
        space, _, local = name.rpartition("}")
        if name.startswith(_R) and element.attrib[name] in self._links:
            element.set(name, self._links[element.attrib[name]])
        elif space == "" and local == "name" and element.tag in _NAMED:
            element.set(name, "")
        elif (space and space[1:] not in _NAMESPACES.values()) or name.startswith(_R) or _ATTRIBUTE.fullmatch(local):
            del element.attrib[name]

    def _visible_children(self, element: Element) -> Iterator[Element]:
        for child in element:
            if not isinstance(child.tag, str) or (element.tag, child.tag) == _LIST_NAME:
                continue
            if child.tag == _CHOICES:
                yield from self._first_visible_choice(child)
                continue
            if not self._is_kept(child):
                continue
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
        if space not in _NAMESPACES.values() or child.tag in _DROPPED or _is_hidden(child):
            return False
        if not child.tag.startswith(_S):
            return True
        if child.tag == f"{_S}col" and (child.get("hidden") in ("1", "true") or child.get("width") == "0"):
            self._hidden_columns.append(range(int(child.get("min", "0")), int(child.get("max", "0")) + 1))
            return False
        if child.tag == f"{_S}c" and (place := _CELL.fullmatch(child.get("r", ""))):
            return not any(_column(place.group(1)) in columns for columns in self._hidden_columns)
        return child.tag in _OF_TABLES


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _refers(element: Element) -> bool:
    return any(name.startswith(_R) for name in element.attrib)


def _is_empty(element: Element) -> bool:
    """Whether a frame or a list has lost what it was around."""
    if element.tag in _LISTS:
        return not len(element)
    if element.tag in _PICTURES:
        return element.find(f".//{_BLIP}") is None
    return element.tag in _FRAMES and not any(inner.tag in _VISIBLE for inner in element.iter())


def _is_hidden(element: Element) -> bool:
    match element.tag.rpartition("}")[2]:
        case "r" if element.tag.startswith(_W):
            vanish = element.find(f"{_W}rPr/{_W}vanish")
            return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false", "off")
        case "tr" if element.tag.startswith(_W):
            return element.find(f"{_W}trPr/{_W}del") is not None
        case "row" if element.tag.startswith(_S):
            return element.get("hidden") in ("1", "true") or element.get("ht") == "0"
        case "sheet" if element.tag.startswith(_S):
            return element.get("state", "visible") != "visible"
        case _:
            return False


def strings_used(sheet: Element) -> set[int]:
    """Return the numbers of the shared strings that a sheet shows."""
    values = (cell.find(f"{_S}v") for cell in sheet.iter(f"{_S}c") if cell.get("t") == "s")
    return {int(value.text) for value in values if value is not None and value.text and value.text.strip().isdigit()}


def keep_strings(strings: Element, used: Collection[int]) -> None:
    """Empty the shared strings that no cell shows: of hidden rows, or left over from what was deleted."""
    for number, string in enumerate(strings):
        if number not in used:
            string[:] = [Element(f"{_S}t")]
