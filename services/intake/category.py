"""What a text is about: the county's categories by the weight of their words."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import OTHER
from services.intake.words import Hit


@dataclass(frozen=True)
class Weighed:
    """A category's word in a text, and how much it weighs."""

    hit: Hit
    weight: float


def weighed(reading: Reading, hidden: Sequence[Hit]) -> dict[str, list[Weighed]]:
    """Return the words of each category that stand in a text; of words within one another, the longest."""
    covered = bytearray(len(reading.text) + 1)
    for hit in hidden:
        covered[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    found: dict[str, list[Weighed]] = defaultdict(list)
    for hit in reading.find(lexicon().categories.vocabulary):
        if not all(covered[hit.start : hit.end]):
            for category, weight in lexicon().categories.weights[hit.pattern].items():
                found[category].append(Weighed(hit, weight))
    return {category: _apart(words) for category, words in found.items()}


def _apart(words: list[Weighed]) -> list[Weighed]:
    kept: list[Weighed] = []
    end = 0
    for word in sorted(words, key=lambda word: (word.hit.start, -word.hit.end)):
        if word.hit.end > end:
            kept.append(word)
            end = word.hit.end
    return kept


def scores(words: Mapping[str, Sequence[Weighed]]) -> dict[str, float]:
    """Return how much speaks for each category; a word said twice counts once."""
    return {
        category: sum({word.hit.pattern: word.weight for word in found}.values()) for category, found in words.items()
    }


def likeliest(score: Mapping[str, float], known: Collection[str]) -> str:
    """Return the county's own category for which most speaks; of equals, the one the lexicon lists first."""
    order = [code for code in lexicon().categories.codes if code in known]
    best = max(order, key=lambda code: score.get(code, 0.0), default=OTHER)
    return best if score.get(best, 0.0) >= 1 else OTHER
