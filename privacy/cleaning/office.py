"""Re-makes Word and Excel files: a new archive with the parts that show, and with nobody's name in them.

Macros, embedded files, comments, properties, custom data and links to elsewhere are left behind; pictures are re-made.
Who changed a text, and what was struck out of it, is settled: what was inserted stays, what was deleted goes.
"""

import io
import posixpath
import re
import warnings
import zipfile
from typing import Final
from xml.etree.ElementTree import Element, ElementTree, register_namespace

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from privacy.cleaning.kinds import CannotClean, Reason
from privacy.cleaning.photo import remake_photo

_MAX_PARTS: Final = 2_000
_MAX_UNPACKED: Final = 200 * 2**20
_MAX_PICTURES: Final = 100
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can name

# The parts that show. Everything else is left behind, known or not.
_KEPT: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|word/(document|styles|numbering|fontTable|footnotes|endnotes|header\d*|footer\d*|theme/theme\d+)\.xml"
    r"|word/_rels/(document|footnotes|endnotes|header\d*|footer\d*)\.xml\.rels"
    r"|xl/(workbook|styles|sharedStrings|theme/theme\d+|worksheets/sheet\d+|drawings/drawing\d+)\.xml"
    r"|xl/(worksheets/_rels/sheet\d+|drawings/_rels/drawing\d+|_rels/workbook)\.xml\.rels"
    r"|word/_rels/document\.xml\.rels"
)
_PICTURE: Final = re.compile(r"(word|xl)/media/[\w.-]+\.(jpe?g|png|webp|heic)", re.IGNORECASE)
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CONTENT_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# What a text editor leaves of a person or of what is not shown. Deletions go whole; insertions keep what they hold.
_DROPPED: Final = frozenset(
    _WORD + name
    for name in (
        *("del", "moveFrom", "delText", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange"),
        *("tcPrChange", "tblGridChange", "numberingChange", "commentRangeStart", "commentRangeEnd", "commentReference"),
        *(
            "altChunk",
            "object",
            "customXmlInsRangeStart",
            "customXmlDelRangeStart",
            "moveFromRangeStart",
            "moveFromRangeEnd",
        ),
        *(
            "moveToRangeStart",
            "moveToRangeEnd",
            "bookmarkStart",
            "bookmarkEnd",
            "docVars",
            "mailMerge",
            "instrText",
            "permStart",
        ),
    )
) | frozenset(
    _SHEET + name
    for name in (
        *("legacyDrawing", "legacyDrawingHF", "oleObjects", "controls", "extLst", "definedNames", "externalReferences"),
        *("fileSharing", "customSheetViews", "customWorkbookViews", "fileVersion", "webPublishing", "f", "hyperlinks"),
        *("pivotCaches", "fileRecoveryPr", "phoneticPr", "protectedRanges", "scenarios", "dataValidations"),
    )
)
_UNWRAPPED: Final = frozenset(
    _WORD + name for name in ("ins", "moveTo", "hyperlink", "sdt", "sdtContent", "customXml", "smartTag")
)
_EMPTIED: Final = frozenset(_WORD + name for name in ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr"))
# rsids tell which texts one person wrote in one sitting; authors, dates, names and descriptions tell more.
_ATTRIBUTE: Final = re.compile(
    r"\}?(rsid\w*|author|date|initials|userId|uid|descr|title|tooltip|lastEdited|codeName)$", re.IGNORECASE
)
_XML_NAMES: Final = re.compile(rb"xmlns:(\w+)=[\"']([^\"']+)[\"']")


def remake_office(data: bytes) -> bytes:
    """Return a new .docx or .xlsx with what shows in the old one. Raises CannotClean, also for hostile input."""
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as old:
            warnings.simplefilter("ignore")
            return _rebuilt(old)
    except CannotClean:
        raise
    except RuntimeError:  # zipfile's word for an encrypted member
        raise CannotClean(Reason.PROTECTED) from None
    except DefusedXmlException:
        raise CannotClean(Reason.DAMAGED) from None
    except MemoryError:
        raise
    except Exception:  # archives and XML of hostile make fail in many ways
        raise CannotClean(Reason.DAMAGED) from None


def _rebuilt(old: zipfile.ZipFile) -> bytes:
    parts = _parts(old)
    pictures = {name: new for name, content in parts.items() if (new := _remade_picture(name, content)) is not None}
    names = {name for name in parts if _KEPT.fullmatch(name)}
    renamed = {name: f"{name.rpartition('.')[0]}.jpg" for name in pictures}
    present = names | set(renamed.values())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(names):
            archive.writestr(
                zipfile.ZipInfo(name, _MOMENT), _clean_part(name, parts[name], present, renamed), zipfile.ZIP_DEFLATED
            )
        for name in sorted(pictures):
            archive.writestr(zipfile.ZipInfo(renamed[name], _MOMENT), pictures[name])
    return out.getvalue()


def _parts(old: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack the parts that may be kept, and count: what an archive says of its sizes is not believed."""
    chosen = [
        entry for entry in old.infolist() if _KEPT.fullmatch(entry.filename) or _PICTURE.fullmatch(entry.filename)
    ]
    if (
        len(old.infolist()) > _MAX_PARTS
        or sum(bool(_PICTURE.fullmatch(entry.filename)) for entry in chosen) > _MAX_PICTURES
    ):
        raise CannotClean(Reason.TOO_BIG)
    parts: dict[str, bytes] = {}
    room = _MAX_UNPACKED
    for entry in chosen:
        with old.open(entry) as member:
            parts[entry.filename] = member.read(room + 1)
        room -= len(parts[entry.filename])
        if room < 0:
            raise CannotClean(Reason.TOO_BIG)
    return parts


def _remade_picture(name: str, content: bytes) -> bytes | None:
    """Return a picture re-made; one that can't be is left out, and its place in the text stays empty."""
    if not _PICTURE.fullmatch(name):
        return None
    try:
        return remake_photo(content)
    except CannotClean:
        return None


def _clean_part(name: str, content: bytes, present: set[str], renamed: dict[str, str]) -> bytes:
    for prefix, uri in _XML_NAMES.findall(content):
        if not re.fullmatch(rb"ns\d+", prefix):
            register_namespace(prefix.decode(), uri.decode())
    root: Element = fromstring(content, forbid_dtd=True)
    if name.endswith(".rels"):
        _keep_links_within(root, name, present, renamed)
    elif name == "[Content_Types].xml":
        _name_types_of(root, present)
    else:
        _keep_what_shows(root)
    out = io.BytesIO()
    ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True)
    return out.getvalue()


def _keep_links_within(root: Element, name: str, present: set[str], renamed: dict[str, str]) -> None:
    folder = posixpath.dirname(posixpath.dirname(name))
    for link in list(root):
        target = link.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        whole = renamed.get(whole, whole)
        if link.tag != _RELATIONSHIP or link.get("TargetMode") == "External" or whole not in present:
            root.remove(link)
        else:
            link.set("Target", "/" + whole)


def _name_types_of(root: Element, present: set[str]) -> None:
    for entry in list(root):
        if entry.tag == f"{_CONTENT_TYPES}Override" and entry.get("PartName", "").lstrip("/") not in present:
            root.remove(entry)
    if not any(entry.get("Extension") == "jpg" for entry in root):
        root.append(Element(f"{_CONTENT_TYPES}Default", {"Extension": "jpg", "ContentType": "image/jpeg"}))


def _keep_what_shows(element: Element) -> None:
    for name in [name for name in element.attrib if _ATTRIBUTE.search(name)]:
        del element.attrib[name]
    kept: list[Element] = []
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _DROPPED or child.tag in _EMPTIED:
            continue
        _keep_what_shows(child)
        if child.tag in _UNWRAPPED:
            kept += list(child)
        else:
            kept.append(child)
    element[:] = kept
