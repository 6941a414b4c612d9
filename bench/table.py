"""What a part of the bench returns, and how it is printed."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("what", "measured", "goal", "met")


@dataclass(frozen=True)
class Row:
    """One line of the table. Without a goal `met` is None: the line only informs."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None


def at_most(what: str, value: float, limit: float, *, unit: str = "", note: str = "") -> Row:
    """Return the row of a figure that must not exceed its goal."""
    return Row(what, _measured(value, unit, note), f"≤ {limit:g}{unit}", value <= limit)


def at_least(what: str, value: float, limit: float, *, unit: str = "", note: str = "") -> Row:
    """Return the row of a figure that must reach its goal."""
    return Row(what, _measured(value, unit, note), f"≥ {limit:g}{unit}", value >= limit)


def render(rows: Iterable[Row]) -> str:
    """Return the table as Markdown, its columns aligned."""
    lines = [HEADINGS, *((row.what, row.measured, row.goal, _VERDICTS[row.met]) for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADINGS))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(line, widths) for line in (lines[0], rule, *lines[1:]))


_VERDICTS = {True: "yes", False: "no", None: ""}


def _measured(value: float, unit: str, note: str) -> str:
    figure = f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return f"{figure}{unit} ({note})" if note else f"{figure}{unit}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    """Return the columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
