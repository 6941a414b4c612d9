"""What a plain document says: a title, lines below it, sections of text, and a line at the foot of each page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Section(NamedTuple):
    """A heading and the text below it."""

    heading: str
    text: str


@dataclass(frozen=True)
class Document:
    """What a document says. `foot` stands on each page, before its number."""

    title: str
    lines: Sequence[str]
    sections: Sequence[Section]
    foot: str

    @property
    def text(self) -> str:
        """All of it as plain text, for a terminal or a line printer."""
        parts = [self.title, *self.lines, *(f"\n{heading}\n{text}" for heading, text in self.sections), self.foot]
        return "\n".join(parts)
