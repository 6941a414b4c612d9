"""What the intake's learner learns from: the labelled utterances, as it sees them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bench.intake import Labelled, places_in, sample_county, shared
from models.urgency import Urgency
from services.intake.decisions import TRACE
from services.intake.evidence import Evidence, evidence_of
from services.intake.learner import Seen
from services.intake.understanding import About, TextKind

NONE = "none"  # the label of what is none of the others
_OF_LEXICON = ("rule ", "concept ", "list ", "category ")  # how features begin that the lexicon gives
_JOINED = 4  # texts that make a longer one
_LONGER = 3  # of how many longer texts one is learned from

Labels = Collection[str | None]


@dataclass(frozen=True)
class Example:
    """What the learner sees of a text, or of a clause, and its right labels."""

    seen: Seen
    labels: Labels


@cache
def evidence(text: str) -> Evidence:
    """Return what is read off a text in the sample county."""
    return evidence_of([text], sample_county())


def examples(lexical: Sequence[Labelled], further: Sequence[Labelled]) -> Mapping[str, Sequence[Example]]:
    """Return by question what is learned from."""
    lines = [*lexical, *further]
    told = [evidence(line.text).seen for line in further]
    seen = [*(_ruleless(evidence(line.text).seen) for line in lexical), *told]
    longer = [
        Example(_ruleless(evidence(text).seen), urgency)
        for part in (lexical, further)
        for text, urgency in [*_told_at_length(part)][::_LONGER]
    ]
    with_category = [*(_ruleless(evidence(line.text).seen, "category ") for line in lexical), *told]
    return {
        "urgency": [
            *(Example(one, line.urgency) for one, line in zip(seen, lines, strict=True)),
            *(Example(one, line.urgency) for one, line in zip(told, further, strict=True)),
            *longer,
        ],
        "kind": [Example(one, _kinds(line)) for one, line in zip(seen, lines, strict=True)],
        "category": [Example(one, line.category) for one, line in zip(with_category, lines, strict=True)],
        **{
            whom.value: [
                Example(one, {whom if whom in line.about else NONE})
                for one, line in zip(seen, lines, strict=True)
                if line.about <= {None} or None not in line.about
            ]
            for whom in (About.HEAD, About.TEAM)
        },
        TRACE: [
            *(Example(_ruleless(one.seen), one.labels) for line in lexical for one in _of_clauses(line)),
            *(one for line in further for one in _of_clauses(line)),
        ],
    }


def _kinds(line: Labelled) -> Labels:
    """Return what a text is: what may be a complaint, too, is taken for one."""
    return {TextKind.COMPLAINT} if TextKind.COMPLAINT in line.kind else line.kind


def _ruleless(seen: Seen, *but: str) -> Seen:
    """Return what is seen of a text without what the lexicon says of it, but for features that begin so."""
    kept = {
        name: value for name, value in seen.features.items() if not name.startswith(_OF_LEXICON) or name.startswith(but)
    }
    return Seen(kept, seen.vector)


def _told_at_length(lines: Sequence[Labelled]) -> Iterator[tuple[str, Labels]]:
    """Yield longer texts, made of several: in a long one many words stand that are of no consequence.

    Every third of those that are urgent is told between two that are not.
    """
    harmless = [line for line in lines if line.urgency == {Urgency.NORMAL} and TextKind.COMPLAINT in line.kind]
    for first in range(0, len(harmless) - _JOINED, _JOINED):
        yield "。".join(line.text for line in harmless[first : first + _JOINED]), harmless[first].urgency
    urgent = [line for line in lines if Urgency.NORMAL not in line.urgency]
    for number, line in enumerate(urgent[::3]):
        before, after = (harmless[(2 * number + beside) % len(harmless)] for beside in (0, 1))
        yield f"{before.text}。{line.text}。{after.text}", line.urgency


def _of_clauses(line: Labelled) -> Iterator[Example]:
    """Yield the clauses of a text that reports something, with whether they lead to the writer."""
    for clause, leads in clauses_that_lead(line):
        yield Example(evidence(line.text).clauses[clause].seen, {TRACE if leads else NONE})


def clauses_that_lead(line: Labelled) -> Iterator[tuple[int, bool]]:
    """Yield the numbers of the clauses of a text that reports something, and whether they lead to the writer.

    Those that do so in part are left out.
    """
    if not line.kind & {TextKind.COMPLAINT, TextKind.ADD_TO_EARLIER}:
        return
    leads, may = (list(places_in(line.text, pieces)) for pieces in (line.traces, line.traces_ok))
    for number, clause in enumerate(evidence(line.text).clauses):
        words = evidence(line.text).reading.words(clause.start, clause.end)
        spans = [(one.start, one.end) for one in words]
        long = sum(end - start for start, end in spans)
        common = max((shared(span, place) for span in spans for place in leads), default=0)
        if 2 * common >= long:
            yield number, True
        elif common <= 1 and all(shared(span, place) <= 1 for span in spans for place in may):
            yield number, False
