"""Formats of a table's numbers: whether a cell's value shows by them, and which are used.

A format has up to four sections: for what is above zero, below it, zero, and for words. A section without a sign for
the value shows what it says itself, or nothing, whatever the value is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final
from xml.etree.ElementTree import Element

from media.office_parts import S, number

_LENGTH: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)  # of a time, in brackets: [hh]:mm
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": float.__lt__,
    "<=": float.__le__,
    ">": float.__gt__,
    ">=": float.__ge__,
    "=": float.__eq__,
    "<>": float.__ne__,
}
_FIRST_OF_ONE_S_OWN: Final = 164  # formats with lower numbers are the program's
_WORDS: Final = frozenset({"s", "str", "inlineStr"})


@dataclass
class _Section:
    """One section of a format: what of a value it shows."""

    number: bool = False
    words: bool = False
    itself: bool = False  # says something that doesn't hang on the value
    condition: tuple[str, float] | None = None

    @property
    def shows(self) -> bool:
        return self.number or self.words


class Formats:
    """The formats of a workbook."""

    def __init__(self, styles: Element | None) -> None:
        found = () if styles is None else styles.findall(f"{S}numFmts/{S}numFmt")
        cells = () if styles is None else styles.findall(f"{S}cellXfs/{S}xf")
        codes = {form.get("numFmtId"): form.get("formatCode", "") for form in found}
        self._numbers = [cell.get("numFmtId") for cell in cells]
        self._codes = codes
        self._sections: dict[str, list[_Section]] = {}
        self._used: set[int] = set()

    def settle(self, cell: Element) -> None:
        """Take a cell's value out when its format doesn't show it."""
        index = int(number(cell.get("s")) or 0)
        form = self._numbers[index] if 0 <= index < len(self._numbers) else None
        if not len(cell) or form is None:
            return
        if form in self._codes:
            sections = self._read(self._codes[form])
            if not _keep_shown(cell, sections):
                return
        self._used.add(index)

    def _read(self, code: str) -> list[_Section]:
        if code not in self._sections:
            self._sections[code] = _sections(code)
        return self._sections[code]

    def keep(self, styles: Element) -> None:
        """Leave the formats that show a value in some cell."""
        kept = {self._numbers[index] for index in self._used}
        cells = styles.findall(f"{S}cellXfs/{S}xf")
        for index, cell in enumerate(chain(cells, styles.findall(f"{S}cellStyleXfs/{S}xf"))):
            form = cell.get("numFmtId", "0")
            is_used = index in self._used if index < len(cells) else form in kept
            if not is_used and (form in self._codes or (number(form) or 0) >= _FIRST_OF_ONE_S_OWN):
                cell.set("numFmtId", "0")
        for look in styles.findall(f"{S}dxfs/{S}dxf"):
            look[:] = [part for part in look if part.tag != f"{S}numFmt"]
        for forms in styles.findall(f"{S}numFmts"):
            forms[:] = [form for form in forms if form.get("numFmtId") in kept]
            if not len(forms):
                styles.remove(forms)


def shows_nothing(code: str) -> bool:
    """Whether a format shows nothing at all, whatever the value."""
    sections = _sections(code)
    return len(sections) > 2 and not any(section.shows or section.itself for section in sections)


def _keep_shown(cell: Element, sections: list[_Section]) -> bool:
    """Leave of a cell's value what its format shows; return whether anything hangs on the format."""
    kind = cell.get("t", "n")
    value = number(cell.findtext(f"{S}v"))
    words = _of_words(sections)
    if kind in _WORDS:
        if words is None or words.shows:
            return True
        _put_words(cell, "-" if words.itself else None)
        return words.itself
    if kind in ("b", "e") or value is None:
        if words is not None and not any(section.shows or section.itself for section in sections):
            _put_words(cell, None)
            return False
        return True
    section = _of_number(sections, value)
    if section is None or section.shows:
        return True
    if not section.itself:
        _put_words(cell, None)
        return False
    # Any other number that falls into the same section is shown alike; this one is nobody's.
    bounds = [one.condition[1] for one in sections if one.condition]
    others = (0.0, 1.0, -1.0, *bounds, *(bound + 1 for bound in bounds), *(bound - 1 for bound in bounds))
    other = next((one for one in others if _of_number(sections, one) is section), value)
    _put_words(cell, None)
    cell.append(_element("v", f"{other:.15g}"))
    return True


def _put_words(cell: Element, words: str | None) -> None:
    """Put other words in place of a cell's value; None: nothing."""
    cell[:] = []
    cell.attrib.pop("t", None)
    if words is not None:
        cell.set("t", "inlineStr")
        inner = Element(f"{S}is")
        inner.append(_element("t", words))
        cell.append(inner)


def _element(name: str, text: str) -> Element:
    element = Element(f"{S}{name}")
    element.text = text
    return element


def _of_words(sections: list[_Section]) -> _Section | None:
    """Return the section for words; None when a format has none, and shows them as they are."""
    if len(sections) >= 4:
        return sections[3]
    return sections[-1] if sections[-1].words else None


def _of_number(sections: list[_Section], value: float) -> _Section | None:
    """Return the section by which a number is shown; None when a format shows it as it is."""
    of_numbers = [section for section in sections[:3] if not section.words]
    if not of_numbers:
        return None
    count = len(of_numbers)
    for at, section in enumerate(of_numbers):
        if section.condition is not None:
            operator, bound = section.condition
            if _OPERATORS[operator](value, bound):
                return section
        elif at == count - 1 or (at == 0 and (value > 0 or (value == 0 and count == 2))) or (at == 1 and value < 0):
            return section
    return of_numbers[-1]


def _sections(code: str) -> list[_Section]:
    sections = [_Section()]
    at = 0
    while at < len(code):
        sign, following = code[at], code[at + 1 : at + 2]
        section = sections[-1]
        at += 1
        if sign == ";":
            sections.append(_Section())
        elif sign == '"':
            end = code.find('"', at)
            end = len(code) if end < 0 else end
            section.itself = section.itself or bool(code[at:end].strip())
            at = end + 1
        elif sign in "\\!*_":
            section.itself = section.itself or (sign != "_" and bool(following.strip()))
            at += 1
        elif sign == "[":
            end = code.find("]", at)
            end = len(code) if end < 0 else end
            _read_brackets(section, code[at:end])
            at = end + 1
        elif sign == "@":
            section.words = True
        elif sign in "0123456789#?" or (sign.isascii() and sign.isalpha()):
            section.number = True
        elif not sign.isspace():
            section.itself = True
    return sections


def _read_brackets(section: _Section, content: str) -> None:
    if _LENGTH.fullmatch(content):
        section.number = True
    elif condition := _CONDITION.fullmatch(content.strip()):
        section.condition = (condition.group(1), float(condition.group(2)))
    elif content.startswith("$"):  # a currency's sign, and where it is used
        section.itself = section.itself or bool(content[1:].partition("-")[0].strip())
