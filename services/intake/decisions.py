"""Decides from the evidence what a text means: by what the rules see, and what the learner sees beside them.

From which likelihood on the learner is believed is chosen with its weights (`bench.intake_thresholds`).
"""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from models.complaints import THANKS
from models.urgency import Urgency
from services.intake.about import ABOUT_NOBODY, about
from services.intake.category import likeliest
from services.intake.evidence import Clause, Evidence
from services.intake.kind import kind_of
from services.intake.learner import models, thresholds
from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.traces import traces
from services.intake.understanding import (
    LITIGATION,
    OTHER,
    PUBLIC_SAFETY,
    TEAM_CONDUCT,
    About,
    AboutFinding,
    CountyContext,
    Crisis,
    TextKind,
    TraceFinding,
    TraceOf,
)
from services.intake.words import Hit

TRACE = "trace"  # the learner's question of a clause, and its answer where it leads to the writer
LEVELS = (Urgency.CRISIS, Urgency.DANGER)
# What is no complaint and is of no matter that the county has a category for.
OF_NO_MATTER = (TextKind.ADVERT, TextKind.WITHDRAW_WISH, TextKind.ASKS_FOR_REPORTER)
_OF_NO_REPORTER = (TextKind.ADVERT, TextKind.ASKS_FOR_REPORTER)
_FIXED_BY_KIND = {TextKind.THANKS: THANKS, TextKind.LITIGATION: LITIGATION}
_OF_DANGER = 4.0  # what a danger adds to the weight of public safety
_OF_VIOLENCE = 2.5  # what despair or violence adds to the weight of other matters: less than a single strong word
_OF_CONDUCT = 6.0  # what is said of the team adds to the weight of its conduct
_OF_MEMBER = 2.5  # what the name of somebody on the team adds
_OF_LEARNED = 4.0  # what the learner adds to the weight of a category of which it is certain
_OF_LEARNED_BESIDE = 1.0  # the same, where words of a category stand of which nothing was learned
_OF_ADDED = 3.0  # weight of such words from which on they count
_LEAST = 1.5  # weight from which a text is of a category
_LEAST_OF_QUESTION = 3.0  # weight from which a question is
_CRISIS_BESIDE_DANGER = 0.8  # how much less likely than a danger a crisis may be that is seen


class Situation(StrEnum):
    """What the rules say where the learner decides how urgent a text is: they deny it, or they find nothing."""

    DENIED = "denied"
    UNRULED = "unruled"


class TraceSituation(StrEnum):
    """What the rules say where the learner is asked whether a clause leads to the writer."""

    CERTAIN = "certain"  # that it does: the writer says of themselves what is true of few
    HINTED = "hinted"  # that it may
    UNRULED = "unruled"


def is_ruled(evidence: Evidence, level: Urgency) -> bool:
    """Whether a rule finds an urgency: then it counts, whatever the learner says."""
    return any(alarm.level == level for alarm in evidence.alarms)


def situation(evidence: Evidence) -> Situation:
    """Return what the rules say of an urgency that none of them finds."""
    return Situation.DENIED if evidence.denies else Situation.UNRULED


def urgency_and_words(evidence: Evidence) -> tuple[Urgency, list[Hit]]:
    """Return how urgent a text is, and the words that led to it.

    What either sees counts: the learner contradicts no rule that finds it.
    """
    model = models()["urgency"]
    likely = model.likelihoods(evidence.seen)
    for level in LEVELS:
        if is_ruled(evidence, level):
            return level, [hit for alarm in evidence.alarms if alarm.level == level for hit in alarm.hits]
        is_learned = likely[level] >= thresholds()[f"{level} {situation(evidence)}"]
        if is_learned and is_conceivable(level, likely[Urgency.CRISIS], likely[Urgency.DANGER]):
            return level, model.hits(evidence.reading, level)
    return Urgency.NORMAL, []


def is_conceivable(level: Urgency, crisis: float, danger: float) -> bool:
    """Whether an urgency may be meant: a crisis is not where a danger is much likelier."""
    return level != Urgency.CRISIS or crisis >= _CRISIS_BESIDE_DANGER * danger


def crises_of(evidence: Evidence) -> tuple[Crisis, ...]:
    """Return the crises of the rules that apply, each once; of one that the learner alone sees nobody knows which."""
    ruled = (Crisis(alarm.rule.crisis or Crisis.OTHER) for alarm in evidence.alarms if alarm.level == Urgency.CRISIS)
    return tuple(dict.fromkeys(ruled)) or (Crisis.OTHER,)


def is_sure_crisis(evidence: Evidence) -> bool:
    """Whether a rule sees a crisis, or the learner is sure of it."""
    if is_ruled(evidence, Urgency.CRISIS):
        return True
    return models()["urgency"].likelihoods(evidence.seen)[Urgency.CRISIS] >= thresholds()["crisis sure"]


def kind_and_words(evidence: Evidence, *, urgent: bool) -> tuple[TextKind, Sequence[Hit]]:
    """Return what a text is; the learner may see something else in what the rules take for a complaint."""
    if urgent:
        return kind_of(evidence.reading, urgent=True, has_words=evidence.has_words)
    if evidence.kind != TextKind.COMPLAINT or not evidence.has_words:
        return evidence.kind, evidence.kind_hits
    model = models()["kind"]
    likely = model.likelihoods(evidence.seen)
    best = max(likely, key=likely.__getitem__)
    if best == TextKind.COMPLAINT or likely[best] < thresholds()["kind"]:
        return evidence.kind, evidence.kind_hits
    return TextKind(best), model.hits(evidence.reading, best)


