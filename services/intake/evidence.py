"""What is read off a resident's texts before anything is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.intake.about import names_of_people
from services.intake.category import Weighed, scores, weighed
from services.intake.encoder import encoder
from services.intake.kind import has_words, kind_of
from services.intake.learner import Seen, clause_features, features
from services.intake.lexicon import lexicon
from services.intake.named_places import place_names
from services.intake.reading import Reading
from services.intake.traces import lists_by_clause
from services.intake.understanding import CountyContext, TextKind
from services.intake.urgency import Alarm, alarms, concepts_in
from services.intake.words import Hit

_DENIES = "denies"  # the feature of a text that tells of what is not dangerous, or not any more
_SHORTEST_CLAUSE, _MOST_CLAUSES = 3, 20  # signs of a clause that is looked at, and how many of a text


@dataclass(frozen=True)
class Clause:
    """A clause, from `start` up to `end`, and what the learner sees of it."""

    start: int
    end: int
    seen: Seen


@dataclass(frozen=True)
class Evidence:
    """What the rules and the learner see of some texts."""

    reading: Reading
    place_hits: Sequence[Hit]
    alarms: Sequence[Alarm]
    denies: bool  # they tell of what is not dangerous, or not any more
    has_words: bool  # not emoji and punctuation alone
    kind: TextKind  # what they are by the rules, if they are not urgent
    kind_hits: Sequence[Hit]  # what says so
    words: Mapping[str, Sequence[Weighed]]  # by category
    scores: Mapping[str, float]  # by category: what its words weigh together
    seen: Seen  # what the learner sees of them
    clauses: Sequence[Clause]


def evidence_of(texts: Sequence[str], county: CountyContext) -> Evidence:
    """Return what is read off some texts that one resident wrote one after the other."""
    reading = Reading(texts)
    names = place_names(reading, county)
    harmless = [*reading.find(lexicon().urgency.sets["harmless"]), *names]
    concepts = concepts_in(reading, harmless)
    words = weighed(reading, [*names, *names_of_people(reading, county)], harmless)
    raised, denies = alarms(reading, concepts)
    in_words = has_words(reading)
    kind, kind_hits = kind_of(reading, urgent=False, has_words=in_words)
    rules = {*(alarm.level for alarm in raised), kind, *([_DENIES] if denies else [])}
    weights = scores(words)
    spans = _clauses(reading)
    whole, *vectors = encoder().vectors([reading.joined, *(reading.text[start:end] for start, end in spans)])
    lists = lists_by_clause(reading)
    clauses = [
        Clause(start, end, Seen(clause_features(reading.text[start:end], lists.get(reading.clause(start), ())), vector))
        for (start, end), vector in zip(spans, vectors, strict=True)
    ]
    seen = Seen(features(reading.joined, concepts, rules, weights), whole)
    return Evidence(reading, names, raised, denies, in_words, kind, kind_hits, words, weights, seen, clauses)


def _clauses(reading: Reading) -> list[tuple[int, int]]:
    """Return where the clauses stand that are long enough to say something; of many those at either end."""
    clauses = [(start, end) for start, end in reading.clauses if end - start >= _SHORTEST_CLAUSE]
    if len(clauses) > _MOST_CLAUSES:
        clauses = clauses[: _MOST_CLAUSES // 2] + clauses[-_MOST_CLAUSES // 2 :]
    return clauses
