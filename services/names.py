"""Finds the names of people in what somebody wrote, whatever stands between the characters of a name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from privacy.characters import simplified, visible

_SHORTEST = 2  # characters of a name


@dataclass(frozen=True)
class NamePlace:
    """A piece of a text that belongs to somebody's name; a name may go on from one text into the next."""

    text: int
    start: int
    end: int


def names_in(texts: Sequence[str], people: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the ids of those, of some ids and names, whose name stands in texts that go on from one another.

    One name too many shuts out somebody who is not meant; one too few tells somebody who reported them.
    """
    return frozenset(person for person, _ in places_of_names(texts, people))


def places_of_names(
    texts: Sequence[str], people: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, tuple[NamePlace, ...]]]:
    """Yield the ids of those whose name stands in the texts, each time it does, and where."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for number, text in enumerate(texts):
        for place, character in enumerate(text):
            for letter in _letters(character):
                letters.append(letter)
                places.append((number, place))
    said = simplified("".join(letters))  # sign by sign
    for person, name in people:
        wanted = _letters_of_name(name)
        start = said.find(wanted) if len(wanted) >= _SHORTEST else -1
        while start >= 0:
            yield person, _pieces(places[start : start + len(wanted)])
            start = said.find(wanted, start + len(wanted))


def _pieces(places: Sequence[tuple[int, int]]) -> tuple[NamePlace, ...]:
    numbers = dict.fromkeys(number for number, _ in places)
    spans = ([place for other, place in places if other == number] for number in numbers)
    return tuple(NamePlace(number, span[0], span[-1] + 1) for number, span in zip(numbers, spans, strict=True))


def _letters(character: str) -> str:
    """Return the letters alone that a character stands for, in one case."""
    if "\u4e00" <= character <= "\u9fff":  # nearly all are, and need nothing else
        return character
    return "".join(sign for sign in visible(character).casefold() if sign.isalpha())


@lru_cache(maxsize=4096)
def _letters_of_name(name: str) -> str:
    return simplified("".join(map(_letters, name)))