def people_concerned(evidence: Evidence, county: CountyContext, kind: TextKind) -> list[AboutFinding]:
    """Return whom a text is about; who is found by the learner alone is not sure."""
    found = about(evidence.reading, county, kind)
    if kind in ABOUT_NOBODY:
        return found
    for one in (About.HEAD, About.TEAM):
        model = models()[one]
        if all(finding.about != one for finding in found) and (
            model.likelihoods(evidence.seen)[one] >= thresholds()[one]
        ):
            found.append(AboutFinding(one, evidence.reading.of(*model.hits(evidence.reading, one)), sure=False))
    return found


def category_of(
    evidence: Evidence, kind: TextKind, urgency: Urgency, concerned: Sequence[AboutFinding], county: CountyContext
) -> str:
    """Return the category of which most speaks: its words, the learner, how urgent a text is, and whom it is about."""
    fixed = OTHER if kind in OF_NO_MATTER else _FIXED_BY_KIND.get(kind)
    if fixed in county.categories:
        return fixed
    weights = defaultdict(float, evidence.scores)
    weights.pop(THANKS, None)
    added = _added_category(evidence, county)
    for code, likelihood in models()["category"].likelihoods(evidence.seen).items():
        weights[code] += (_OF_LEARNED_BESIDE if added else _OF_LEARNED) * likelihood
    matters = {alarm.rule.category for alarm in evidence.alarms if alarm.level == urgency}
    for code in matters or ({PUBLIC_SAFETY} if urgency == Urgency.DANGER else set()):
        weights[code] += _OF_DANGER if code == PUBLIC_SAFETY else _OF_VIOLENCE
    if added is not None:  # and what is dangerous there is a matter of it
        weights[added] += _OF_LEARNED - _OF_LEARNED_BESIDE + (_OF_DANGER if PUBLIC_SAFETY in matters else 0.0)
    on_team = {person.id for person in county.people if person.on_team}
    if any(finding.about == About.TEAM for finding in concerned):
        weights[TEAM_CONDUCT] += _OF_CONDUCT
    elif any(finding.person_id in on_team for finding in concerned):
        weights[TEAM_CONDUCT] += _OF_MEMBER
    return likeliest(weights, county.categories, least=_LEAST_OF_QUESTION if kind == TextKind.QUESTION else _LEAST)


def _added_category(evidence: Evidence, county: CountyContext) -> str | None:
    """Return the category that the county has added of which most speaks; None where too little does.

    Nothing was learned of these: where their words stand, the learner hardly has a voice.
    """
    score = evidence.scores
    added = [code for code in lexicon().categories.codes if code in county.categories.difference(_learned_categories())]
    best = max(added, key=lambda code: score.get(code, 0.0), default=None)
    return best if best is not None and score.get(best, 0.0) >= _OF_ADDED else None


def _learned_categories() -> tuple[str, ...]:
    return models()["category"].labels


def traces_of(evidence: Evidence, kind: TextKind) -> list[TraceFinding]:
    """Return what leads to the writer, if they report something.

    What the rules find by its meaning counts where the learner thinks it possible, and names always; what the learner
    sees by itself is a hint, unless it is sure.
    """
    if kind in _OF_NO_REPORTER:
        return []
    reading, model, least = evidence.reading, models()[TRACE], thresholds()
    likely = [(clause, model.likelihoods(clause.seen)[TRACE]) for clause in evidence.clauses]
    ruled, generic = traces(reading), generic_clauses(reading)
    found = [
        trace
        for trace in ruled
        if is_name(trace)
        or all(
            share >= least[f"{TRACE} {trace_situation(trace)}"]
            for clause, share in likely
            if stands_in(reading, trace, clause)
        )
    ]
    for clause, share in likely:
        if (
            share >= least[f"{TRACE} {TraceSituation.UNRULED}"]
            and reading.clause(clause.start) not in generic
            and not any(stands_in(reading, trace, clause) for trace in ruled)
        ):
            words = reading.words(clause.start, clause.end)
            found.append(TraceFinding(TraceOf.SELF_DESCRIPTION, words, share >= least[f"{TRACE} sure"]))
    return sorted(found, key=lambda trace: (trace.words[0].text, trace.words[0].start))


def trace_situation(trace: TraceFinding) -> TraceSituation:
    """Return what the rules say of a clause in which they find this."""
    return TraceSituation.CERTAIN if trace.sure else TraceSituation.HINTED


def is_name(trace: TraceFinding) -> bool:
    """Whether words lead to the writer because they name somebody."""
    return trace.sure and trace.trace != TraceOf.SELF_DESCRIPTION


def generic_clauses(reading: Reading) -> set[int]:
    """Return the numbers of the clauses in which the writer says of themselves what is true of many."""
    return {reading.clause(hit.start) for hit in reading.find(lexicon().traces["self"]["generic"])}


def stands_in(reading: Reading, trace: TraceFinding, clause: Clause) -> bool:
    """Whether what leads to the writer has a sign in common with a clause."""
    return any(one.overlaps(other) for one in reading.words(clause.start, clause.end) for other in trace.words)
