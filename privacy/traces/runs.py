"""Figures with gaps between them: where a number may begin and end, and what is a list of amounts or days instead."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from privacy.traces.plain import JOINING

_MAX_GAP = 5  # where a text ends and the next begins, with a sign or two on both sides
_CUE_DISTANCE = 20
_MAX_FIGURES = 23  # more figures than any number has that leads to a person
_FIGURES = re.compile(rf"(?<!\d)\d{{1,{_MAX_FIGURES}}}(?!\d)")
_LISTING = frozenset(",、;\n。|+=&" + JOINING)
_SPACING = frozenset(" \t")
_OF_AMOUNTS = "%‰°"  # and signs of currencies: what they stand with is no part of a number

GAP = rf"(?:[^\w{_OF_AMOUNTS}]|[_{JOINING}]){{0,{_MAX_GAP}}}"

_YEAR, _MONTH = r"(?:19|20)\d\d", r"(?:1[0-2]|0?[1-9])"
_DAY = rf"(?:{_YEAR}[\-./])?{_MONTH}[\-./](?:3[01]|[12]\d|0?[1-9])|{_YEAR}[\-./]{_MONTH}"
_HOUR = r"(?:2[0-3]|[01]?\d):[0-5]\d(?::[0-5]\d)?"
_DATES = re.compile(rf"(?:{_DAY}|{_HOUR})(?:[\-–—―~]{{1,3}}(?:{_DAY}|{_HOUR}))?")
_DECIMAL = re.compile(r"(?:0|[1-9]\d{0,6})\.\d{1,2}|0\.\d{1,9}")
_DEGREES = re.compile(r"\d{1,3}\.\d{4,9}")
_UNIT = r"\s?(?:[元块塊万萬亿億吨噸斤米亩畝度%株棵头只]|方(?!便)|公斤|公里|千米|平方|平米|立方)"
_AMOUNT_GOES_ON = re.compile(rf"{_UNIT}|\.\d{{1,2}}(?!\d)")
_UNIT_FOLLOWS = re.compile(_UNIT)


@dataclass(frozen=True)
class _Item:
    """What stands between commas, blanks or ends of lines, and what it can be."""

    is_date: bool
    is_degrees: bool
    is_decimal: bool
    is_whole: bool
    is_round: bool
    is_small: bool

    @classmethod
    def of(cls, written: str) -> "_Item":
        whole = written.isdecimal() and (written == "0" or not written.startswith("0"))
        return cls(
            is_date=bool(_DATES.fullmatch(written)),
            is_degrees=bool(_DEGREES.fullmatch(written)),
            is_decimal=bool(_DECIMAL.fullmatch(written)),
            is_whole=whole,
            is_round=whole and written.endswith("0"),
            is_small=whole and len(written) < 3,
        )


class Run:
    """Figures with nothing but gaps between them. A number begins and ends with whole groups of figures."""

    def __init__(self, text: str, digits: str, groups: list[tuple[int, int]]) -> None:
        self.digits = digits
        self._text = text
        self._groups = groups
        self.figures = "".join(digits[start:end] for start, end in groups)
        self._gaps = [digits[end:start] for (_, end), (start, _) in pairwise(groups)]
        self._begins: dict[int, int] = {}  # groups by the number of figures before them
        self._ends: dict[int, int] = {}  # groups by the number of figures up to their end
        count = 0
        for group, (start, end) in enumerate(groups):
            self._begins[count] = group
            count += end - start
            self._ends[count] = group
        self._item_of, self._items = self._split_into_items()

    @property
    def beginnings(self) -> Iterator[int]:
        """Return before which figures a number may begin."""
        return iter(self._begins)

    @property
    def start(self) -> int:
        """Where its first figure stands in the text."""
        return self._groups[0][0]

    def span(self, begin: int, count: int) -> tuple[int, int] | None:
        """Return where so many figures from one on stand in the text; None unless whole groups do."""
        first, last = self._begins.get(begin), self._ends.get(begin + count)
        if first is None or last is None:
            return None
        return self._groups[first][0], self._groups[last][1]

    def follows(self, cue: re.Pattern[str], begin: int = 0) -> bool:
        """Whether right before a figure something stands that says what it begins."""
        start = self._groups[self._begins[begin]][0]
        return cue.search(self._text, max(0, start - _CUE_DISTANCE), start) is not None

    def is_amount(self, begin: int, count: int) -> bool:
        """Whether a currency stands before these figures, or a unit or decimals behind."""
        start, end = self._span(begin, count)
        return self.digits[max(0, start - 1) : start] in ("¥", "$", "€") or bool(
            _AMOUNT_GOES_ON.match(self.digits, end)
        )

    def stands_apart(self, begin: int, count: int, longest: int) -> bool:
        """Whether figures don't go on, before or behind, in the manner in which they themselves are grouped."""
        first, last = self._begins[begin], self._ends[begin + count]
        if first == last:
            return True
        before, behind = self._gaps[max(0, first - 1) : first], self._gaps[last : last + 1]
        if before == [self._gaps[first]]:
            return False
        return behind != [self._gaps[last - 1]] or self._goes_on(first, longest)

    def is_list(self, begin: int, count: int) -> bool:
        """Whether these figures look like several amounts or days rather than one number."""
        first, last = self._begins[begin], self._ends[begin + count]
        items = self._items_between(first, last)
        if all(item.is_date for item in items) or self._are_thousands(first, last):
            return True
        if len(items) < 2:
            return False
        if all(item.is_degrees for item in items):
            return True
        if not all(item.is_decimal or item.is_whole for item in items):
            return False
        if sum(item.is_decimal for item in items) > 1:
            return True
        listed = all(_LISTING.intersection(gap) for gap in self._gaps[first:last])
        if listed and self._ends_in_unit(last):
            return True
        # A number is grouped by blanks in three or four, seldom with a nought at the end of each.
        if all(item.is_round for item in items) and len(items) > (2 if listed else 3):
            return True
        figure_by_figure = all(end - start == 1 for start, end in self._groups[first : last + 1])
        return len(items) > 3 and all(item.is_small for item in items) and not figure_by_figure

    def are_days(self, begin: int, count: int) -> bool:
        """Whether these figures are nothing but days."""
        return all(item.is_date for item in self._items_between(self._begins[begin], self._ends[begin + count]))

    def _items_between(self, first: int, last: int) -> list[_Item]:
        return self._items[self._item_of[first] : self._item_of[last] + 1]

    def _span(self, begin: int, count: int) -> tuple[int, int]:
        return self._groups[self._begins[begin]][0], self._groups[self._ends[begin + count]][1]

    def _goes_on(self, first: int, longest: int) -> bool:
        """Whether more figures than that follow in one manner: then they are several numbers in a row."""
        gap, count = self._gaps[first], 0
        for group in range(first, len(self._groups)):
            count += self._groups[group][1] - self._groups[group][0]
            if count > longest:
                return True
            if self._gaps[group : group + 1] != [gap]:
                return False
        return False

    def _are_thousands(self, first: int, last: int) -> bool:
        lengths = [end - start for start, end in self._groups[first : last + 1]]
        return len(lengths) > 1 and set(self._gaps[first:last]) == {","} and set(lengths[1:]) == {3} and lengths[0] <= 3

    def _ends_in_unit(self, last: int) -> bool:
        """Whether a list that these figures are in ends in a unit."""
        for group in range(last, min(last + _MAX_FIGURES, len(self._groups))):
            if not _LISTING.intersection("".join(self._gaps[group : group + 1])):
                return bool(_UNIT_FOLLOWS.match(self.digits, self._groups[group][1]))
        return False

    def _split_into_items(self) -> tuple[list[int], list[_Item]]:
        """Return of which item each group is part, and the items."""
        item_of: list[int] = []
        items: list[_Item] = []
        begin = self._groups[0][0]
        for group, (_, end) in enumerate(self._groups):
            item_of.append(len(items))
            gap = self._gaps[group] if group < len(self._gaps) else "\n"
            if not (_LISTING | _SPACING).isdisjoint(gap):
                items.append(_Item.of(self.digits[begin:end]))
                begin = end + len(gap)
        return item_of, items


def runs(text: str, digits: str) -> Iterator[Run]:
    """Yield the figures of a plain text, those together between which only gaps stand."""
    groups: list[tuple[int, int]] = []
    for found in _FIGURES.finditer(digits):
        if groups and not _is_gap(digits[groups[-1][1] : found.start()]):
            yield Run(text, digits, groups)
            groups = []
        groups.append(found.span())
    if groups:
        yield Run(text, digits, groups)


def _is_gap(between: str) -> bool:
    return len(between) <= _MAX_GAP and all(map(_may_part_figures, between))


def _may_part_figures(sign: str) -> bool:
    if sign.isalnum():
        return sign in JOINING
    return sign not in _OF_AMOUNTS and unicodedata.category(sign) != "Sc"
