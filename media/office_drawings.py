"""Drawings in a text or a table: hidden ones dropped, and of pictures only what is seen kept."""

from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from media.box import WHOLE, Box
from media.office_parts import PIC, WP, XDR, A, R, V, is_on, number

_MARKED: Final = ("cNvPr", "docPr")
_FRAMES: Final = (f"{WP}inline", f"{WP}anchor", f"{XDR}oneCellAnchor", f"{XDR}absoluteAnchor")
_PICTURES: Final = (f"{PIC}pic", f"{XDR}pic")
_LEAST_SIDE: Final = 4_000  # of a picture, in English metric units: less than half a dot
_LONGEST_PAGE: Final = 20_116_800  # of Word's, 22 inches, in English metric units
_SIDES: Final = ("l", "t", "r", "b")
_VML_SIDES: Final = ("cropleft", "croptop", "cropright", "cropbottom")


def drop_hidden(root: Element, shows: Callable[[Element], bool]) -> None:
    """Drop the drawings that don't show. `shows`: whether the place shows where one hangs."""
    for parent in root.iter():
        parent[:] = [child for child in parent if not _is_hidden(child) and shows(child)]


def _is_hidden(element: Element) -> bool:
    if is_on(element.get("hidden"), without=False):
        return True
    local = element.tag.rpartition("}")[2]
    if local not in _MARKED and any(is_on(mark.get("hidden"), without=False) for mark in _marks_of(element)):
        return True
    if element.tag.startswith(V):
        return _is_hidden_shape(element)
    if element.tag == f"{WP}anchor" and _is_off_the_page(element):
        return True
    if element.tag in _FRAMES and any(inner.tag in _PICTURES for inner in element.iter()):
        size = element.find(f"{WP}extent") if element.tag.startswith(WP) else element.find(f"{XDR}ext")
        sides = [] if size is None else [number(size.get(side)) for side in ("cx", "cy")]
        return any(side is not None and side < _LEAST_SIDE for side in sides)
    return False


def _is_off_the_page(anchor: Element) -> bool:
    """Whether a drawing is placed where no page reaches."""
    size = anchor.find(f"{WP}extent")
    for side, along in (("H", "cx"), ("V", "cy")):
        place = anchor.find(f"{WP}position{side}")
        begin = None if place is None else number(place.findtext(f"{WP}posOffset"))
        length = 0.0 if size is None else number(size.get(along)) or 0.0
        if place is not None and begin is not None:
            first = 0.0 if place.get("relativeFrom") == "page" else -_LONGEST_PAGE
            if begin >= _LONGEST_PAGE or begin + length <= first:
                return True
    return False


def _marks_of(element: Element) -> Iterator[Element]:
    """Give what names a drawing: within it, or within what tells of it."""
    for child in element:
        local = child.tag.rpartition("}")[2]
        if local in _MARKED:
            yield child
        elif local.startswith("nv"):
            yield from (inner for inner in child if inner.tag.rpartition("}")[2] in _MARKED)


def _is_hidden_shape(shape: Element) -> bool:
    for part in shape.get("style", "").split(";"):
        name, _, value = (word.strip().lower() for word in part.partition(":"))
        if (name, value) in (("visibility", "hidden"), ("display", "none")):
            return True
        if name in ("width", "height") and shape.find(f"{V}imagedata") is not None:
            side = number(value.rstrip("abcdefghijklmnopqrstuvwxyz%"))
            if side is not None and side <= 0:
                return True
    return False


def cut_pictures(root: Element) -> dict[str, tuple[str, Box]]:
    """Take the cutting of pictures out of a part, for the pictures themselves to be cut.

    Each use of a picture that is cut gets a reference of its own; return of these the old one, and what is seen.
    """
    cut: dict[str, tuple[str, Box]] = {}
    for element in root.iter():
        if element.tag == f"{V}imagedata":
            referring, seen = element, _seen_of_image_data(element)
        elif (blip := element.find(f"{A}blip")) is not None:
            referring, seen = blip, _seen_of_fill(element)
        else:
            continue
        for name, link in referring.attrib.items():
            if name.startswith(R) and seen != WHOLE:
                new = f"{link} {seen.left:.5f} {seen.top:.5f} {seen.right:.5f} {seen.bottom:.5f}"
                cut[new] = (link, seen)
                referring.set(name, new)
    return cut


def _seen_of_fill(fill: Element) -> Box:
    """Return what is seen of a picture that fills a shape: what is cut off goes, and what would stand out beyond it."""
    seen = WHOLE
    source = fill.find(f"{A}srcRect")
    if source is not None:
        seen = seen.without(*(max(0.0, _share(source.get(side))) for side in _SIDES))
        _keep_margins(source, keep_inner=False)
    target = fill.find(f"{A}stretch/{A}fillRect")
    if target is not None:
        left, top, right, bottom = (_share(target.get(side)) for side in _SIDES)
        width, height = 1 - left - right, 1 - top - bottom
        if width > 0 and height > 0:
            beyond = (max(0.0, -left) / width, max(0.0, -top) / height)
            seen = seen.without(*beyond, max(0.0, -right) / width, max(0.0, -bottom) / height)
            _keep_margins(target, keep_inner=True)
    return seen


def _keep_margins(edges: Element, *, keep_inner: bool) -> None:
    """Leave of a picture's edges those that cut nothing off."""
    for side in _SIDES:
        if side in edges.attrib and (_share(edges.get(side)) > 0) is not keep_inner:
            del edges.attrib[side]


def _seen_of_image_data(image: Element) -> Box:
    cut = []
    for side in _VML_SIDES:
        share = _vml_share(image.get(side))
        cut.append(max(0.0, share))
        if share > 0:
            del image.attrib[side]
    return WHOLE.without(*cut)


def _share(text: str | None) -> float:
    """Read a share in thousandths of a hundredth, or in hundredths with their sign."""
    if text is not None and text.strip().endswith("%"):
        return (number(text.strip()[:-1]) or 0.0) / 100
    return (number(text) or 0.0) / 100_000


def _vml_share(text: str | None) -> float:
    if text is not None and text.strip().endswith("f"):
        return (number(text.strip()[:-1]) or 0.0) / 65_536
    if text is not None and text.strip().endswith("%"):
        return (number(text.strip()[:-1]) or 0.0) / 100
    return number(text) or 0.0
