"""Typesetting of Chinese: which characters there are, where a line may break, how large a text can be."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from qr import fonts

MM_PER_POINT = 25.4 / 72  # millimetres
_SIZE_STEP = 0.5  # points between two sizes that are tried

_CHINESE = r"[\u2e80-\u2fdf\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HALF_WIDTH_MARKS = ",:;!?()"
_FULL_WIDTH = {ord(mark): ord(mark) + 0xFEE0 for mark in _HALF_WIDTH_MARKS}
_MARK_IN_CHINESE = re.compile(
    rf"(?<={_CHINESE})[”’》」』】]*[{re.escape(_HALF_WIDTH_MARKS)}]+"
    rf"|[{re.escape(_HALF_WIDTH_MARKS)}]+[“‘《「『【]*(?={_CHINESE})"
)

# What can't be torn apart: a word or number in Latin script, or one Chinese character, with the opening marks
# before it and the closing marks after it; no line may end with the former or begin with the latter.
_OPENING = "“‘《〈「『【〔\uff08"
_CLOSING = "”’》〉」』】〕、。·…—%℃\uff09\uff0c\uff1a\uff1b\uff01\uff1f"
_UNBREAKABLE = re.compile(rf" +|[{_OPENING}]*(?:[!-~\u00a1-\u024f]+|[^ ])[{_CLOSING}]*")


class MissingGlyph(ValueError):
    """Names the character that the fonts can't draw."""

    def __init__(self, character: str, text: str) -> None:
        super().__init__(
            f"the fonts have no glyph for “{character}” (U+{ord(character):04X}) in “{text}”; "
            "write it with another character"
        )
        self.character, self.text = character, text


class TextTooLong(ValueError):
    """Says which text does not fit its place even at the smallest size that can still be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"this text is too long for its place; shorten it: “{text}”")
        self.text = text


@dataclass(frozen=True)
class FittedText:
    """A text broken into lines, and its size in points."""

    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True)
class TextLayout:
    """A way to lay out a text: at most so many lines, at a size in points between two."""

    lines: int
    largest: float
    smallest: float


@dataclass(frozen=True)
class TextBox:
    """A place for a text: its width in millimetres, and the layouts to try, the preferred one first."""

    width: float
    settings: tuple[TextLayout, ...]


def full_width_marks(text: str) -> str:
    """Sets punctuation between Chinese characters in full width, however it was typed; 8:00-12:00 stays."""
    return _MARK_IN_CHINESE.sub(lambda marks: marks[0].translate(_FULL_WIDTH), text)


def em_width(text: str, font: Path) -> float:
    """Measures a text in em. Raises MissingGlyph."""
    advances = fonts.advances(font)
    try:
        return sum(advances[character] for character in text)
    except KeyError as missing:
        raise MissingGlyph(missing.args[0], text) from None


@lru_cache(maxsize=1024)  # in a round's file most texts stand on every page
def fit(text: str, font: Path, box: TextBox) -> FittedText:
    """Sets a text as large as its box allows. Raises TextTooLong and MissingGlyph."""
    em_width(text.replace("\n", ""), font)  # a missing glyph is told together with the whole text
    for setting in box.settings:
        size = setting.largest
        while size >= setting.smallest:
            width = box.width / (size * MM_PER_POINT)
            lines = break_lines(text, font, width)
            if len(lines) <= setting.lines:
                return FittedText(_balanced(lines, text, font, width), size)
            size -= _SIZE_STEP
    raise TextTooLong(text)


def break_lines(text: str, font: Path, width: float) -> tuple[str, ...]:
    """Breaks a text into lines of at most `width` em; a line feed always ends a line."""
    return tuple(line for paragraph in text.split("\n") for line in _break_paragraph(paragraph, font, width))


def _break_paragraph(text: str, font: Path, width: float) -> list[str]:
    lines, taken = [""], 0.0
    pieces = [piece for whole in _UNBREAKABLE.findall(text) for piece in _split_if_wider(whole, font, width)]
    for piece in pieces:
        advance = em_width(piece, font)
        if taken + em_width(piece.rstrip(), font) > width:
            lines.append("")
            taken = 0.0
        lines[-1] += piece
        taken += advance
    return [line.strip() for line in lines if line.strip()]


def _split_if_wider(piece: str, font: Path, width: float) -> list[str]:
    """Returns a piece as it is, or its characters when it is wider than a whole line."""
    return [piece] if em_width(piece, font) <= width else list(piece)


def _balanced(lines: tuple[str, ...], text: str, font: Path, width: float) -> tuple[str, ...]:
    """Breaks again in the narrowest width that takes no more lines, so that none is left with one character."""
    balanced = lines
    while len(lines) > 1 and len(balanced) == len(lines):
        lines, width = balanced, width - 0.5
        balanced = break_lines(text, font, width)
    return lines
