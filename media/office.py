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
from xml.etree.ElementTree import Element, ElementTree
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from media.kinds import CannotClean, Reason
from media.office_parts import is_root_of, keep_strings, keep_visible, links_of, normalise_names, strings_used
from media.photo import remake_photo

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
# Roles that are not named in the text of the part that refers to them.
_UNNAMED: Final = frozenset({"styles", "numbering", "footnotes", "endnotes", "theme", "sharedStrings"})
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


def remake_office(data: bytes) -> bytes:
    """Return a new .docx or .xlsx with what shows in the old one. Raises CannotClean, also for hostile input."""
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as old:
            warnings.simplefilter("ignore")
            return _Remaking(old).archive()
    except (CannotClean, MemoryError):
        raise
    except (RecursionError, DefusedXmlException):
        raise CannotClean(Reason.DAMAGED) from None
    except RuntimeError:  # zipfile's word for an encrypted member
        raise CannotClean(Reason.PROTECTED) from None
    except Exception:  # archives and XML of hostile make fail in many ways
        raise CannotClean(Reason.DAMAGED) from None


class _Remaking:
    """One archive being made from another, part by part."""

    def __init__(self, old: zipfile.ZipFile) -> None:
        self._old = old
        self._members = set(old.namelist())
        if len(old.infolist()) > _MAX_PARTS or sum("/media/" in name for name in self._members) > _MAX_PICTURES:
            raise CannotClean(Reason.TOO_BIG)
        self._bytes_left = _MAX_UNPACKED
        self._folder = ""
        self._family = ""
        self._new: dict[str, bytes] = {}
        self._types: dict[str, str] = {}  # of the new parts, for the archive's own list
        self._new_names: dict[str, str | None] = {}  # old name to new; None: it cannot be kept
        self._strings: set[int] = set()

    def archive(self) -> bytes:
        """Return the new archive."""
        [main] = [target for role, target in self._relations("").values() if role == "officeDocument"]
        self._folder = main.partition("/")[0]
        self._family = _FAMILIES[self._folder]
        begin = self._part(main, "document" if self._folder == "word" else "workbook")
        if begin is None:
            raise CannotClean(Reason.DAMAGED)
        self._new["_rels/.rels"] = _relations({"r1": ("officeDocument", begin)})
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (("[Content_Types].xml", _types(self._types)), *self._new.items()):
                archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _part(self, name: str, role: str) -> str | None:
        """Re-make a part and what it refers to, once; return its new name."""
        if name not in self._new_names:
            self._new_names[name] = None  # so that a circle ends
            self._new_names[name] = self._remake(name, role)
        return self._new_names[name]

    def _remake(self, name: str, role: str) -> str | None:
        if name not in self._members:
            return None
        content = self._unpacked(name)
        if role == "image":
            return self._picture(content)
        root: Element = fromstring(content, forbid_dtd=True)
        normalise_names(root)
        if not is_root_of(root, role):
            return None
        if role == "sharedStrings":
            keep_strings(root, self._strings)
        # Twice: what is referred to is known when what doesn't show has gone, and some of it may turn out to be unfit.
        relations = {link: of for link, of in self._relations(name).items() if of[0] in _REFERRED.get(role, ())}
        keep_visible(root, {link: link for link in relations})
        links = self._remake_referred(root, relations)
        keep_visible(root, {old: f"r{number}" for number, (old, _, _) in enumerate(links, start=1)})
        if role == "worksheet":
            self._strings |= strings_used(root)
        elif role == "workbook" and not any(kept == "worksheet" for _, kept, _ in links):
            raise CannotClean(Reason.DAMAGED)
        new = self._name(role, "xml")
        folder, _, file = new.rpartition("/")
        self._types[new] = _TYPE + _TYPES.get(role, f"{self._family}.{role}+xml")
        self._new[new] = _xml(root)
        if links:
            self._new[f"{folder}/_rels/{file}.rels"] = _relations(
                {f"r{number}": (kept, target) for number, (_, kept, target) in enumerate(links, start=1)}
            )
        return new

    def _remake_referred(self, root: Element, relations: dict[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
        """Re-make what a part refers to; return the reference's old name, the role and the new part of each."""
        named = dict.fromkeys(links_of(root))
        # The strings of a table come after its sheets, which say which they show.
        unnamed = {role: link for link, (role, _) in relations.items() if role in _UNNAMED}
        followed = []
        for link in (*named, *unnamed.values()):
            role, target = relations[link]
            new = self._part(target, role)
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
            if link.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
                relations[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], target.lstrip("/"))
        return relations

    def _picture(self, content: bytes) -> str | None:
        """Re-make a picture; one that can't be is left out, and its place in the text stays empty."""
        try:
            remade = remake_photo(content)
        except CannotClean:
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
        with self._old.open(name) as member:
            content = member.read(limit + 1)
        self._bytes_left -= len(content)
        if len(content) > limit:
            raise CannotClean(Reason.TOO_BIG)
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
