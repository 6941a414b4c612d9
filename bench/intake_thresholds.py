"""Chooses from which likelihood on the intake's learner is believed, by texts that it has not seen.

The labelled texts are parted so that those which say nearly the same stay together; the learner learns from all parts
but one, and is asked about that one. By the lexical texts the lexicons were written: they are learned from, not asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from bench.intake import Labelled
from bench.intake_examples import clauses_that_lead, evidence
from models.urgency import Urgency
from services.intake.about import ABOUT_NOBODY
from services.intake.decisions import (
    LEVELS,
    TRACE,
    TraceSituation,
    generic_clauses,
    is_conceivable,
    is_name,
    is_ruled,
    situation,
    stands_in,
    trace_situation,
)
from services.intake.learner import Model
from services.intake.traces import traces
from services.intake.understanding import About, TextKind

QUESTIONS = ("urgency", "kind", About.HEAD, About.TEAM, TRACE)  # that the learner is asked
_PARTS = 4
_CLOSE = 0.7  # of the numbers of two texts, multiplied, from which on they say nearly the same
_WAGERS = np.geomspace(0.02, 20, 120)  # what a wrong answer costs, in right ones
# How many of the answers that are believed must be right. The texts are harder than those that residents write.
_PRECISION = {Urgency.CRISIS: 0.83, Urgency.DANGER: 0.8, About.HEAD: 0.8, About.TEAM: 0.8, TRACE: 0.9, "kind": 0.85}
_SURE_PRECISION = 0.95
# Where a rule finds an urgency, nobody asks the learner. Its answers there count in how many are right of all that are
# believed at this level, and so they bear on the thresholds of the others; of their own threshold nobody has any use.
_RULED = "ruled"


@dataclass(frozen=True)
class Answer:
    """What the learner says of a text that it has not seen, by the name of the threshold, and whether it is right."""

    threshold: str
    likelihood: float
    is_right: bool


Learn = Callable[[Sequence[Labelled], Sequence[Labelled]], Mapping[str, Model]]


def chosen(lexical: Sequence[Labelled], further: Sequence[Labelled], learn: Learn) -> dict[str, float]:
    """Return the thresholds by their names; `learn` makes the models of the questions from some texts."""
    answers: dict[str, list[Answer]] = {question: [] for question in _PRECISION}
    lines = [*lexical, *further]
    parts = dict(zip((line.id for line in lines), parted([line.text for line in lines]), strict=True))
    for part in range(_PARTS):
        first, second = ([line for line in lines if parts[line.id] != part] for lines in (lexical, further))
        models = learn(first, second)
        for line in further:
            if parts[line.id] == part:
                for question, answer in _answers(line, models):
                    answers[question].append(answer)
    found = {
        name: value
        for question, given in answers.items()
        for name, value in best_thresholds(given, _PRECISION[question]).items()
        if not name.endswith(f" {_RULED}")
    }
    for question in (Urgency.CRISIS, TRACE):
        sure = [Answer(f"{question} sure", one.likelihood, one.is_right) for one in answers[question]]
        found |= best_thresholds(sure, _SURE_PRECISION)
    return found


def best_thresholds(answers: Sequence[Answer], precision: float) -> dict[str, float]:
    """Return thresholds by which as many right answers are believed as can be, and few enough wrong ones.

    Each is where believing one answer less or more is not worth a wager, which is the same for all.
    """
    by_name = {
        name: sorted(given, key=lambda one: -one.likelihood)
        for name, given in groupby(sorted(answers, key=lambda one: one.threshold), key=lambda one: one.threshold)
    }
    most, best = -1, dict.fromkeys(by_name, 1.0)
    for wager in _WAGERS:
        counts = {name: _worth_believing(given, wager) for name, given in by_name.items()}
        believed = [one for name, count in counts.items() for one in by_name[name][:count]]
        right = sum(one.is_right for one in believed)
        if right > most and right >= precision * len(believed):
            most = right
            best = {name: _between(by_name[name], count) for name, count in counts.items()}
    return best


def _worth_believing(answers: Sequence[Answer], wager: float) -> int:
    """Return how many of the likeliest answers are believed."""
    gains = np.cumsum([1.0 if one.is_right else -wager for one in answers])
    best = int(np.argmax(gains))
    return best + 1 if gains[best] > 0 else 0


def _between(answers: Sequence[Answer], count: int) -> float:
    """Return a likelihood between the last answer that is believed and the first that is not; 1 where none is."""
    if not count:
        return 1.0
    following = answers[count].likelihood if count < len(answers) else 0.0
    return (answers[count - 1].likelihood + following) / 2


def parted(texts: Sequence[str]) -> list[int]:
    """Return in which part each text is; those that say nearly the same are in one."""
    vectors = np.vstack([evidence(text).seen.vector for text in texts])
    group = list(range(len(texts)))

    def first(number: int) -> int:
        while group[number] != number:
            number = group[number]
        return number

    for one, other in np.argwhere(np.triu(vectors @ vectors.T, 1) > _CLOSE):
        group[max(first(one), first(other))] = min(first(one), first(other))
    chance = np.random.default_rng(1).integers(0, _PARTS, len(texts))
    return [int(chance[first(number)]) for number in range(len(texts))]


def _answers(line: Labelled, models: Mapping[str, Model]) -> Iterator[tuple[str, Answer]]:
    """Yield what the learner says of a text, by the question."""
    read = evidence(line.text)
    likely = models["urgency"].likelihoods(read.seen)
    for level in LEVELS:
        said = _RULED if is_ruled(read, level) else situation(read)
        if is_conceivable(level, likely[Urgency.CRISIS], likely[Urgency.DANGER]) and (
            level == Urgency.CRISIS or likely[Urgency.CRISIS] <= likely[Urgency.DANGER]
        ):
            yield level, Answer(f"{level} {said}", likely[level], level in line.urgency)
    if read.kind == TextKind.COMPLAINT and Urgency.NORMAL in line.urgency:
        kinds = models["kind"].likelihoods(read.seen)
        best = max(kinds, key=kinds.__getitem__)
        if best != TextKind.COMPLAINT:
            yield "kind", Answer("kind", kinds[best], best in line.kind and TextKind.COMPLAINT not in line.kind)
    if line.kind.isdisjoint(ABOUT_NOBODY):
        for whom in (About.HEAD, About.TEAM):
            yield whom, Answer(whom, models[whom].likelihoods(read.seen)[whom], whom in line.about)
    yield from ((TRACE, answer) for answer in _answers_of_clauses(line, models[TRACE]))


def _answers_of_clauses(line: Labelled, model: Model) -> Iterator[Answer]:
    """Yield what the learner says of the clauses that don't name anybody."""
    read = evidence(line.text)
    found, generic = traces(read.reading), generic_clauses(read.reading)
    for number, leads in clauses_that_lead(line):
        clause = read.clauses[number]
        here = [trace for trace in found if stands_in(read.reading, trace, clause)]
        if any(map(is_name, here)) or (not here and read.reading.clause(clause.start) in generic):
            continue
        name = trace_situation(here[0]) if here else TraceSituation.UNRULED
        yield Answer(f"{TRACE} {name}", model.likelihoods(clause.seen)[TRACE], leads)
