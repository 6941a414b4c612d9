"""Where each value of a JSON text stands, so that a message can name its line."""

import re
from bisect import bisect_right
from json import JSONDecoder

JsonPath = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_SCALARS = JSONDecoder()


class JsonLines:
    """The line, counted from 1, on which each value begins. The text must be valid JSON."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: dict[JsonPath, int] = {}
        self._line_ends = [found.start() for found in re.finditer("\n", text)]
        self._walk(self._skip(0), ())

    def line(self, path: JsonPath) -> int:
        """Return the line of a value, or of the record around it when the value itself is missing."""
        while path not in self._starts:
            path = path[:-1]
        return bisect_right(self._line_ends, self._starts[path]) + 1

    def _walk(self, at: int, path: JsonPath) -> int:
        """Note where the value at an offset and all inside it begin; return the offset after it."""
        self._starts[path] = at
        opening = self._text[at]
        if opening not in "{[":
            return _SCALARS.raw_decode(self._text, at)[1]
        at = self._skip(at + 1)
        position = 0
        while self._text[at] not in "}]":
            step: str | int = position
            if opening == "{":
                step, at = _SCALARS.raw_decode(self._text, at)
                at = self._skip(self._skip(at) + 1)  # over the colon
            at = self._skip(self._walk(at, (*path, step)))
            if self._text[at] == ",":
                at = self._skip(at + 1)
            position += 1
        return at + 1

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at
