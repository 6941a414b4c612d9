"""What a text is about: the county's categories by the weight of their words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import OTHER, PUBLIC_SAFETY
from services.intake.words import Hit, covered


@dataclass(frozen=True)
class Weighed:
    """A category's word in a text, and how much it weighs."""

    hit: Hit
    weight: float


def weighed(reading: Reading, names: Iterable[Hit], harmless: Iterable[Hit]) -> dict[str, list[Weighed]]:
    """Return the words of each category that stand in a text; of words within one another, the longest.

    Words within the names of places and people say nothing, and words within what is harmless nothing of public safety.
    """
    named, safe = covered(names, len(reading.text)), covered(harmless, len(reading.text))
    found: dict[str, list[Weighed]] = defaultdict(list)
    for hit in reading.find(lexicon().categories.words):
        for category, weight in lexicon().categories.weights[hit.pattern]:
            if not all((safe if category == PUBLIC_SAFETY else named)[hit.start : hit.end]):
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


def likeliest(score: Mapping[str, float], known: Collection[str], *, least: float) -> str:
    """Return the county's own category for which most speaks; of equals, the one the lexicon lists first.

    Of no category speaks less than `least`.
    """
    order = [code for code in lexicon().categories.codes if code in known]
    best = max(order, key=lambda code: score.get(code, 0.0), default=OTHER)
    return best if score.get(best, 0.0) >= least else OTHER
