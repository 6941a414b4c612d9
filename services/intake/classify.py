"""Says what a resident's texts mean: one pass over their words, without a database, a clock or a messenger."""

from collections.abc import Sequence

from models.urgency import Urgency
from services.intake.decisions import (
    OF_NO_MATTER,
    category_of,
    crises_of,
    is_sure_crisis,
    kind_and_words,
    people_concerned,
    traces_of,
    urgency_and_words,
)
from services.intake.evidence import evidence_of
from services.intake.named_places import places_named
from services.intake.topics import topics
from services.intake.understanding import CountyContext, TextKind, Understanding


def understand(texts: Sequence[str], *, county: CountyContext) -> Understanding:
    """Return what the texts mean that one resident wrote one after the other."""
    evidence = evidence_of(texts, county)
    reading = evidence.reading
    urgency, urgency_hits = urgency_and_words(evidence)
    kind, kind_hits = kind_and_words(evidence, urgent=urgency != Urgency.NORMAL)
    if kind == TextKind.THANKS and not evidence.alarms:  # without words: what is urgent in words is never thanks
        urgency, urgency_hits = Urgency.NORMAL, []
    about = people_concerned(evidence, county, kind)
    category = category_of(evidence, kind, urgency, about, county)
    is_sure = urgency == Urgency.CRISIS and is_sure_crisis(evidence)
    traces = [trace for trace in traces_of(evidence, kind) if trace.sure or not is_sure]  # nobody asks of hints then
    matters = topics(reading, evidence.words, county.categories, category) if kind not in OF_NO_MATTER else []
    return Understanding(
        category=category,
        category_words=reading.of(*(word.hit for word in evidence.words.get(category, ()))),
        urgency=urgency,
        urgency_words=reading.of(*urgency_hits),
        kind=kind,
        kind_words=reading.of(*kind_hits),
        about=tuple(about),
        places=tuple(places_named(reading, county, evidence.place_hits)),
        topics=tuple(matters),
        traces=tuple(traces),
        has_words=evidence.has_words,
        crises=crises_of(evidence) if urgency == Urgency.CRISIS else (),
        crisis_is_sure=is_sure,
    )
