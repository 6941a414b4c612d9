"""Conditional formats of a sheet: which values they hide.

What a condition says is worked out where it can be told by the value alone. Where it cannot, and the value might be
hidden, the value goes, and that it went is told. Conditions that colour by numbers alone are kept; formulas are not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from media.kinds import CannotClean, FileProblem
from media.office_cells import CELL, Area, area_of, column_of
from media.office_looks import Looks
from media.office_parts import S, is_on, number

_MOST_AREAS: Final = 4_000  # in which values may be hidden
_SAME: Final = 1e-9
_WITHOUT_FORMULA: Final = (
    *("colorScale", "dataBar", "iconSet", "top10", "aboveAverage", "duplicateValues", "uniqueValues"),
)
_BOUNDS: Final = ("num", "percent", "percentile")
_ERRORS: Final = {"containsErrors": True, "notContainsErrors": False}
_BLANKS: Final = {"containsBlanks": True, "notContainsBlanks": False}
_COMPARED: Final[dict[str, Callable[[float, float], bool]]] = {
    "lessThan": lambda value, bound: value < bound,
    "lessThanOrEqual": lambda value, bound: value <= bound,
    "equal": lambda value, bound: abs(value - bound) < _SAME,
    "notEqual": lambda value, bound: abs(value - bound) >= _SAME,
    "greaterThanOrEqual": lambda value, bound: value >= bound,
    "greaterThan": lambda value, bound: value > bound,
}
_OPERATORS: Final = {
    "<": "lessThan",
    "<=": "lessThanOrEqual",
    "=": "equal",
    "<>": "notEqual",
    ">=": "greaterThanOrEqual",
    ">": "greaterThan",
}
_CONSTANTS: Final = {"TRUE": True, "1": True, "TRUE()": True, "FALSE": False, "0": False, "FALSE()": False}
_OF_ITSELF: Final = re.compile(r"([^<>=()]+)(<=|>=|<>|<|>|=)([^<>=()]+)")
_IS: Final = re.compile(r"(ISERROR|ISBLANK)\(([^()]+)\)", re.IGNORECASE)
_WORDS: Final = frozenset({"s", "str", "inlineStr"})


@dataclass
class _Rule:
    """A condition by which values may be hidden."""

    element: Element
    look: Element | None  # None: it hides whatever it is of, with or without a condition
    areas: list[Area] = field(default_factory=list)


@dataclass(frozen=True)
class _Places:
    """The cell for which a condition is written, and the one that it is asked about: row and column of each."""

    first: tuple[int, int]
    asked: tuple[int, int]


class Conditions:
    """The conditional formats of one sheet."""

    def __init__(self, root: Element, looks: Looks) -> None:
        self._looks = looks
        self.have_colours = False  # or tables have: something may be coloured by what is left behind
        self.are_certain = True
        self._rules: list[_Rule] = []
        self._colouring: list[Element] = []
        for element in root.iter():
            local = element.tag.rpartition("}")[2]
            if local == "conditionalFormatting":
                self._read(element)
            elif local in ("tablePart", "picture"):
                self.have_colours = True
        if sum(len(rule.areas) for rule in self._rules) > _MOST_AREAS:
            raise CannotClean(FileProblem.TOO_BIG)

    def _read(self, element: Element) -> None:
        inner = next((one.text for one in element if one.tag.endswith("}sqref")), None)
        areas = [area for text in (element.get("sqref") or inner or "").split() if (area := area_of(text)) is not None]
        for rule in element:
            if not rule.tag.endswith("}cfRule"):
                continue
            if not all(is_on(one.get("showValue")) for one in rule):
                self._rules.append(_Rule(rule, None, areas))
                continue
            named = self._looks.conditional(rule.get("dxfId"))
            look = next((one for one in rule if one.tag.endswith("}dxf")), None) if named is None else named
            self.have_colours = self.have_colours or look is None or look.find(f"{S}fill") is not None
            if look is None or not self._looks.may_hide(look):
                self._colouring += [rule] if _is_of_numbers(rule) else []
            else:
                self._rules.append(_Rule(rule, look, areas))

    def keep_colouring(self, root: Element) -> None:
        """Leave of a sheet the conditions that colour by numbers alone."""
        kept = set(self._colouring)
        for element in root.iter(f"{S}conditionalFormatting"):
            element[:] = [rule for rule in element if rule in kept]

    def hide(self, cell: Element, row: int, column: int) -> bool:
        """Whether a condition hides a cell's value, or may hide it."""
        if not len(cell):
            return False
        for rule in self._rules:
            area = next((area for area in rule.areas if area.has(row, column)), None)
            if area is None:
                continue
            if rule.look is None:
                self.are_certain = False  # its bar or sign shows, and is left behind
                return True
            if not self._looks.hide_by(rule.look, cell):
                continue
            begin = rule.areas[0]
            holds = _holds(rule.element, cell, _Places((begin.top, begin.left), (row, column)))
            if holds is None:
                self.are_certain = False
            if holds is not False:
                return True
        return False


