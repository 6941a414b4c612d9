"""Whether somebody's life is at stake, or something can hurt people: rules over the words of the lexicon."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.urgency import Urgency
from services.intake.lexicon import Rule, lexicon
from services.intake.reading import Reading
from services.intake.words import Hit, covered

_CANDIDATES = 6  # words of a concept on either side that are looked at
_ONE_WRONG = 3  # signs of a phrase in which only one may be wrong
_BEFORE = 4  # signs before a word in which it may be negated
_UNRESOLVED = 6  # signs before what is put right in which it may be wished for or denied
_SINCE = 36  # signs after a danger in which it may be told that it was put right
_PAST = 16  # signs before a word in which its time may be told
_CLAUSE, _SENTENCE = 2, 4  # how many signs further a word is that stands in another clause or sentence
_IN_SHORT_LINES = 10  # signs further where somebody sends a sentence in pieces
_LEVELS = (Urgency.CRISIS, Urgency.DANGER)


@dataclass(frozen=True)
class Alarm:
    """A rule that applies, and the words to which it does."""

    level: Urgency
    rule: Rule
    hits: tuple[Hit, ...]

    @property
    def start(self) -> int:
        """Where its first word begins."""
        return min(hit.start for hit in self.hits)

    @property
    def end(self) -> int:
        """Where its last word ends."""
        return max(hit.end for hit in self.hits)


Found = Mapping[str, Sequence[tuple[Hit, bool]]]  # the words of each concept, and whether only by their sound


def alarms(reading: Reading, found: Found) -> tuple[list[Alarm], bool]:
    """Return why a text is urgent in which these words stand, crises first; and whether it tells of what is not so.

    What did not happen, was put right, or was long ago, is no reason.
    """
    told = _Told(reading)
    raised = [
        Alarm(Urgency(rule.level), rule, hits)
        for rule in lexicon().urgency.rules
        for hits in _matches(reading, rule, found)
    ]
    kept = [alarm for alarm in raised if not _is_denied(reading, alarm) and not _is_over(reading, alarm, told)]
    denies = len(kept) < len(raised) or _denies(reading, found) or any(_holds(reading, hit) for hit in told.resolved)
    return sorted(kept, key=lambda alarm: _LEVELS.index(alarm.level)), denies


def concepts_in(reading: Reading, harmless: Sequence[Hit]) -> Found:
    """Return the words of each concept that stand in a text; none that begins or ends in what is harmless counts."""
    concepts = lexicon().urgency
    found: dict[str, list[tuple[Hit, bool]]] = defaultdict(list)
    safe = covered(harmless, len(reading.text))
    for hit in reading.find(concepts.words):
        if not (safe[hit.start] or safe[hit.end - 1]):
            for concept in concepts.of[hit.pattern]:
                found[concept].append((hit, False))
    for hit in concepts.sound_vocabulary.find(reading.sounds):
        phrase = hit.pattern
        written = reading.text[hit.start : hit.end]
        wrong = sum(a != b for a, b in zip(written, phrase, strict=True))
        if 0 < wrong <= _wrong_signs(phrase) and not any(safe[hit.start : hit.end]):
            for concept in concepts.of_phrase[phrase]:
                found[concept].append((hit, True))
    for hits in found.values():
        hits.sort(key=lambda pair: pair[0].start)
    return found


def _wrong_signs(phrase: str) -> int:
    """Return how many signs of a phrase may be others that sound alike."""
    return 1 if len(phrase) <= _ONE_WRONG else 2


def _matches(reading: Reading, rule: Rule, found: Found) -> Iterable[tuple[Hit, ...]]:
    """Yield the words to which a rule applies, for each word of its rarest concept the nearest of the others."""
    if not all(concept in found for concept in rule.needs):
        return
    rarest = min(rule.needs, key=lambda concept: len(found[concept]))
    starts = {concept: [hit.start for hit, _ in found[concept]] for concept in rule.needs}
    for pair in found[rarest]:
        chosen = {rarest: pair}
        for concept in rule.needs:
            if concept != rarest:
                near = _nearest(pair[0], found[concept], starts[concept], chosen.values())
                if near is None:
                    break
                chosen[concept] = near
        else:
            hits = [chosen[concept][0] for concept in rule.needs]
            ordered = sorted(hits, key=lambda hit: hit.start)
            apart = max((_distance(reading, a, b) for a, b in pairwise(ordered)), default=0)
            by_sound = sum(only_by_sound for _, only_by_sound in chosen.values())
            within = rule.within + (_IN_SHORT_LINES if reading.in_short_lines else 0)
            if apart <= within and by_sound <= 1 and (not rule.in_order or hits == ordered):
                yield tuple(ordered)


def _nearest(
    to: Hit, hits: Sequence[tuple[Hit, bool]], starts: list[int], taken: Iterable[tuple[Hit, bool]]
) -> tuple[Hit, bool] | None:
    place = bisect_left(starts, to.start)
    others = [hit for hit, _ in taken]
    near = [
        pair
        for pair in hits[max(place - _CANDIDATES, 0) : place + _CANDIDATES]
        if not any(pair[0].overlaps(other) for other in others)
    ]
    return min(near, key=lambda pair: (_gap(pair[0], to), pair[1]), default=None)


def _gap(one: Hit, other: Hit) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _distance(reading: Reading, one: Hit, other: Hit) -> int:
    further = _CLAUSE * (reading.clause(other.start) - reading.clause(one.end - 1))
    further += _SENTENCE * (reading.sentence(other.start) - reading.sentence(one.end - 1))
    return other.start - one.end + further


def _is_denied(reading: Reading, alarm: Alarm) -> bool:
    """Whether it is said that this did not happen, or, of a crisis, that it nearly did."""
    words = lexicon().urgency
    denials = words.negated + (words.nearly if alarm.level == Urgency.CRISIS else ())
    return any(_before(reading, hit).endswith(denials) for hit in alarm.hits)


def _denies(reading: Reading, found: Found) -> bool:
    """Whether a word of danger is denied; 'no cover' is a word of danger in itself."""
    within = bytearray(len(reading.text))
    exact = [hit for hits in found.values() for hit, only_by_sound in hits if not only_by_sound]
    for hit in exact:
        within[hit.start + 1 : hit.end] = b"\1" * (hit.end - hit.start - 1)
    return any(not within[hit.start] and _before(reading, hit).endswith(lexicon().urgency.negated) for hit in exact)


def _before(reading: Reading, hit: Hit) -> str:
    return reading.text[max(hit.start - _BEFORE, 0) : hit.start]


class _Told:
    """What a text tells of the time and the end of things."""

    def __init__(self, reading: Reading) -> None:
        sets = lexicon().urgency.sets
        self._hits = {name: reading.find(sets[name]) for name in ("resolved", "recovered", "again", "past", "now")}
        self._starts = {name: [hit.start for hit in hits] for name, hits in self._hits.items()}

    @property
    def resolved(self) -> Sequence[Hit]:
        """What is said of things that were put right."""
        return self._hits["resolved"]

    def between(self, name: str, start: int, end: int) -> Sequence[Hit]:
        """Return the words of a kind that begin from a place up to another."""
        starts = self._starts[name]
        return self._hits[name][bisect_left(starts, start) : bisect_left(starts, end)]


def _is_over(reading: Reading, alarm: Alarm, told: _Told) -> bool:
    """Whether it is told, too, that this was put right, or that it was long ago."""
    name = "recovered" if alarm.level == Urgency.CRISIS and not alarm.rule.unless_past else "resolved"
    first, last = reading.sentence(alarm.start), reading.sentence(alarm.end - 1)
    for hit in told.between(name, alarm.start - _PAST, alarm.end + _SINCE):
        if first <= reading.sentence(hit.start) <= last and _holds(reading, hit):
            came_back = bool(told.between("again", hit.end, alarm.end))
            if not came_back:
                return True
    if not alarm.rule.unless_past:
        return False
    long_ago = any(
        first <= reading.sentence(hit.start) <= last
        for hit in told.between("past", alarm.start - _PAST, alarm.end + _BEFORE)
    )
    return long_ago and not told.between("now", alarm.end - _PAST, alarm.end + _PAST)


def _holds(reading: Reading, hit: Hit) -> bool:
    """Whether what is put right is so, not denied or wished for."""
    before = reading.text[max(hit.start - _UNRESOLVED, 0) : hit.start]
    return not any(word in before for word in lexicon().urgency.unresolved)
