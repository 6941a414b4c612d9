"""Takes out of a PDF the notes and fields that stand in a layer that is switched off: pdfium would draw them."""

import io
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from media.kinds import CannotClean, FileProblem

_DEEPEST: Final = 12  # of an expression of layers within expressions
_MOST_LOOKED_UP: Final = 100_000  # layers, before a file that goes on and on is given up

_Number = tuple[int, int]


def without_notes_in_hidden_layers(data: bytes) -> bytes:
    """Return a PDF without them; the same bytes when it has none.

    Raises CannotClean or pikepdf.PdfError.
    """
    if b"/OCProperties" not in data and b"/ObjStm" not in data:
        return data
    with pikepdf.open(io.BytesIO(data)) as document:
        layers = _Layers(document.Root.get(Name.OCProperties, Dictionary()))
        found = False
        for page in document.pages:
            notes = page.obj.get(Name.Annots)
            if not isinstance(notes, Array):
                continue
            shown = [note for note in _items(notes) if layers.show(note)]
            if len(shown) < len(notes):
                found = True
                page.obj.Annots = Array(shown)
        if not found:
            return data
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


class _Layers:
    """Which layers (optional content groups) are switched on when a PDF is opened to be looked at."""

    def __init__(self, properties: Any) -> None:
        shown = _entry(properties, Name.D)
        self._looked_up = 0
        self._all_off = _entry(shown, Name.BaseState) == Name.OFF
        self._on = _numbers(_entry(shown, Name.ON))
        self._off = _numbers(_entry(shown, Name.OFF))
        for rule in _items(_entry(shown, Name.AS)):
            if _entry(rule, Name.Event) == Name.View and Name.View in _items(_entry(rule, Name.Category)):
                self._follow(_items(_entry(rule, Name.OCGs)))

    def _follow(self, groups: list[Any]) -> None:
        """Switch layers as they themselves ask to be for a reader's eyes."""
        for group in groups:
            state = _entry(_entry(_entry(group, Name.Usage), Name.View), Name.ViewState)
            if state in (Name.ON, Name.OFF):
                on, off = (self._on, self._off) if state == Name.ON else (self._off, self._on)
                on.add(group.objgen)
                off.discard(group.objgen)

    def show(self, note: Any) -> bool:
        """Whether a note shows, as far as it depends on layers: its own and those of its appearance."""
        appearance = _entry(_entry(note, Name.AP), Name.N)
        return all(self._is_on(_entry(one, Name.OC)) for one in (note, appearance))

    def _is_on(self, layer: Any) -> bool:
        """Whether a layer is on, or what stands for several of them."""
        if not isinstance(layer, Dictionary):
            return True
        if _entry(layer, Name.Type) != Name.OCMD:
            return self._group_is_on(layer)
        if isinstance(expression := _entry(layer, Name.VE), Array):
            return self._holds(expression, 0)
        named = _entry(layer, Name.OCGs)
        groups = _items(named) if isinstance(named, Array) else [named]
        states = [self._group_is_on(group) for group in groups if isinstance(group, Dictionary)]
        policies = {Name.AllOn: all(states), Name.AnyOff: not all(states), Name.AllOff: not any(states)}
        return policies.get(_entry(layer, Name.P), any(states)) or not states

    def _group_is_on(self, group: Any) -> bool:
        self._looked_up += 1
        if self._looked_up > _MOST_LOOKED_UP:
            raise CannotClean(FileProblem.DAMAGED)
        return group.objgen in self._on if self._all_off else group.objgen not in self._off

    def _holds(self, expression: Any, depth: int) -> bool:
        if isinstance(expression, Dictionary):
            return self._group_is_on(expression)
        operator, *operands = _items(expression) or [None]
        if depth > _DEEPEST or not operands:
            raise CannotClean(FileProblem.DAMAGED)
        values = [self._holds(operand, depth + 1) for operand in operands]
        if operator == Name.Not:
            return not values[0]
        return any(values) if operator == Name.Or else all(values)


def _entry(of: Any, name: Name) -> Any:
    return of.get(name) if isinstance(of, (Dictionary, pikepdf.Stream)) else None


def _items(array: Any) -> list[Any]:
    return list(array) if isinstance(array, Array) else []


def _numbers(groups: Any) -> set[_Number]:
    return {group.objgen for group in _items(groups)}
