"""Words that are written in Latin letters as they sound: 'bu xiang huo le' for 不想活了."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_LONGEST = 6  # syllables of a word
_SHORTEST = 2
_FEWEST = 2  # syllables of a text that is written so
_MOST_OTHER = 5  # of how many words in Latin letters one may be none of syllables
_WORD = re.compile("[a-z]+")


@dataclass(frozen=True)
class Spelt:
    """A word that is spelt out from `start` up to `end`, and its characters."""

    start: int
    end: int
    characters: str


class Pinyin:
    """Words by their syllables."""

    def __init__(self, readings: Mapping[str, str], words: Iterable[str]) -> None:
        """Take the readings of characters, and words; of those that are read alike the first counts."""
        self._words: dict[str, str] = {}
        for word in words:
            if _SHORTEST <= len(word) <= _LONGEST and all(character in readings for character in word):
                self._words.setdefault(" ".join(readings[character] for character in word), word)
        longest_first = sorted(set(readings.values()), key=lambda reading: (-len(reading), reading))
        self._syllable = re.compile("|".join(longest_first))
        self._syllables = re.compile(f"(?:{self._syllable.pattern})+")

    def spelt(self, text: str) -> list[Spelt]:
        """Return the words that are spelt out in a text, unless its Latin letters are of another language."""
        words = list(_WORD.finditer(text))
        spelt = [word for word in words if self._syllables.fullmatch(word[0])]
        others = len(words) - len(spelt)
        syllables = [span for word in spelt for span in self._parted(word)]
        if len(syllables) < _FEWEST or _MOST_OTHER * others > len(words):
            return []
        return list(self._joined(text, syllables))

    def _parted(self, word: re.Match[str]) -> list[tuple[int, int]]:
        found = [syllable.span() for syllable in self._syllable.finditer(word[0])]
        whole = sum(end - start for start, end in found) == len(word[0])
        return [(word.start() + start, word.start() + end) for start, end in found] if whole else [word.span()]

    def _joined(self, text: str, syllables: list[tuple[int, int]]) -> Iterator[Spelt]:
        place = 0
        while place < len(syllables):
            for count in range(min(_LONGEST, len(syllables) - place), _SHORTEST - 1, -1):
                start, end = syllables[place][0], syllables[place + count - 1][1]
                spoken = " ".join(text[first:last] for first, last in syllables[place : place + count])
                if spoken in self._words and _WORD.sub("", text[start:end]).strip() == "":
                    yield Spelt(start, end, self._words[spoken])
                    place += count
                    break
            else:
                place += 1
