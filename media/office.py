"""Re-makes Word and Excel files: a new archive with the parts that show, under names of ours.

Starting from the text or the table, what it refers to is followed and re-made; nothing else is looked at. Macros,
embedded files, comments, properties, custom data and links to elsewhere are left behind; pictures are re-made. Who
changed a text, and what was struck out of it, is settled: what was inserted stays, what was deleted goes, and so does
what is hidden.
"""

import io
import posixpath
import warnings
import zipfile
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ElementTree
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from media.box import WHOLE, Box
from media.kinds import CannotClean, Cleaned, FileKind, FileProblem
from media.office_drawings import cut_pictures, drop_hidden
from media.office_formats import Formats
from media.office_looks import Looks
from media.office_parts import W, is_root_of, keep_known, links_of, normalise_names
from media.office_sheet import Sheet, keep_strings, strings_used
from media.office_word import Text, settle_fields
from media.photo import remake_photo
from media.sniff import part_name

_MAX_PARTS: Final = 2_000
_MAX_UNPACKED: Final = 200 * 2**20
_MAX_PART: Final = 40 * 2**20  # as a tree it takes many times that
_MAX_PICTURES: Final = 100
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can name

_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROLE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPE: Final = "application/vnd.openxmlformats-officedocument."
_DRAWN: Final = frozenset({"image"})
# What a part may refer to, by its role; a role that stands nowhere here is left behind.
_REFERRED: Final = {
    "document": frozenset({"styles", "numbering", "footnotes", "endnotes", "header", "footer", "theme", "image"}),
    "workbook": frozenset({"worksheet", "styles", "sharedStrings", "theme"}),
    **dict.fromkeys(("header", "footer", "footnotes", "endnotes", "drawing"), _DRAWN),
    "worksheet": frozenset({"drawing"}),
}
# What shows, and cannot be re-made: whoever sent it is told.
_SHOWN_TOO: Final = frozenset(
    {
        *("chart", "chartEx", "chartsheet", "dialogsheet", "diagramData", "oleObject", "package", "aFChunk"),
        *("control", "ctrlProp", "slicer", "timeline", "model3d", "video", "audio", "media"),
    }
)
# Roles that are not named in the text of the part that refers to them. Each is re-made when those before it have said
# what of it they use.
_UNNAMED: Final = ("footnotes", "endnotes", "numbering", "styles", "sharedStrings", "theme")
_OF_TEXTS: Final = frozenset({"document", "header", "footer", "footnotes", "endnotes"})
# What decides over other parts, and is read before them.
_READ_FIRST: Final = {"document": ("styles", "settings", "footnotes", "endnotes"), "workbook": ("styles",)}
_TYPES: Final = {
    "document": "wordprocessingml.document.main+xml",
    "workbook": "spreadsheetml.sheet.main+xml",
    "drawing": "drawing+xml",
    "theme": "theme+xml",
}
# Where several parts of one role lie; of any other role there is one, called by it.
_NUMBERED: Final = {
    "worksheet": "worksheets/sheet",
    "drawing": "drawings/drawing",
    "theme": "theme/theme",
    "image": "media/image",
    "header": "header",
    "footer": "footer",
}
_FAMILIES: Final = {"word": "wordprocessingml", "xl": "spreadsheetml"}


def remake_office(kind: FileKind, data: bytes) -> Cleaned:
    """Make a new .docx or .xlsx of what shows in the old one. Raises CannotClean, also for hostile input."""
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as old:
            warnings.simplefilter("ignore")
            remaking = _Remaking(old)
            return Cleaned(kind, remaking.archive(), is_whole=not remaking.left_out)
    except (CannotClean, MemoryError):
        raise
    except (RecursionError, DefusedXmlException):
        raise CannotClean(FileProblem.DAMAGED) from None
    except RuntimeError:  # zipfile's word for an encrypted member
        raise CannotClean(FileProblem.PROTECTED) from None
    except Exception:  # archives and XML of hostile make fail in many ways
        raise CannotClean(FileProblem.DAMAGED) from None


