"""What of a text shows: styles resolved, switched-off headers, hidden rows and struck-out notes left behind.

Word decides by a run's own properties, by the styles of its characters, its paragraph and its table, each of which may
be based on others, and by the defaults of the document. Names of styles and lists are given anew; those that nothing
uses are left behind.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from xml.etree.ElementTree import Element

from media.office_colours import is_white
from media.office_parts import WP, M, V, W, is_on, number

_Read = TypeVar("_Read")

_VAL: Final = f"{W}val"
_RUNS: Final = (f"{W}r", f"{M}r")
_PARAGRAPH_MARKS: Final = (f"{W}pPr", f"{W}tblPr", f"{W}trPr", f"{W}tcPr")
_HEADERS: Final = (f"{W}headerReference", f"{W}footerReference")
_KINDS_OF_HEADERS: Final = ("default", "first", "even")
_NOTES: Final = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
# Where a style is named, and of which kind it is there.
_STYLED: Final = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
_FROM_STYLES: Final = (f"{W}basedOn", f"{W}link", f"{W}next")
_FROM_LISTS: Final = (f"{W}styleLink", f"{W}numStyleLink")
_MOST_LINKS: Final = 4
_LEAST_HEIGHT: Final = 40  # twentieths of a point; a row of exactly that height shows nothing
_LEAST_LINE: Final = 20  # twentieths of a point, of a line of exactly that height
_LEAST: Final = {"sz": 3, "w": 10}  # of letters: half points, one point being a dot; hundredths of their width
_PAPER: Final = ("background1", "light1")
_BEHIND: Final = (f"{W}background", f"{WP}anchor", f"{V}shape", f"{V}rect")  # what may lie behind a text
_SWITCHED: Final = (f"{W}rPr", f"{W}trPr")
_SWITCHES: Final = (f"{W}vanish", f"{W}specVanish", f"{W}hidden")
# Which parts of a table's style are used, as bits.
_LOOKS: Final = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
# Programs know these styles by their names; any other is called by a number.
_BUILT_IN: Final = re.compile(
    r"normal|heading [1-9]|title|subtitle|header|footer|footnote (text|reference)|endnote (text|reference)|caption"
    r"|list paragraph|list( bullet| number)?( [2-5])?|table grid|table normal|normal table|no list|body text( indent)?"
    r"( [23])?|default paragraph font|hyperlink|strong|emphasis|plain text|normal \(web\)|toc [1-9]|page number|date"
    r"|quote|intense quote|no spacing|balloon text",
    re.IGNORECASE,
)


class Text:
    """One text and what belongs to it, of which parts are kept one after the other; the document first."""

    def __init__(self, parts: dict[str, Element]) -> None:
        """`parts`: its styles, settings, footnotes and endnotes as they came, by their roles."""
        self._styles = _Styles(parts.get("styles"))
        settings = parts.get("settings")
        switch = None if settings is None else settings.find(f"{W}evenAndOddHeaders")
        self.has_even_headers = switch is not None and is_on(switch.get(_VAL))
        self._notes = {role: {note.get(f"{W}id") for note in parts.get(role, ())} for role in _NOTES.values()}
        self._shown_notes: dict[str, set[str | None]] = {role: set() for role in _NOTES.values()}
        self._lists: dict[str, set[str]] = {}  # numbers of lists that are used, with their levels

    def keep_visible(self, root: Element) -> None:
        """Leave of the document, of a header or of the notes what shows."""
        _Hiding(self._styles, root).of(root)
        _keep_shown_headers(root, even=self.has_even_headers)
        for parent in root.iter():
            parent[:] = [child for child in parent if self._is_noted(child)]
        self._styles.rename(root)
        for place in root.iter(f"{W}numPr"):
            self._use_list(place)

    def _is_noted(self, child: Element) -> bool:
        """Whether an element refers to no note, or to one that is there; it will be kept."""
        role = _NOTES.get(child.tag)
        if role is None:
            return True
        name = child.get(f"{W}id")
        if name not in self._notes[role]:
            return False
        self._shown_notes[role].add(name)
        return True

    def keep_notes(self, root: Element, role: str) -> bool:
        """Leave the notes that the document refers to, and the lines above them; return whether there are any."""
        shown = self._shown_notes[role]
        root[:] = [note for note in root if note.get(f"{W}id") in shown or note.get(f"{W}type", "normal") != "normal"]
        return bool(shown)

    def keep_styles(self, root: Element) -> None:
        """Leave the styles that are used, by other names."""
        self._styles.keep(root)

    def keep_lists(self, root: Element) -> bool:
        """Leave the lists that are used; return whether there are any. Call it before `keep_styles`."""
        forms = {one.get(f"{W}abstractNumId"): one for one in root.findall(f"{W}abstractNum")}
        lists = {one.get(f"{W}numId"): one for one in root.findall(f"{W}num")}
        used: dict[str | None, set[str]] = {}  # forms of lists, with the levels that are used
        kept: set[int] = set()
        for _ in range(_MOST_LINKS):  # a list may be that of a style, and a style have a list
            for name, levels in self._lists.items():
                link = _new_names(lists[name], f"{W}abstractNumId") if name in lists else None
                if link in forms:
                    used.setdefault(link, set()).update(levels)
                    kept |= {id(lists[name]), id(forms[link])}
            for link in used:
                for part in forms[link]:
                    if part.tag in _FROM_LISTS:
                        self._styles.use(part.get(_VAL))
            for place in self._styles.places_in_lists():
                self._use_list(place)
        for link, levels in used.items():
            for level in forms[link].findall(f"{W}lvl"):
                self._keep_level(level, levels)
        for name, levels in self._lists.items():
            for level in lists[name].iter(f"{W}lvl") if name in lists else ():
                self._keep_level(level, levels)
        root[:] = [one for one in root if id(one) in kept]
        self._styles.rename(root)
        return bool(kept)

    def _use_list(self, place: Element) -> None:
        named, level = place.find(f"{W}numId"), place.find(f"{W}ilvl")
        if named is not None and (name := named.get(_VAL)):
            self._lists.setdefault(name, set()).add("0" if level is None else level.get(_VAL, "0"))

    def _keep_level(self, level: Element, used: set[str]) -> None:
        """Take the words from a level of a list that no paragraph stands on, or whose words are hidden."""
        style = level.find(f"{W}pStyle")
        is_used = level.get(f"{W}ilvl") in used or (style is not None and self._styles.is_used(style.get(_VAL)))
        if not is_used or vanishes(level.find(f"{W}rPr")):
            for words in level.findall(f"{W}lvlText"):
                words.set(_VAL, "")


class _Styles:
    """The styles of a text: what they hide, and which are used."""

    def __init__(self, root: Element | None) -> None:
        found = () if root is None else root.findall(f"{W}style")
        self._styles = {name: style for style in found if (name := style.get(f"{W}styleId"))}
        self._default = {
            style.get(f"{W}type", "paragraph"): name
            for name, style in self._styles.items()
            if is_on(style.get(f"{W}default"), without=False)
        }
        self._new = {name: f"s{number}" for number, name in enumerate(self._styles, start=1)}
        self._used = set(self._default.values())
        self._defaults = None if root is None else root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._all_hidden = vanishes(self._defaults) is True
        self._says: dict[tuple[str, str], bool | None] = {}  # of styles and paths
        self._found: dict[tuple[str, str], Element | None] = {}

    def hide(self, run: Element | None, paragraph: str | None, *, in_table: bool = False) -> bool:
        """Whether text is hidden: `run`, its own properties; the name of the style of its paragraph.

        `in_table`: whether the style of its table hides it.
        """
        own = vanishes(run)
        if own is not None:
            return own
        # One style that hides within another shows: this property is switched, not set.
        by_style = [self._hiding(style, "r") is True for style in self._of_text(run, paragraph)]
        return self._all_hidden or sum((*by_style, in_table)) % 2 == 1

    def hide_in_table(self, table: str | None, parts: Sequence[str], what: str) -> bool:
        """Whether a table's style hides text (`what` is r) or rows (tr) in these parts of it, the weaker first."""
        said = [self._hiding(self._of_table(table), what, part) for part in (None, *parts)]
        return next((one for one in reversed(said) if one is not None), False)

    def bands(self, table: str | None) -> tuple[int, int]:
        """Return how many rows and how many columns of a table are alike before the next ones are."""
        style = self._of_table(table)
        found = [self._nearest(style, f"{W}tblPr/{W}tblStyle{of}BandSize") for of in ("Row", "Col")]
        rows, columns = (1 if one is None else max(1, _span(one.get(_VAL), 1)) for one in found)
        return rows, columns

    def colours(self, table: str | None) -> bool:
        """Whether a table's style colours anything of it."""

        def read(style: Element | None) -> bool | None:
            return any(map(_is_shaded, () if style is None else style.iter(f"{W}shd"))) or None

        return self._inherited(self._of_table(table), ".", read, self._says) is True

    def _of_table(self, name: str | None) -> str | None:
        """Return the style of a table: the one that it names, or the one that all tables have."""
        return name if name in self._styles else self._default.get("table")

    def look(self, run: Element | None, paragraph: str | None, name: str) -> Element | None:
        """Return what says of a text how it looks: itself, its styles, or the defaults; None when none says it."""
        own = None if run is None else run.find(f"{W}{name}")
        if own is not None:
            return own
        for style in self._of_text(run, paragraph):
            if (found := self._nearest(style, f"{W}rPr/{W}{name}")) is not None:
                return found
        return None if self._defaults is None else self._defaults.find(f"{W}{name}")

    def look_of_paragraph(self, paragraph: Element, name: str) -> Element | None:
        """Return what says of a paragraph how it looks: itself, or its styles; None when none says it."""
        own = paragraph.find(f"{W}pPr/{W}{name}")
        style = _new_names(paragraph, f"{W}pPr/{W}pStyle") or self._default.get("paragraph")
        return self._nearest(style, f"{W}pPr/{W}{name}") if own is None else own

    def _of_text(self, run: Element | None, paragraph: str | None) -> tuple[str | None, str | None]:
        """Return the names of the styles of a text's characters and of its paragraph."""
        named = None if run is None else run.find(f"{W}rStyle")
        character = self._default.get("character") if named is None else named.get(_VAL)
        return character, paragraph or self._default.get("paragraph")

    def _nearest(self, name: str | None, path: str) -> Element | None:
        """Return what a style, or the nearest one it is based on, has at a path; None when none has anything."""
        return self._inherited(name, path, lambda found: found, self._found)

    def _hiding(self, name: str | None, what: str, part: str | None = None) -> bool | None:
        """Return what a style, or the nearest one it is based on, says of hiding; None when none says anything.

        `part`: of a table's style, the part of the table of which it says it.
        """
        of_part = "" if part is None else f"{W}tblStylePr[@{W}type='{part}']/"
        read = vanishes if what == "r" else _hidden_rows
        return self._inherited(name, f"{of_part}{W}{what}Pr", read, self._says)

    def _inherited(
        self,
        name: str | None,
        path: str,
        read: Callable[[Element | None], _Read | None],
        known: dict[tuple[str, str], _Read | None],
    ) -> _Read | None:
        """Return what is read at a path of a style, or of the nearest one it is based on where anything is."""
        chain: dict[str, None] = {}
        value: _Read | None = None
        while name in self._styles and name not in chain:
            if (name, path) in known:
                value = known[name, path]
                break
            chain[name] = None
            value = read(self._styles[name].find(path))
            if value is not None:
                break
            base = self._styles[name].find(f"{W}basedOn")
            name = None if base is None else base.get(_VAL)
        known.update(((one, path), value) for one in chain)
        return value

    def use(self, name: str | None) -> None:
        """Keep a style, and those it is made of."""
        while name in self._styles and name not in self._used:
            self._used.add(name)
            base = self._styles[name].find(f"{W}basedOn")
            name = None if base is None else base.get(_VAL)

    def is_used(self, name: str | None) -> bool:
        """Whether anything refers to a style; by its old name."""
        return name in self._used

    def places_in_lists(self) -> Iterator[Element]:
        """Give the places in lists that used styles have."""
        for name in self._used:
            yield from self._styles[name].iter(f"{W}numPr")

    def rename(self, root: Element) -> None:
        """Call the styles that a part uses by their new names; what refers to none goes."""
        for parent in root.iter():
            if any(child.tag in _STYLED or child.tag in _FROM_LISTS for child in parent):
                # The level of a list names the style of a heading; that makes nobody use it.
                parent[:] = [child for child in parent if self._renamed(child, use=parent.tag != f"{W}lvl")]

    def _renamed(self, child: Element, *, use: bool) -> bool:
        """Give what refers to a style the style's new name; return whether there is such a style."""
        if child.tag not in _STYLED and child.tag not in _FROM_LISTS:
            return True
        name = child.get(_VAL, "")
        if use:
            self.use(name)
        if name not in self._used:
            return False
        child.set(_VAL, self._new[name])
        return True

    def keep(self, root: Element) -> None:
        """Leave the styles that are used, by their new names; nothing is left for them to hide."""
        for parent in root.iter():
            if parent.tag in _SWITCHED:
                parent[:] = [child for child in parent if child.tag not in _SWITCHES]
        for name in self._default.values():
            self._used.discard(name)
            self.use(name)  # with what it is based on
        names = {one: one.get(f"{W}styleId", "") for one in root if one.tag == f"{W}style"}
        root[:] = [one for one in root if one not in names or names[one] in self._used]
        for style in root:
            if style in names:
                style.set(f"{W}styleId", self._new[names[style]])
                style[:] = [part for part in style if self._part_renamed(part, self._new[names[style]])]

    def _part_renamed(self, part: Element, new: str) -> bool:
        name = part.get(_VAL, "")
        if part.tag == f"{W}name" and not _BUILT_IN.fullmatch(name):
            part.set(_VAL, new)
        elif part.tag in _FROM_STYLES:
            if name not in self._used:
                return False
            part.set(_VAL, self._new[name])
        return True


