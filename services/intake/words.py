"""Finds the words of a vocabulary in a text, all of them in one pass.

A pattern is a word or a phrase: `(a|b)` stands for either, `(a)?` for one that may be missing, `…` for up to six signs
of the same sentence.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

GAP = "…"
_LONGEST_GAP = 6
_ENDS = frozenset("。!?;\n")
_CHOICE = re.compile(r"\(([^()]*)\)(\??)")
_BRACKETS = frozenset("()|")
_LONGEST = 48  # signs of the longest phrase with its gaps
_WHOLE_WORD = 3  # a Latin word of so few letters counts only when nothing follows it


@dataclass(frozen=True)
class Hit:
    """A pattern that stands in a text from `start` up to `end`."""

    start: int
    end: int
    pattern: str

    @property
    def span(self) -> tuple[int, int]:
        """Where it begins and ends."""
        return self.start, self.end

    def overlaps(self, other: "Hit") -> bool:
        """Whether both have a sign in common."""
        return self.start < other.end and other.start < self.end


class Vocabulary:
    """Patterns that are looked for together."""

    def __init__(self, patterns: Iterable[str], fold: Callable[[str], str]) -> None:
        """Take patterns however they are written; `fold` gives words the form they have in the text."""
        # Most words are of one pattern, which is then kept as it is: there are tens of thousands of them.
        self._words: dict[str, str | tuple[str, ...]] = {}
        self._phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}  # by the first piece of a phrase
        lengths: dict[str, set[int]] = {}
        for pattern in dict.fromkeys(patterns):
            for phrase in expanded(pattern):
                first, *further = map(fold, phrase.split(GAP))
                lengths.setdefault(first[0], set()).add(len(first))
                if further:
                    self._phrases[first] = (*self._phrases.get(first, ()), (tuple(further), pattern))
                elif first not in self._words:
                    self._words[pattern if pattern == first else first] = pattern
                else:
                    self._words[first] = (*self._patterns_of(first), pattern)
        # of first pieces, by their first sign
        self._lengths = {sign: tuple(sorted(found)) for sign, found in lengths.items()}

    def find(self, text: str) -> list[Hit]:
        """Return all that stands in a text, in the order of where it begins."""
        return list(self._find(text))

    def longest(self, text: str) -> list[Hit]:
        """Return what stands in a text, the longest at each place; none overlaps another."""
        return longest(self._find(text))

    def _find(self, text: str) -> Iterator[Hit]:
        for start, sign in enumerate(text):
            for length in self._lengths.get(sign, ()):
                end = start + length
                first = text[start:end]
                patterns, phrases = self._patterns_of(first), self._phrases.get(first, ())
                if not (patterns or phrases) or end > len(text) or not _is_whole(text, start, end):
                    continue
                for pattern in patterns:
                    yield Hit(start, end, pattern)
                for further, pattern in phrases:
                    last = _end_of(text, end, further)
                    if last is not None:
                        yield Hit(start, last, pattern)

    def _patterns_of(self, word: str) -> tuple[str, ...]:
        found = self._words.get(word, ())
        return (found,) if isinstance(found, str) else found


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return of hits that overlap the one that begins first, and of those that begin together the longest."""
    found: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return found


def near(first: Sequence[Hit], second: Sequence[Hit], within: int) -> Iterator[tuple[Hit, Hit]]:
    """Yield the pairs of hits between which at most so many signs stand; each list in the order of where hits begin."""
    starts = [hit.start for hit in second]
    for one in first:
        begin, end = bisect_left(starts, one.start - within - _LONGEST), bisect_right(starts, one.end + within)
        for other in second[begin:end]:
            if not one.overlaps(other) and max(one.start, other.start) - min(one.end, other.end) <= within:
                yield one, other


def outside(hits: Iterable[Hit], others: Iterable[Hit], length: int) -> list[Hit]:
    """Return the hits in a text of this length that have no sign in common with the others."""
    taken = covered(others, length)
    return [hit for hit in hits if not any(taken[hit.start : hit.end])]


def covered(hits: Iterable[Hit], length: int) -> bytearray:
    """Return for each sign of a text of this length whether one of the hits covers it."""
    signs = bytearray(length)
    for hit in hits:
        signs[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    return signs


def expanded(pattern: str) -> list[str]:
    """Return the phrases that a pattern stands for; raise ValueError when it is not written as patterns are."""
    choices: list[list[str]] = []
    place = 0
    for found in _CHOICE.finditer(pattern):
        choices += [[pattern[place : found.start()]], found[1].split("|") + ([""] if found[2] else [])]
        place = found.end()
    phrases = ["".join(chosen) for chosen in product(*choices, [pattern[place:]])]
    if any(phrase != phrase.strip(GAP) or not phrase or not _BRACKETS.isdisjoint(phrase) for phrase in phrases):
        raise ValueError(f"no pattern: {pattern!r}")
    return phrases


def _end_of(text: str, end: int, further: tuple[str, ...]) -> int | None:
    """Return where a phrase ends whose further pieces follow within the gaps; None when they don't."""
    for piece in further:
        start = text.find(piece, end, end + _LONGEST_GAP + len(piece))
        if start < 0 or not _ENDS.isdisjoint(text[end:start]):
            return None
        end = start + len(piece)
    return end


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut; one that is long may go on, as in 'burn' and 'burned'."""
    first, last = text[start], text[end - 1]
    if first.isascii() and first.isalpha() and start and _is_latin(text[start - 1]):
        return False
    if last.isascii() and last.isalpha() and end < len(text) and _is_latin(text[end]):
        word = 0
        while word < end - start and _is_latin(text[end - 1 - word]):
            word += 1
        return word > _WHOLE_WORD
    return True


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()