class _Remaking:
    """One archive being made from another, part by part."""

    def __init__(self, old: zipfile.ZipFile) -> None:
        self._old = old
        self._members = {part_name(entry.filename): entry for entry in old.infolist()}
        if len(old.infolist()) > _MAX_PARTS or sum("/media/" in name for name in self._members) > _MAX_PICTURES:
            raise CannotClean(FileProblem.TOO_BIG)
        self._bytes_left = _MAX_UNPACKED
        self._folder = ""
        self._family = ""
        self._new: dict[str, bytes] = {}
        self._types: dict[str, str] = {}  # of the new parts, for the archive's own list
        self._new_names: dict[tuple[str, Box], str | None] = {}  # old name to new; None: it cannot be kept
        self._read: dict[str, Element] = {}  # parts that were read before they are re-made
        self._text = Text({})
        self._formats = Formats(None)
        self._looks = Looks(None)
        self._sheet: Sheet | None = None  # the one whose drawings are being re-made
        self._strings: set[int] = set()
        self._pictures = 0
        self.left_out = False  # whether something that shows cannot be kept

    def archive(self) -> bytes:
        """Return the new archive."""
        [main] = [target for role, target in self._relations("").values() if role == "officeDocument"]
        self._folder = main.partition("/")[0]
        self._family = _FAMILIES[self._folder]
        role = "document" if self._folder == "word" else "workbook"
        self._read_first(main, role)
        begin = self._part(main, role)
        if begin is None:
            raise CannotClean(FileProblem.DAMAGED)
        self._new["_rels/.rels"] = _relations({"r1": ("officeDocument", begin)})
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (("[Content_Types].xml", _types(self._types)), *self._new.items()):
                archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _read_first(self, main: str, role: str) -> None:
        found = {}
        for of, target in self._relations(main).values():
            if of in _READ_FIRST[role] and target in self._members:
                root = self._parsed(target)
                if is_root_of(root, of):
                    self._read[target] = found[of] = root
        if role == "document":
            self._text = Text(found)
        else:
            self._formats, self._looks = Formats(found.get("styles")), Looks(found.get("styles"))

    def _part(self, name: str, role: str, seen: Box = WHOLE) -> str | None:
        """Re-make a part and what it refers to, once; return its new name. `seen`: the part of a picture."""
        if (name, seen) not in self._new_names:
            self._new_names[name, seen] = None  # so that a circle ends
            if name in self._members:
                self._new_names[name, seen] = self._picture(name, seen) if role == "image" else self._remake(name, role)
        return self._new_names[name, seen]

    def _remake(self, name: str, role: str) -> str | None:
        root = self._read.pop(name) if name in self._read else self._parsed(name)
        if not is_root_of(root, role):
            return None
        # Twice: what is referred to is known when what doesn't show has gone, and some of it may turn out to be unfit.
        found = self._relations(name)
        self.left_out = self.left_out or any(of[0] in _SHOWN_TOO for of in found.values())
        relations = {link: of for link, of in found.items() if of[0] in _REFERRED.get(role, ())}
        if not self._keep_what_shows(root, role, relations):
            return None
        cut = cut_pictures(root)
        links = self._remake_referred(root, relations, cut)
        keep_known(root, {old: f"r{number}" for number, (old, _, _) in enumerate(links, start=1)})
        if role == "workbook" and not any(kept == "worksheet" for _, kept, _ in links):
            raise CannotClean(FileProblem.DAMAGED)
        if role == "document" and self._text.has_even_headers:
            links.append(("", "settings", self._add("settings", Element(f"{W}settings"), W + "evenAndOddHeaders")))
        new = self._add(role, root)
        if links:
            folder, _, file = new.rpartition("/")
            self._new[f"{folder}/_rels/{file}.rels"] = _relations(
                {f"r{number}": (kept, target) for number, (_, kept, target) in enumerate(links, start=1)}
            )
        return new

    def _keep_what_shows(self, root: Element, role: str, relations: dict[str, tuple[str, str]]) -> bool:
        """Leave of a part what is known and shows; return whether it is needed at all."""
        sheet = Sheet(root, self._formats, self._looks) if role == "worksheet" else None
        if role in _OF_TEXTS:
            settle_fields(root)
        elif sheet is not None:
            sheet.keep_visible()
            self.left_out = self.left_out or not sheet.is_whole
            self._strings |= strings_used(root)
            self._sheet = sheet
        elif role == "sharedStrings":
            keep_strings(root, self._strings)
        keep_known(root, {link: link for link in relations}, marks=True)
        if role in ("footnotes", "endnotes") and not self._text.keep_notes(root, role):
            return False
        if role in _OF_TEXTS:
            self._text.keep_visible(root)
        if role in _OF_TEXTS or role == "drawing":
            drop_hidden(root, lambda anchor: self._sheet is None or self._sheet.shows(anchor))
        if role == "styles" and self._folder == "word":
            self._text.keep_styles(root)
        elif role == "styles":
            self._formats.keep(root)
        return role != "numbering" or self._text.keep_lists(root)

    def _add(self, role: str, root: Element, *inner: str) -> str:
        """Add a part to the new archive; return its name."""
        root.extend(Element(tag) for tag in inner)
        new = self._name(role, "xml")
        self._types[new] = _TYPE + _TYPES.get(role, f"{self._family}.{role}+xml")
        self._new[new] = _xml(root)
        return new

    def _remake_referred(
        self, root: Element, relations: dict[str, tuple[str, str]], cut: dict[str, tuple[str, Box]]
    ) -> list[tuple[str, str, str]]:
        """Re-make what a part refers to; return the reference's old name, the role and the new part of each.

        `cut`: references to pictures of which a part is seen.
        """
        unnamed = {role: link for link, (role, _) in relations.items() if role in _UNNAMED}
        followed = []
        for link in (*dict.fromkeys(links_of(root)), *(unnamed[role] for role in _UNNAMED if role in unnamed)):
            old, seen = cut.get(link, (link, WHOLE))
            role, target = relations[old]
            new = None if seen.is_empty else self._part(target, role, seen)
            if new is not None:
                followed.append((link, role, new))
        return followed

    def _relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part may refer to: role and part of each, within the archive."""
        folder, _, file = name.rpartition("/")
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        if listed not in self._members:
            return {}
        relations = {}
        for link in fromstring(self._unpacked(listed), forbid_dtd=True).iter(f"{{{_RELATIONS}}}Relationship"):
            if link.get("TargetMode", "").lower() != "external":
                target = part_name(posixpath.join("/", folder, unquote(link.get("Target", "")).replace("\\", "/")))
                role = link.get("Type", "").rpartition("/")[2]
                relations[link.get("Id", "")] = (role, posixpath.normpath(f"/{target}").lstrip("/"))
        return relations

    def _parsed(self, name: str) -> Element:
        root: Element = fromstring(self._unpacked(name), forbid_dtd=True)
        normalise_names(root)
        return root

    def _picture(self, name: str, seen: Box) -> str | None:
        """Re-make a picture; one that can't be is left out, and its place in the text stays empty."""
        self._pictures += 1
        if self._pictures > _MAX_PICTURES:
            raise CannotClean(FileProblem.TOO_BIG)
        try:
            remade = remake_photo(self._unpacked(name), seen)
        except CannotClean:
            self.left_out = True
            return None
        new = self._name("image", "jpg")
        self._new[new] = remade
        return new

    def _name(self, role: str, suffix: str) -> str:
        if role not in _NUMBERED:
            return f"{self._folder}/{role}.{suffix}"
        stem = f"{self._folder}/{_NUMBERED[role]}"
        return f"{stem}{sum(name.startswith(stem) for name in self._new) + 1}.{suffix}"

    def _unpacked(self, name: str) -> bytes:
        """Unpack a part, and count: what an archive says of its sizes is not believed."""
        limit = min(self._bytes_left, _MAX_PART)
        with self._old.open(self._members[name]) as member:
            content = member.read(limit + 1)
        self._bytes_left -= len(content)
        if len(content) > limit:
            raise CannotClean(FileProblem.TOO_BIG)
        return content


def _xml(root: Element) -> bytes:
    out = io.BytesIO()
    ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True)
    return out.getvalue()


def _relations(links: dict[str, tuple[str, str]]) -> bytes:
    rows = (
        f'<Relationship Id="{link}" Type="{_ROLE}{role}" Target={quoteattr("/" + part)}/>'
        for link, (role, part) in links.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(rows)}</Relationships>'.encode()


def _types(types: dict[str, str]) -> bytes:
    rows = (f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>'
        f"{''.join(rows)}</Types>"
    ).encode()
