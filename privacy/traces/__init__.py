"""Finds what leads to a person in what somebody wrote: numbers of cards and telephones, names,
addresses; and receipt codes, by which anybody could come back in their place.

Whose they are cannot be told: those of whoever is complained about are found too, and the writer decides.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from privacy.characters import REVERSES
from privacy.receipt import Receipt
from privacy.receipt_search import codes_in, perhaps_codes_in, receipts_in
from privacy.traces.accounts import accounts
from privacy.traces.documents import documents
from privacy.traces.houses import houses
from privacy.traces.kinds import Mention, Trace, TraceKind
from privacy.traces.names import names
from privacy.traces.numbers import numbers
from privacy.traces.plain import Plain, meaningful_places, normalised_value
from privacy.traces.signatures import signatures

__all__ = [
    "BLOCK",
    "Mention",
    "Trace",
    "TraceKind",
    "find_codes",
    "find_mentions",
    "find_traces",
    "masked",
    "repeated",
    "traces_of",
    "value_of",
]

BLOCK = "▇"  # stands on both sides of what a trace was
_MOBILE_FIGURES = 11


def find_mentions(texts: Sequence[str]) -> tuple[Mention, ...]:
    """Return what leads to a person in texts that go on from one another, also from one text into the next."""
    return tuple(
        Mention(kind, _value(joined.plain.digits[start:end], kind), joined.parts(start, end, kind))
        for joined in _in_every_order(texts)
        for start, end, kind in _without_overlaps(_traces_in(joined.plain), len(joined.plain.text))
    )


def find_codes(texts: Sequence[str], *, perhaps: bool = False) -> tuple[tuple[Receipt, Mention], ...]:
    """Return the receipt codes in texts that go on from one another, each with where it stands; or what may be some."""
    search = perhaps_codes_in if perhaps else codes_in
    return tuple(
        (receipt, Mention(TraceKind.RECEIPT, receipt.pack(), joined.parts(start, end, TraceKind.RECEIPT)))
        for joined in _in_every_order(texts)
        for start, end, receipt in search(joined.plain.text)
    )


def find_traces(written: str) -> tuple[Trace, ...]:
    """Return the traces in a text, in its order; none overlaps another."""
    return traces_of(find_mentions([written]), 1)[0]


def repeated(texts: Sequence[str], known: Collection[tuple[str, TraceKind]]) -> tuple[Mention, ...]:
    """Return where texts that go on from one another repeat what, by its value and kind, was found elsewhere."""
    joined = _Joined(texts)
    digits = joined.plain.digits
    places = meaningful_places(digits)
    value_text = "".join(digits[place].lower() for place in places)
    found = (
        (places[at], places[at + len(value) - 1] + 1, kind) for at, value, kind in _occurrences(value_text, dict(known))
    )
    return tuple(
        Mention(kind, _value(digits[start:end], kind), joined.parts(start, end, kind))
        for start, end, kind in _without_overlaps(found, len(digits))
    )


def traces_of(mentions: Iterable[Mention], count: int) -> list[tuple[Trace, ...]]:
    """Return the traces in each of so many texts, in its order; those that overlap are one."""
    places: list[list[Trace]] = [[] for _ in range(count)]
    for mention in mentions:
        for text, trace in mention.parts:
            places[text].append(trace)
    return [
        tuple(Trace(*span) for span in _longest((trace.start, trace.end, trace.kind) for trace in traces))
        for traces in places
    ]


def value_of(written: str, kind: TraceKind) -> str:
    """Return what a trace says, however it is written."""
    return _value(Plain.of(written).digits, kind)


def masked(written: str, traces: Collection[Trace], name: Callable[[TraceKind], str]) -> str:
    """Return a text with each trace replaced by the name of its kind between two blocks."""
    parts, place = [], 0
    for trace in traces:
        parts += [written[place : trace.start], BLOCK, name(trace.kind), BLOCK]
        place = trace.end
    return "".join([*parts, written[place:]])


class _Joined:
    """Texts as one, those that are not blank a line each."""

    def __init__(self, texts: Sequence[str], *, as_displayed: bool = False) -> None:
        self._places: list[tuple[int, int, int]] = []  # of each text: its number, where it begins and ends
        place = 0
        for number, text in enumerate(texts):
            if text.strip():
                self._places.append((number, place, place + len(text)))
                place += len(text) + 1
        joined = "\n".join(texts[number] for number, _, _ in self._places)
        self.plain = Plain.of(joined, as_displayed=as_displayed)

    def parts(self, start: int, end: int, kind: TraceKind) -> tuple[tuple[int, Trace], ...]:
        """Return in which texts a piece of what is plain stands, and where in them."""
        start, end = self.plain.written(start, end)
        first = bisect_right(self._places, start, key=lambda place: place[1]) - 1
        parts = []
        for number, begins, ends in self._places[first:]:
            if begins >= end:
                break
            if start < ends:
                parts.append((number, Trace(max(start, begins) - begins, min(end, ends) - begins, kind)))
        return tuple(parts)


def _in_every_order(texts: Sequence[str]) -> Iterator[_Joined]:
    """Yield texts as one as they were written, and as they are displayed where that differs."""
    yield _Joined(texts)
    if any(REVERSES in text for text in texts):
        yield _Joined(texts, as_displayed=True)


def _longest(found: Iterable[tuple[int, int, TraceKind]]) -> Iterator[tuple[int, int, TraceKind]]:
    """Yield in order one span for those that overlap, of the kind of the longest: of a number no figure is left."""
    start = end = length = 0
    kind = None
    for next_start, next_end, next_kind in sorted(found, key=lambda span: span[0]):
        if kind is not None and next_start < end:
            if next_end - next_start > length:
                length, kind = next_end - next_start, next_kind
            end = max(end, next_end)
            continue
        if kind is not None:
            yield start, end, kind
        start, end, length, kind = next_start, next_end, next_end - next_start, next_kind
    if kind is not None:
        yield start, end, kind


def _numbers_in(plain: Plain) -> Iterator[tuple[int, int, TraceKind]]:
    yield from numbers(plain.text, plain.digits)
    yield from documents(plain.digits)
    yield from ((start, end, TraceKind.ACCOUNT) for start, end in accounts(plain.text))


def _traces_in(plain: Plain) -> Iterator[tuple[int, int, TraceKind]]:
    yield from ((start, end, TraceKind.RECEIPT) for start, end in receipts_in(plain.text))
    yield from _longest(_numbers_in(plain))
    yield from ((start, end, TraceKind.HOUSE) for start, end in houses(plain.digits))
    yield from ((start, end, TraceKind.NAME) for start, end in names(plain.text))
    yield from signatures(plain.text)


def _without_overlaps(found: Iterable[tuple[int, int, TraceKind]], length: int) -> list[tuple[int, int, TraceKind]]:
    """Return in order what overlaps nothing that was found before it."""
    taken, result = bytearray(length), []
    for start, end, kind in found:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            result.append((start, end, kind))
    return sorted(result)


def _value(digits: str, kind: TraceKind) -> str:
    value = normalised_value(digits)
    return value[-_MOBILE_FIGURES:] if kind is TraceKind.MOBILE else value


def _occurrences(value_text: str, known: dict[str, TraceKind]) -> Iterator[tuple[int, str, TraceKind]]:
    """Yield where values stand, longer ones first; one sign alone says nothing."""
    for length in sorted({len(value) for value in known if len(value) > 1}, reverse=True):
        for at in range(len(value_text) - length + 1):
            kind = known.get(value_text[at : at + length])
            if kind is not None:
                yield at, value_text[at : at + length], kind
