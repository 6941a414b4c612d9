"""The several matters of one text: each clause speaks for the category for which most in it speaks."""

from collections.abc import Collection, Mapping, Sequence

from services.intake.category import Weighed
from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import LITIGATION, THANKS, Topic

_SPEAKS = 3.0  # weight from which a clause speaks for a category
_SPEAKS_IF_LISTED = 1.0  # where the text says itself that it holds several matters
_NO_MATTER = (THANKS,)


def topics(
    reading: Reading, words: Mapping[str, Sequence[Weighed]], known: Collection[str], category: str
) -> list[Topic]:
    """Return the matters of a text in its order, one a category; at least the one it is chiefly about."""
    marks = {name: reading.find(vocabulary) for name, vocabulary in lexicon().topics["marks"].items()}
    least = _SPEAKS_IF_LISTED if marks["several"] or marks["another"] else _SPEAKS
    clauses: dict[int, dict[str, list[Weighed]]] = {}
    for code, found in words.items():
        if code in known and code not in _NO_MATTER:
            for word in found:
                clauses.setdefault(reading.clause(word.hit.start), {}).setdefault(code, []).append(word)
    order = list(lexicon().categories.codes)
    told: dict[str, list[Weighed]] = {}
    for clause in sorted(clauses):
        weights = {code: sum(word.weight for word in found) for code, found in clauses[clause].items()}
        best = max(weights, key=lambda code: (weights[code], code in told, code == category, -order.index(code)))
        if weights[best] >= least:
            told.setdefault(best, []).extend(clauses[clause][best])
    if not told:
        return [Topic(category, ())]
    return [Topic(code, reading.of(*(word.hit for word in found))) for code, found in told.items()]
