"""The part of a picture that is seen."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Box:
    """A part of a picture: its edges as shares of the whole, from the left and the top."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is seen."""
        return self.left >= self.right or self.top >= self.bottom

    def without(self, left: float, top: float, right: float, bottom: float) -> "Box":
        """Return the part that is left when shares of this one are cut off at its sides."""
        width, height = self.right - self.left, self.bottom - self.top
        return Box(
            self.left + width * left,
            self.top + height * top,
            self.right - width * right,
            self.bottom - height * bottom,
        )

    def within(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the edges in pixels of a picture of that size, one pixel apart at least."""
        left, top = min(round(self.left * width), width - 1), min(round(self.top * height), height - 1)
        right, bottom = max(round(self.right * width), left + 1), max(round(self.bottom * height), top + 1)
        return left, top, min(right, width), min(bottom, height)


WHOLE: Final = Box()