def vanishes(properties: Element | None) -> bool | None:
    """Whether properties hide text; None when they say nothing."""
    if properties is None:
        return None
    switches = [properties.find(f"{W}{name}") for name in ("vanish", "specVanish")]
    said = [is_on(switch.get(_VAL)) for switch in switches if switch is not None]
    return any(said) if said else None


def _hidden_rows(properties: Element | None) -> bool | None:
    switch = None if properties is None else properties.find(f"{W}hidden")
    return None if switch is None else is_on(switch.get(_VAL))


@dataclass(frozen=True)
class _Place:
    """Where text stands."""

    style: str | None = None  # of its paragraph
    hides: bool = False  # the style of its table does
    is_plain: bool = True  # on nothing but the paper


class _Hiding:
    """Takes out of a part what is hidden."""

    def __init__(self, styles: _Styles, part: Element) -> None:
        self._styles = styles
        self._paper = _Place(is_plain=not any(element.tag in _BEHIND for element in part.iter()))

    def of(self, element: Element, place: _Place | None = None) -> None:
        place = place or self._paper
        kept = []
        for child in element:
            if child.tag in _PARAGRAPH_MARKS:
                kept.append(child)  # a hidden mark hides no text
            elif child.tag == f"{W}tbl":
                self._of_table(child, place)
                if child.find(f"{W}tr") is not None:
                    kept.append(child)
            elif child.tag == f"{W}p":
                self._of_paragraph(child, place)
                kept.append(child)
            elif child.tag not in _RUNS or not self._hides(child.find(f"{W}rPr"), place):
                boxed = child.tag == f"{W}txbxContent"  # stands by itself, wherever its box hangs
                self.of(child, _Place(is_plain=False) if boxed else place)
                if child.tag != f"{M}phant" or _is_shown(child):
                    kept.append(child)
        if element.tag == f"{W}tc" and (not kept or kept[-1].tag != f"{W}p"):
            kept.append(Element(f"{W}p"))  # or the file would be called damaged
        element[:] = kept

    def _of_paragraph(self, paragraph: Element, place: _Place) -> None:
        spacing = self._styles.look_of_paragraph(paragraph, "spacing")
        if spacing is not None and spacing.get(f"{W}lineRule") == "exact":
            height = number(spacing.get(f"{W}line"))
            if height is not None and height < _LEAST_LINE:
                paragraph[:] = [part for part in paragraph if part.tag in _PARAGRAPH_MARKS]
        is_plain = place.is_plain and not _is_shaded(self._styles.look_of_paragraph(paragraph, "shd"))
        style = _new_names(paragraph, f"{W}pPr/{W}pStyle")
        self.of(paragraph, replace(place, style=style, is_plain=is_plain))

    def _hides(self, run: Element | None, place: _Place) -> bool:
        if self._styles.hide(run, place.style, in_table=place.hides):
            return True
        for name, least in _LEAST.items():
            look = self._styles.look(run, place.style, name)
            value = None if look is None else number(look.get(_VAL, "").removesuffix("%"))
            if value is not None and value < least:
                return True
        colour = self._styles.look(run, place.style, "color")
        if not place.is_plain or colour is None or not _is_paper(colour):
            return False
        backgrounds = (self._styles.look(run, place.style, name) for name in ("shd", "highlight"))
        return not any(_is_shaded(one) for one in backgrounds)

    def _of_table(self, table: Element, place: _Place) -> None:
        style = _new_names(table, f"{W}tblPr/{W}tblStyle")
        shading = table.find(f"{W}tblPr/{W}shd")
        is_plain = place.is_plain and not self._styles.colours(style) and not _is_shaded(shading)
        look = _Look(table, *self._styles.bands(style))
        merged: set[int] = set()  # columns that go on from the row above
        rows, at = [], 0
        for row in table:
            if row.tag != f"{W}tr":
                rows.append(row)
                continue
            parts = look.parts_of_row(at)
            at += 1
            own = _hidden_rows(row.find(f"{W}trPr"))
            hidden = self._styles.hide_in_table(style, parts, "tr") if own is None else own
            if hidden or _is_flat(row) or row.find(f"{W}tc") is None:
                continue
            merged = _empty_what_is_merged(row, merged)
            cells = row.findall(f"{W}tc")
            for column, cell in enumerate(cells):
                hides = self._styles.hide_in_table(style, look.parts_of_cell(parts, column, len(cells)), "r")
                shaded = _is_shaded(cell.find(f"{W}tcPr/{W}shd"))
                self.of(cell, _Place(hides=hides, is_plain=is_plain and not shaded))
            rows.append(row)
        table[:] = rows


