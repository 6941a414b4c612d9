"""What a chart says: bars of n/N against a line."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Measured:
    """So many of so many; what is below the line is red, which whoever measured says."""

    part: int
    whole: int
    is_below: bool

    @property
    def rate(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class ChartRow:
    """What is measured of one round or unit, bars in the order of the legend; `note` stands at its right.

    `target` is its line, as a share of the whole.
    """

    label: str
    bars: tuple[Measured, ...]
    target: float
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """What a chart says; `target_label` is what the lines of its rows are called."""

    title: str
    subtitle: str
    legend: tuple[str, ...]
    rows: tuple[ChartRow, ...]
    target_label: str
    foot: str
    nothing: str  # said instead of a bar where there is nothing to measure


class Shape(Enum):
    """For what a chart is drawn: its width, the size of its text, and the height, where that is given."""

    PHONE = (1080, 40, None)
    SCREEN = (1920, 29, 1080)  # 16:9
