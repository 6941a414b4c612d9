"""Looks of a table's cells: whether letters are of the colour that they stand on, or too small to be seen."""

from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element

from media.office_colours import is_white
from media.office_formats import shows_nothing
from media.office_parts import S, number

_LEAST_SIZE: Final = 1.5  # points, of letters
_WHITE: Final = "FFFFFF"
_BLACK: Final = "000000"
_OF_A_THEME: Final = {0: _WHITE, 1: _BLACK}  # paper and ink; other colours of a theme stay as they are named
_INDEXED: Final = {0: _BLACK, 1: _WHITE, 8: _BLACK, 9: _WHITE, 64: _BLACK, 65: _WHITE}


@dataclass(frozen=True)
class _Look:
    """How the cells of one style look."""

    ink: str | None = _BLACK  # the colour of letters; None when it is not known
    behind: str | None = _WHITE  # the colour that they stand on; None when it is not one colour, or not known
    is_bare: bool = True  # without a colour of their own behind their letters
    is_tiny: bool = False  # their letters are too small to be seen

    @property
    def is_hidden(self) -> bool:
        """Whether letters are of the colour that they stand on, as far as both are known."""
        return self.ink is not None and self.ink == self.behind

    @classmethod
    def of(cls, font: Element | None, fill: Element | None) -> "_Look":
        size = None if font is None else number(_value(font, "sz"))
        return cls(_ink(font), _behind(fill), _is_bare(fill), size is not None and size < _LEAST_SIZE)


_PLAIN: Final = _Look()


class Looks:
    """The fonts and fills of a workbook's cells, and the looks that its conditions give them."""

    def __init__(self, styles: Element | None) -> None:
        def listed(path: str) -> list[Element]:
            return [] if styles is None else styles.findall(path)

        fonts, fills = listed(f"{S}fonts/{S}font"), listed(f"{S}fills/{S}fill")
        self._cells = [
            _Look.of(_at(fonts, form.get("fontId")), _at(fills, form.get("fillId")))
            for form in listed(f"{S}cellXfs/{S}xf")
        ]
        self._looks = {*self._cells, _PLAIN}
        self._conditional = listed(f"{S}dxfs/{S}dxf")

    def hides(self, cell: Element, *, over_colours: bool) -> bool:
        """Whether nobody sees a cell's letters. `over_colours`: something may colour the cell behind white ones."""
        own = self._of(cell)
        return own.is_tiny or (own.is_hidden and not (over_colours and own.is_bare))

    def may_hide(self, look: Element) -> bool:
        """Whether there is a cell whose letters nobody sees once a condition gives it this look."""
        changed = _in_look(look)
        return _shows_nothing(look) or (
            any(colour is not None for colour in changed)
            and any(_changed(own, *changed).is_hidden for own in self._looks)
        )

    def hide_by(self, look: Element, cell: Element) -> bool:
        """Whether nobody sees a cell's letters once a condition gives it this look."""
        if _shows_nothing(look):
            return True
        return _changed(self._of(cell), *_in_look(look)).is_hidden

    def conditional(self, number_of_look: str | None) -> Element | None:
        """Return the look that a condition names; None when there is none."""
        return _at(self._conditional, number_of_look)

    def _of(self, cell: Element) -> _Look:
        at = int(number(cell.get("s")) or 0)
        return self._cells[at] if 0 <= at < len(self._cells) else _PLAIN


def _at(listed: list[Element], place: str | None) -> Element | None:
    at = number(place)
    return listed[int(at)] if at is not None and 0 <= at < len(listed) else None


def _value(of: Element, name: str) -> str | None:
    found = of.find(f"{S}{name}")
    return None if found is None else found.get("val")


def _is_bare(fill: Element | None) -> bool:
    """Whether a cell has no colour of its own behind its letters."""
    if fill is None or not len(fill):
        return True
    pattern = fill.find(f"{S}patternFill")
    return pattern is not None and pattern.get("patternType", "none") == "none"


def _behind(fill: Element | None) -> str | None:
    """Return the colour of a cell; None when it is not one colour, or not known."""
    if _is_bare(fill):
        return _WHITE
    pattern = None if fill is None else fill.find(f"{S}patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return None
    return _colour(pattern.find(f"{S}fgColor"))


def _ink(font: Element | None) -> str | None:
    """Return the colour of letters."""
    colour = None if font is None else font.find(f"{S}color")
    return _BLACK if colour is None or colour.get("auto") else _colour(colour)


def _in_look(look: Element) -> tuple[str | None, str | None]:
    """Return the colours that a look gives to letters and behind them; None for one that it leaves."""
    return _colour(look.find(f"{S}font/{S}color")), _colour(look.find(f"{S}fill/{S}patternFill/{S}bgColor"))


def _changed(own: _Look, ink: str | None, behind: str | None) -> _Look:
    """Return a look in other colours; None leaves one as it is."""
    return replace(own, ink=own.ink if ink is None else ink, behind=own.behind if behind is None else behind)


def _shows_nothing(look: Element) -> bool:
    form = look.find(f"{S}numFmt")
    return form is not None and shows_nothing(form.get("formatCode", ""))


def _colour(element: Element | None) -> str | None:
    """Return a colour in a form in which it can be compared; None when it is not said."""
    if element is None:
        return None
    if element.get("rgb"):
        colour = element.get("rgb", "")[-6:].upper()
    elif (theme := number(element.get("theme"))) is not None:
        colour = _OF_A_THEME.get(int(theme), f"theme {theme}")
    elif (index := number(element.get("indexed"))) is not None:
        colour = _INDEXED.get(int(index), f"indexed {index}")
    else:
        return None
    tint = number(element.get("tint")) or 0.0
    if abs(tint) > 0.01 and not (colour == _WHITE and tint > 0):
        return f"{colour} {tint:.2f}"
    return _WHITE if is_white(colour) else colour