class _Look:
    """Which parts of its style a table has, and where."""

    def __init__(self, table: Element, rows_alike: int, columns_alike: int) -> None:
        look = table.find(f"{W}tblPr/{W}tblLook")
        try:
            bits = int("0" if look is None else look.get(_VAL, "0"), 16)
        except ValueError:
            bits = 0
        self._on = {}
        for name, bit in _LOOKS.items():
            said = None if look is None else look.get(f"{W}{name}")
            self._on[name] = bool(bits & bit) if said is None else is_on(said)
        self._rows = len(table.findall(f"{W}tr"))
        self._rows_alike, self._columns_alike = rows_alike, columns_alike

    def parts_of_row(self, at: int) -> list[str]:
        """Return the parts of its style that a row has, the weaker first."""
        parts = []
        if not self._on["noHBand"] and at >= self._on["firstRow"]:
            parts.append(f"band{(at - self._on['firstRow']) // self._rows_alike % 2 + 1}Horz")
        if self._on["lastRow"] and at == self._rows - 1:
            parts.append("lastRow")
        if self._on["firstRow"] and at == 0:
            parts.append("firstRow")
        return parts

    def parts_of_cell(self, of_row: list[str], column: int, columns: int) -> list[str]:
        """Return the parts of its style that a cell has, the weaker first."""
        parts = []
        if not self._on["noVBand"] and column >= self._on["firstColumn"]:
            parts.append(f"band{(column - self._on['firstColumn']) // self._columns_alike % 2 + 1}Vert")
        parts += [part for part in of_row if part.startswith("band")]
        first, last = self._on["firstColumn"] and column == 0, self._on["lastColumn"] and column == columns - 1
        parts += ["firstCol"] * first + ["lastCol"] * last
        parts += [part for part in of_row if not part.startswith("band")]
        for row, high in (("firstRow", "n"), ("lastRow", "s")):
            if row in of_row:
                parts += [f"{high}wCell"] * first + [f"{high}eCell"] * last
        return parts