def _is_of_numbers(rule: Element) -> bool:
    """Whether a condition names nothing but numbers."""
    if rule.get("type") == "cellIs":
        formulas = rule.findall(f"{S}formula")
        return bool(formulas) and all(number(formula.text) is not None for formula in formulas)
    if rule.get("type") not in _WITHOUT_FORMULA or rule.find(f"{S}formula") is not None:
        return False
    bounds = [bound for scale in rule for bound in scale if bound.tag == f"{S}cfvo"]
    return all(
        bound.get("type") in ("min", "max") or (bound.get("type") in _BOUNDS and number(bound.get("val")) is not None)
        for bound in bounds
    )


def _holds(rule: Element, cell: Element, places: _Places) -> bool | None:
    """Whether a condition holds for a value; None when its value alone doesn't tell."""
    kind = rule.get("type", "")
    formulas = ["".join(one.itertext()).strip() for one in rule if one.tag.rpartition("}")[2] in ("formula", "f")]
    if kind in _ERRORS:
        return (cell.get("t") == "e") is _ERRORS[kind]
    if kind in _BLANKS:
        return not _BLANKS[kind]  # what is blank hides nothing
    if kind == "cellIs":
        return _compares(rule.get("operator", ""), cell, formulas)
    return _formula_holds(formulas[0], cell, places) if kind == "expression" and len(formulas) == 1 else None


def _compares(operator: str, cell: Element, formulas: list[str]) -> bool | None:
    bounds = [number(formula) for formula in formulas]
    if any(bound is None for bound in bounds) or not bounds:
        return None
    if operator in ("between", "notBetween") and len(bounds) == 2:
        low, high = sorted(bound for bound in bounds if bound is not None)
        within = [
            _compare(name, cell, bound) for name, bound in (("greaterThanOrEqual", low), ("lessThanOrEqual", high))
        ]
        return None if None in within else all(within) is (operator == "between")
    return _compare(operator, cell, bounds[0]) if len(bounds) == 1 else None


def _compare(operator: str, cell: Element, bound: float | None) -> bool | None:
    if operator not in _COMPARED or bound is None:
        return None
    if cell.get("t") in _WORDS:  # words come after all numbers
        return operator in ("notEqual", "greaterThan", "greaterThanOrEqual")
    value = number(cell.findtext(f"{S}v")) if cell.get("t", "n") == "n" else None
    return None if value is None else _COMPARED[operator](value, bound)


def _formula_holds(formula: str, cell: Element, places: _Places) -> bool | None:
    """Whether a formula holds that names nothing but the cell itself; None for any other."""
    formula = formula.removeprefix("=").strip()
    if formula.upper() in _CONSTANTS:
        return _CONSTANTS[formula.upper()]
    if (asked := _IS.fullmatch(formula)) is not None and _is_itself(asked.group(2), places):
        return cell.get("t") == "e" if asked.group(1).upper() == "ISERROR" else False
    if (compared := _OF_ITSELF.fullmatch(formula)) is not None and _is_itself(compared.group(1), places):
        if compared.group(3).strip() == '""':
            return {"=": False, "<>": True}.get(compared.group(2))
        return _compare(_OPERATORS[compared.group(2)], cell, number(compared.group(3)))
    return None


def _is_itself(place: str, places: _Places) -> bool:
    """Whether a place in a formula is the cell that is asked about; written for the first one, it moves along."""
    found = CELL.fullmatch(place)
    if found is None:
        return False
    (first_row, first_column), (row, column) = places.first, places.asked
    named = (
        int(found["row"]) + (0 if found["fixed_row"] else row - first_row),
        column_of(found["column"]) + (0 if found["fixed_column"] else column - first_column),
    )
    return named == (row, column)
