"""A regular expression carried out one step at a time, as the engine does it, so that its work can be counted."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

_parser = import_module("re._parser")
_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
_AT = {"AT_BEGINNING": r"\A", "AT_END": "$", "AT_END_STRING": r"\Z", "AT_BOUNDARY": r"\b", "AT_NON_BOUNDARY": r"\B"}
_Then = Callable[[int], int | None]


def longest(pattern: re.Pattern[str]) -> float:
    """Return how many signs a pattern matches at most."""
    most = _parsed(pattern).getwidth()[1]
    return float("inf") if most >= _parser.MAXREPEAT else float(most)


def signs_of(pattern: re.Pattern[str]) -> list[str]:
    """Return the signs that a pattern names, one for each range and each class."""
    return sorted(set(_named(_parsed(pattern))))


def matched(pattern: re.Pattern[str], text: str) -> tuple[list[tuple[int, int]], int]:
    """Return where a pattern matches in a text, and in how many steps."""
    machine = _Machine(text, ignore_case=bool(pattern.flags & re.IGNORECASE))
    parsed, spans, start = list(_parsed(pattern)), [], 0
    while start <= len(text):
        end = machine.run(parsed, 0, start, lambda reached: reached)
        if end is not None:
            spans.append((start, end))
        start = max(end or 0, start + 1)
    return spans, machine.steps


def _parsed(pattern: re.Pattern[str]) -> Any:
    return _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)


def _named(tree: Any) -> Iterator[str]:
    for op, arg in tree:
        match str(op):
            case "LITERAL" | "NOT_LITERAL":
                yield chr(arg)
            case "RANGE":
                yield chr(arg[0])
            case "CATEGORY":
                yield "1 a"[("DIGIT", "SPACE", "WORD").index(str(arg).rsplit("_", 1)[-1])]
            case "IN":
                yield from _named(item for item in arg if str(item[0]) != "NEGATE")
            case "BRANCH":
                for way in arg[1]:
                    yield from _named(way)
            case "SUBPATTERN" | "MAX_REPEAT" | "MIN_REPEAT" | "ASSERT" | "ASSERT_NOT":
                yield from _named(arg[-1])
            case _:
                pass


class _Machine:
    def __init__(self, text: str, *, ignore_case: bool) -> None:
        self.steps = 0
        self._text = text
        self._fold: Callable[[str], str] = str.lower if ignore_case else str

    def run(self, tree: Any, node: int, place: int, then: _Then) -> int | None:
        """Return where a match ends that goes on from here; None when none does."""
        if node == len(tree):
            return then(place)
        self.steps += 1
        op, arg = tree[node]

        def go_on(reached: int) -> int | None:
            return self.run(tree, node + 1, reached, then)

        match str(op):
            case "BRANCH":
                ways = (self.run(list(way), 0, place, go_on) for way in arg[1])
                return next((end for end in ways if end is not None), None)
            case "SUBPATTERN":
                return self.run(list(arg[-1]), 0, place, go_on)
            case "MAX_REPEAT" | "MIN_REPEAT":
                fewest, most, repeated = arg
                greedy = str(op) == "MAX_REPEAT"
                return self._repeat(list(repeated), fewest, most, place, go_on, greedy=greedy)
            case "ASSERT" | "ASSERT_NOT":
                return go_on(place) if self._looks(arg, place) == (str(op) == "ASSERT") else None
            case "AT":
                return go_on(place) if re.compile(_AT[str(arg)]).match(self._text, place) else None
            case _:
                fits = place < len(self._text) and self._fits(str(op), arg, self._text[place])
                return go_on(place + 1) if fits else None

    def _repeat(self, tree: Any, fewest: int, most: int, place: int, then: _Then, *, greedy: bool) -> int | None:
        def once_more(reached: int) -> int | None:
            if reached == place and fewest <= 0:
                return None
            return self._repeat(tree, fewest - 1, most - 1, reached, then, greedy=greedy)

        if fewest > 0:
            return self.run(tree, 0, place, once_more)
        ways: list[Callable[[], int | None]] = [lambda: then(place)]
        if most > 0:
            ways.insert(0 if greedy else 1, lambda: self.run(tree, 0, place, once_more))
        return next((end for end in (way() for way in ways) if end is not None), None)

    def _looks(self, arg: Any, place: int) -> bool:
        direction, tree = arg
        if direction > 0:
            return self.run(list(tree), 0, place, lambda reached: reached) is not None
        start = place - tree.getwidth()[0]
        return start >= 0 and self.run(list(tree), 0, start, lambda reached: reached) is not None

    def _fits(self, op: str, arg: Any, sign: str) -> bool:
        match op:
            case "ANY":
                return sign != "\n"
            case "LITERAL":
                return self._fold(chr(arg)) == self._fold(sign)
            case "NOT_LITERAL":
                return self._fold(chr(arg)) != self._fold(sign)
            case "RANGE":
                return any(arg[0] <= ord(form) <= arg[1] for form in (sign, self._fold(sign)))
            case "CATEGORY":
                return re.match(_CATEGORIES[str(arg)], sign) is not None
            case "IN":
                negated = str(arg[0][0]) == "NEGATE"
                return negated != any(self._fits(str(item), value, sign) for item, value in arg[negated:])
        raise AssertionError(op)
