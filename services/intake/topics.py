"""The several matters of one text: each clause speaks for the category for which most in it speaks."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence

from models.complaints import THANKS
from services.intake.category import Weighed
from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import OTHER, Topic
from services.intake.words import Hit

_SPEAKS = 3.0  # weight from which a clause speaks for a category
_SPEAKS_IF_LISTED = 1.0  # where the text says itself that it holds several matters
_FEWEST_UNLISTED = 3  # matters of a text that doesn't say so: two are more often one, told at length
_NO_MATTER = (THANKS, OTHER)


def topics(
    reading: Reading, words: Mapping[str, Sequence[Weighed]], known: Collection[str], category: str
) -> list[Topic]:
    """Return the matters of a text in its order, one a category; at least the one it is chiefly about."""
    marks = {name: reading.find(said) for name, said in lexicon().topics["marks"].items()}
    listed = bool(marks["several"] or marks["another"])
    told = _told(reading, words, known, category, _SPEAKS_IF_LISTED if listed else _SPEAKS, marks)
    if not listed and len(told) < (_FEWEST_UNLISTED - bool(marks["perhaps"])):
        told = {category: told.get(category, [])}
    return [Topic(code, reading.of(*(word.hit for word in found))) for code, found in told.items()]


def _told(
    reading: Reading,
    words: Mapping[str, Sequence[Weighed]],
    known: Collection[str],
    category: str,
    least: float,
    marks: Mapping[str, Sequence[Hit]],
) -> dict[str, list[Weighed]]:
    """Return the categories for which clauses speak with at least so much weight, in the order of the text."""
    ends = sorted(hit.start for name in ("divides", "another", "several") for hit in marks[name])
    clauses: dict[tuple[int, int], dict[str, list[Weighed]]] = {}
    for code, found in words.items():
        if code in known and code not in _NO_MATTER:
            for word in found:
                clause = reading.clause(word.hit.start), bisect_right(ends, word.hit.start)
                clauses.setdefault(clause, {}).setdefault(code, []).append(word)
    order = list(lexicon().categories.codes)
    told: dict[str, list[Weighed]] = {}
    for clause in sorted(clauses):
        weights = {code: sum(word.weight for word in found) for code, found in clauses[clause].items()}
        best = max(weights, key=lambda code: (weights[code], code in told, code == category, -order.index(code)))
        if weights[best] >= least:
            told.setdefault(best, []).extend(clauses[clause][best])
    return told or {category: []}
