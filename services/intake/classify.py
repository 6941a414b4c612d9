"""Says what a resident's texts mean: one pass over their words, without a database, a clock or a messenger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.urgency import Urgency
from services.intake.about import ABOUT_NOBODY, about, names_of_people
from services.intake.category import Weighed, likeliest, scores, weighed
from services.intake.encoder import encoder
from services.intake.kind import has_words, kind_of
from services.intake.learner import Seen, features, models, signs_and_pairs
from services.intake.lexicon import lexicon
from services.intake.named_places import place_names, places_named
from services.intake.reading import Reading
from services.intake.topics import topics
from services.intake.traces import lists_by_clause, traces
from services.intake.understanding import (
    LITIGATION,
    OTHER,
    PUBLIC_SAFETY,
    TEAM_CONDUCT,
    THANKS,
    About,
    AboutFinding,
    CountyContext,
    Crisis,
    TextKind,
    TraceFinding,
    TraceOf,
    Understanding,
)
from services.intake.urgency import Alarm, alarms, concepts_in
from services.intake.words import Hit

_DENIES = "denies"  # the feature of a text that tells of what is not dangerous, or not any more
_OF_DANGER = 4.0  # what a danger adds to the weight of public safety
_OF_VIOLENCE = 2.5  # what despair or violence adds to the weight of other matters: less than a single strong word
_OF_CONDUCT = 6.0  # what is said of the team adds to the weight of its conduct
_OF_MEMBER = 2.5  # what the name of somebody on the team adds
_OF_LEARNED = 4.0  # what the learner adds to the weight of a category of which it is certain
_LEAST = 1.5  # weight from which a text is of a category
_LEAST_OF_QUESTION = 3.0  # weight from which a question is
# From which likelihood on the learner sees a crisis, a danger. What a rule sees counts by itself.
_LEARNED = {Urgency.CRISIS: 0.27, Urgency.DANGER: 0.4}
_LEARNED_OF_OTHERS = {Urgency.CRISIS: 0.6, Urgency.DANGER: 0.6}  # where the rules see nothing that is reported
_OF_A_MATTER = (TextKind.COMPLAINT, TextKind.ADD_TO_EARLIER, TextKind.LITIGATION)
_LEARNED_OF_DENIED = {Urgency.CRISIS: 0.8, Urgency.DANGER: 0.8}  # it hardly knows 'no' and 'no longer'
_CRISIS_BESIDE_DANGER = 0.8  # how much less likely than a danger a crisis may be that is seen
_SHORTEST_CLAUSE, _MOST_CLAUSES = 3, 20  # signs of a clause that is looked at, and how many of a text
_OF_LIST = 0.4  # value of the feature that a word of a list stands in a clause
_LEARNED_ABOUT = 0.5  # likelihood from which the learner sees whom a text is about
_UNLIKELY_TRACE, _LEARNED_TRACE, _SURE_TRACE = 0.03, 0.35, 0.7  # likelihoods that a clause leads to the writer
_LEARNED_KIND = 0.6  # likelihood from which the learner sees a kind where the rules see a complaint
# What is no complaint and is of no matter that the county has a category for.
_OF_NO_MATTER = (TextKind.ADVERT, TextKind.WITHDRAW_WISH, TextKind.ASKS_FOR_REPORTER)
_OF_NO_REPORTER = (TextKind.ADVERT, TextKind.ASKS_FOR_REPORTER)
_FIXED_BY_KIND = {TextKind.THANKS: THANKS, TextKind.LITIGATION: LITIGATION}


@dataclass(frozen=True)
class Measured:
    """What is read off a text before anything is decided."""

    reading: Reading
    place_hits: Sequence[Hit]
    alarms: Sequence[Alarm]
    denies: bool  # it tells of what is not dangerous, or not any more
    has_words: bool  # not emoji and punctuation alone
    kind: TextKind  # what it is by the rules, if it is not urgent
    kind_hits: Sequence[Hit]  # what says so
    words: Mapping[str, Sequence[Weighed]]  # by category
    scores: Mapping[str, float]  # by category: what its words weigh together
    seen: Seen  # what the learner sees of it


def measured(texts: Sequence[str], county: CountyContext) -> Measured:
    """Return what is read off some texts."""
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
    seen = Seen(features(reading, concepts, rules, weights), encoder().vectors([reading.text])[0])
    return Measured(reading, names, raised, denies, in_words, kind, kind_hits, words, weights, seen)


def clauses_seen(reading: Reading) -> list[tuple[tuple[int, int], Seen]]:
    """Return where the clauses of a text stand, and what the learner sees of each; of many those at either end."""
    clauses = [clause for clause in reading.clauses if clause[1] - clause[0] >= _SHORTEST_CLAUSE]
    if len(clauses) > _MOST_CLAUSES:
        clauses = clauses[: _MOST_CLAUSES // 2] + clauses[-_MOST_CLAUSES // 2 :]
    lists = lists_by_clause(reading)
    vectors = encoder().vectors([reading.text[start:end] for start, end in clauses])
    return [
        (
            (start, end),
            Seen(
                signs_and_pairs(f"^{reading.text[start:end]}")
                | {f"list {name}": _OF_LIST for name in lists.get(reading.clause(start), ())},
                vector,
            ),
        )
        for (start, end), vector in zip(clauses, vectors, strict=True)
    ]


def understand(texts: Sequence[str], *, county: CountyContext) -> Understanding:
    """Return what the texts mean that one resident wrote one after the other."""
    found = measured(texts, county)
    reading = found.reading
    urgency, urgency_hits = _urgency(found)
    kind, kind_hits = _kind(found, urgent=urgency != Urgency.NORMAL)
    if kind == TextKind.THANKS and not found.alarms:  # without words: what is urgent in words is never thanks
        urgency, urgency_hits = Urgency.NORMAL, []
    whom = _whom(found, county, kind)
    category = _category(found, kind, urgency, whom, county)
    matters = topics(reading, found.words, county.categories, category) if kind not in _OF_NO_MATTER else []
    return Understanding(
        category=category,
        category_words=reading.of(*(word.hit for word in found.words.get(category, ()))),
        urgency=urgency,
        urgency_words=reading.of(*urgency_hits),
        kind=kind,
        kind_words=reading.of(*kind_hits),
        about=tuple(whom),
        places=tuple(places_named(reading, county, found.place_hits)),
        topics=tuple(matters),
        traces=tuple(_traces(reading, kind, urgency)),
        has_words=found.has_words,
        crises=_crises(found) if urgency == Urgency.CRISIS else (),
    )


def _whom(found: Measured, county: CountyContext, kind: TextKind) -> list[AboutFinding]:
    """Return whom a text is about; who is found by the learner alone is not sure."""
    whom = about(found.reading, county, kind)
    if kind in ABOUT_NOBODY:
        return whom
    for one in (About.HEAD, About.TEAM):
        model = models()[one]
        if all(finding.about != one for finding in whom) and model.likelihoods(found.seen)[one] >= _LEARNED_ABOUT:
            whom.append(AboutFinding(one, found.reading.of(*model.hits(found.reading, one)), sure=False))
    return whom


def _traces(reading: Reading, kind: TextKind, urgency: Urgency) -> list[TraceFinding]:
    """Return what leads to the writer, if they report something; in a crisis nobody is bothered with mere hints.

    Of what the rules take for a hint the learner must think it possible; what it sees itself is a hint, or sure.
    """
    if kind in _OF_NO_REPORTER:
        return []
    model = models()["trace"]
    likely = [(clause, model.likelihoods(seen)["trace"]) for clause, seen in clauses_seen(reading)]
    found = [trace for trace in traces(reading) if trace.sure or _is_likely(reading, trace, likely)]
    marked = [words for trace in found for words in trace.words]
    generic = {reading.clause(hit.start) for hit in reading.find(lexicon().traces["self"]["generic"])}
    for (start, end), likelihood in likely:
        words = reading.words(start, end)
        if (
            likelihood >= _LEARNED_TRACE
            and reading.clause(start) not in generic
            and not any(one.overlaps(other) for one in words for other in marked)
        ):
            found.append(TraceFinding(TraceOf.SELF_DESCRIPTION, words, likelihood >= _SURE_TRACE))
    found.sort(key=lambda trace: (trace.words[0].text, trace.words[0].start))
    return [trace for trace in found if trace.sure or urgency != Urgency.CRISIS]


def _is_likely(reading: Reading, hint: TraceFinding, likely: Sequence[tuple[tuple[int, int], float]]) -> bool:
    """Whether the learner thinks it possible that a hint leads to the writer, as far as it saw the clause."""
    return all(
        likelihood >= _UNLIKELY_TRACE
        for (start, end), likelihood in likely
        for words in reading.words(start, end)
        for one in hint.words
        if one.text == words.text and words.start <= one.start < words.end
    )


def _urgency(found: Measured) -> tuple[Urgency, list[Hit]]:
    """Return how urgent a text is by what the learner and the rules see, and the words that led to it."""
    model = models()["urgency"]
    likely = model.likelihoods(found.seen)
    of_kind = _LEARNED if found.kind in _OF_A_MATTER else _LEARNED_OF_OTHERS
    learned = _LEARNED_OF_DENIED if found.denies else of_kind
    for level in (Urgency.CRISIS, Urgency.DANGER):
        hits = [hit for alarm in found.alarms if alarm.level == level for hit in alarm.hits]
        least = 0.0 if hits else learned[level]
        if level == Urgency.CRISIS:
            least = max(least, _CRISIS_BESIDE_DANGER * likely[Urgency.DANGER])
        if likely[level] >= least:
            return level, hits or model.hits(found.reading, level)
    return Urgency.NORMAL, []


def _crises(found: Measured) -> tuple[Crisis, ...]:
    """Return the crises of the rules that apply, each once; of one that the learner alone sees nobody knows which."""
    ruled = (Crisis(alarm.rule.crisis or Crisis.OTHER) for alarm in found.alarms if alarm.level == Urgency.CRISIS)
    return tuple(dict.fromkeys(ruled)) or (Crisis.OTHER,)


def _kind(found: Measured, *, urgent: bool) -> tuple[TextKind, Sequence[Hit]]:
    """Return what a text is; the learner may see something else in what the rules take for a complaint."""
    if urgent:
        return kind_of(found.reading, urgent=True, has_words=found.has_words)
    kind, hits = found.kind, found.kind_hits
    if kind != TextKind.COMPLAINT or not found.has_words:
        return kind, hits
    model = models()["kind"]
    likely = model.likelihoods(found.seen)
    best = max(likely, key=likely.__getitem__)
    if best == TextKind.COMPLAINT or likely[best] < _LEARNED_KIND:
        return kind, hits
    return TextKind(best), model.hits(found.reading, best)


def _category(
    found: Measured, kind: TextKind, urgency: Urgency, whom: Sequence[AboutFinding], county: CountyContext
) -> str:
    fixed = OTHER if kind in _OF_NO_MATTER else _FIXED_BY_KIND.get(kind)
    if fixed in county.categories:
        return fixed
    weights = defaultdict(float, found.scores)
    weights.pop(THANKS, None)
    for code, likelihood in models()["category"].likelihoods(found.seen).items():
        weights[code] += _OF_LEARNED * likelihood
    matters = {alarm.rule.category for alarm in found.alarms if alarm.level == urgency}
    for code in matters or ({PUBLIC_SAFETY} if urgency == Urgency.DANGER else set()):
        weights[code] += _OF_DANGER if code == PUBLIC_SAFETY else _OF_VIOLENCE
    on_team = {person.id for person in county.people if person.on_team}
    if any(finding.about == About.TEAM for finding in whom):
        weights[TEAM_CONDUCT] += _OF_CONDUCT
    elif any(finding.person_id in on_team for finding in whom):
        weights[TEAM_CONDUCT] += _OF_MEMBER
    return likeliest(weights, county.categories, least=_LEAST_OF_QUESTION if kind == TextKind.QUESTION else _LEAST)
