"""Says what a resident's texts mean: one pass over their words, without a database, a clock or a messenger."""

from collections import defaultdict
from collections.abc import Sequence

from services.intake.about import about, names_of_people
from services.intake.category import likeliest, scores, weighed
from services.intake.kind import has_words, kind_of
from services.intake.lexicon import lexicon
from services.intake.places import place_names, places_named
from services.intake.reading import Reading
from services.intake.topics import topics
from services.intake.traces import traces
from services.intake.understanding import (
    LITIGATION,
    OTHER,
    PUBLIC_SAFETY,
    TEAM_CONDUCT,
    THANKS,
    About,
    AboutFinding,
    County,
    Kind,
    Understanding,
    Urgency,
    Words,
)
from services.intake.urgency import Alarm, alarms

_OF_DANGER = 4.0  # what a danger adds to the weight of public safety
_OF_VIOLENCE = 3.5  # what despair or violence adds to the weight of other matters: more than a single strong word
_OF_CONDUCT = 6.0  # what is said of the team adds to the weight of its conduct
_OF_MEMBER = 2.5  # what the name of somebody on the team adds
_LEAST_OF_QUESTION = 2.0  # weight from which a question is of a category
# What is no complaint and is of no matter that the county has a category for.
_OF_NO_MATTER = (Kind.ADVERT, Kind.WITHDRAW_WISH, Kind.ASKS_FOR_REPORTER)


def understand(texts: Sequence[str], *, county: County) -> Understanding:
    """Return what the texts mean that one resident wrote one after the other."""
    reading = Reading(texts)
    names = place_names(reading, county.places)
    harmless = [*reading.find(lexicon().urgency.sets["harmless"]), *names]
    raised = alarms(reading, harmless)
    urgency = raised[0].level if raised else Urgency.NORMAL
    in_words = has_words(reading)
    kind, kind_hits = kind_of(reading, urgent=bool(raised), has_words=in_words)
    whom = about(reading, county, kind)
    people = names_of_people(reading, county)
    words = weighed(reading, [*names, *people], harmless)
    category = _category(scores(words), kind, raised, whom, county)
    matters = topics(reading, words, county.categories, category) if kind not in _OF_NO_MATTER else []
    return Understanding(
        category=category,
        category_words=reading.of(*(word.hit for word in words.get(category, ()))),
        urgency=urgency,
        urgency_words=_words_of(reading, raised, urgency),
        kind=kind,
        kind_words=reading.of(*kind_hits),
        about=tuple(whom),
        places=tuple(places_named(reading, county.places, names)),
        topics=tuple(matters),
        traces=tuple(traces(reading)),
        has_words=in_words,
    )


def _category(
    weights: dict[str, float], kind: Kind, raised: Sequence[Alarm], whom: Sequence[AboutFinding], county: County
) -> str:
    fixed = OTHER if kind in _OF_NO_MATTER else _FIXED_BY_KIND.get(kind)
    if fixed in county.categories:
        return fixed
    weights = defaultdict(float, weights)
    weights.pop(THANKS, None)
    for category in {alarm.rule.category for alarm in raised if alarm.level == raised[0].level}:
        weights[category] += _OF_DANGER if category == PUBLIC_SAFETY else _OF_VIOLENCE
    on_team = {person.id for person in county.people if person.on_team}
    if any(finding.about == About.TEAM for finding in whom):
        weights[TEAM_CONDUCT] += _OF_CONDUCT
    elif any(finding.person_id in on_team for finding in whom):
        weights[TEAM_CONDUCT] += _OF_MEMBER
    return likeliest(weights, county.categories, least=_LEAST_OF_QUESTION if kind == Kind.QUESTION else 1.0)


_FIXED_BY_KIND = {Kind.THANKS: THANKS, Kind.LITIGATION: LITIGATION}


def _words_of(reading: Reading, raised: Sequence[Alarm], urgency: Urgency) -> tuple[Words, ...]:
    return reading.of(*(hit for alarm in raised if alarm.level == urgency for hit in alarm.hits))