def _is_paper(colour: Element) -> bool:
    """Whether letters have the colour of white paper."""
    of_theme = colour.get(f"{W}themeColor")
    changed = colour.get(f"{W}themeShade") or colour.get(f"{W}themeTint")
    return is_white(colour.get(_VAL, "")) or (of_theme in _PAPER and not changed)


def _is_shaded(shading: Element | None) -> bool:
    """Whether something is coloured, or patterned, behind a text."""
    if shading is None:
        return False
    if shading.tag == f"{W}highlight":
        return shading.get(_VAL) not in ("none", "white")
    fill = shading.get(f"{W}fill", "auto")
    is_filled = fill.lower() not in ("auto", "") and not is_white(fill)
    return is_filled or shading.get(_VAL, "clear") not in ("clear", "nil")


def _new_names(element: Element, path: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.get(_VAL)


def _is_flat(row: Element) -> bool:
    """Whether a row is made so low that nothing of it shows."""
    for height in row.findall(f"{W}trPr/{W}trHeight"):
        value = number(height.get(_VAL))
        if height.get(f"{W}hRule") == "exact" and value is not None and 0 < value < _LEAST_HEIGHT:
            return True
    return False


def _empty_what_is_merged(row: Element, above: set[int]) -> set[int]:
    """Empty the cells that a cell above them, or before them, covers; return which columns go on to the next row."""
    going_on: set[int] = set()
    before = row.find(f"{W}trPr/{W}gridBefore")
    column = _span(None if before is None else before.get(_VAL), 0)
    covering = False
    for cell in row.findall(f"{W}tc"):
        downwards, sideways = cell.find(f"{W}tcPr/{W}vMerge"), cell.find(f"{W}tcPr/{W}hMerge")
        continued = downwards is not None and downwards.get(_VAL) != "restart" and column in above
        covered = sideways is not None and sideways.get(_VAL) != "restart" and covering
        covering = covered or (sideways is not None and sideways.get(_VAL) == "restart")
        if continued or covered:
            cell[:] = [part for part in cell if part.tag == f"{W}tcPr"]
        if downwards is not None:
            going_on.add(column)
        column += _span(_new_names(cell, f"{W}tcPr/{W}gridSpan"), 1)
    return going_on


def _span(text: str | None, otherwise: int) -> int:
    value = number(text)
    return otherwise if value is None or not 0 <= value < 100_000 else int(value)


def _is_shown(phantom: Element) -> bool:
    """Whether a formula's phantom is drawn, and not only its place kept."""
    shown = phantom.find(f"{M}phantPr/{M}show")
    return shown is None or is_on(shown.get(f"{M}val"))


def _keep_shown_headers(root: Element, *, even: bool) -> None:
    """Leave the headers and footers of first and even pages that are switched on.

    A section without one of its own has that of the section before it.
    """
    current: dict[tuple[str, str], Element] = {}
    shown: set[int] = set()
    sections = list(root.iter(f"{W}sectPr"))
    for section in sections:
        for reference in section:
            kind = reference.get(f"{W}type", "default")
            if reference.tag in _HEADERS and kind in _KINDS_OF_HEADERS:
                current[reference.tag, kind] = reference
        switch = section.find(f"{W}titlePg")
        first = switch is not None and is_on(switch.get(_VAL))
        on = {"default": True, "first": first, "even": even}
        shown |= {id(reference) for (_, kind), reference in current.items() if on[kind]}
    for section in sections:
        section[:] = [one for one in section if one.tag not in _HEADERS or id(one) in shown]


def settle_fields(root: Element) -> None:
    """Leave of fields what they show: not what they were worked out from; of those in a form, what was filled in."""
    open_fields: list[list[Element]] = []  # of each, what stands in its question
    asking: list[Element] | None = None  # the outermost one of whose result nothing has come yet
    unseen: list[Element] = []
    runs = list(root.iter(f"{W}r"))
    for run in runs:
        children = []
        for child in run:
            kind = child.get(f"{W}fldCharType") if child.tag == f"{W}fldChar" else None
            shown = _answer(child) if kind == "begin" else child
            if shown is not None:
                children.append(shown)
                if asking is not None and child.tag != f"{W}rPr":
                    asking.append(shown)
            if kind == "begin":
                open_fields.append([])
                asking = open_fields[-1] if asking is None else asking
            elif open_fields and kind in ("separate", "end"):
                field = open_fields[-1] if kind == "separate" else open_fields.pop()
                if field is asking:  # a field that never ends costs nothing of the text behind it
                    unseen += field
                    asking = None
        run[:] = children
    gone = {id(one) for one in unseen}
    for run in runs:
        run[:] = [child for child in run if id(child) not in gone]


def _answer(begin: Element) -> Element | None:
    """Return what was ticked or chosen in a field of a form, written out."""
    box, choice = begin.find(f"{W}ffData/{W}checkBox"), begin.find(f"{W}ffData/{W}ddList")
    text = Element(f"{W}t")
    if box is not None:
        switches = [box.find(f"{W}{name}") for name in ("checked", "default")]
        is_ticked = next((is_on(switch.get(_VAL)) for switch in switches if switch is not None), False)
        text.text = "☒" if is_ticked else "☐"
        return text
    if choice is not None:
        entries = [entry.get(_VAL, "") for entry in choice.findall(f"{W}listEntry")]
        chosen = [number(_new_names(choice, f"{W}{name}")) for name in ("result", "default")]
        at = next((value for value in chosen if value is not None), 0)
        text.text = entries[int(at)] if 0 <= at < len(entries) else ""
        return text
    return None
