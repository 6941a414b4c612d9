"""Finds what leads to a person in what somebody wrote: numbers of cards and telephones, names,
addresses; and receipt codes, by which anybody could come back in their place.

Whose they are cannot be told: those of whoever is complained about are found too, and the writer decides.
"""

from collections.abc import Callable, Collection

from privacy.receipt import receipts_in
from privacy.traces.kinds import Trace, TraceKind
from privacy.traces.names import names
from privacy.traces.numbers import numbers
from privacy.traces.plain import Plain

__all__ = ["BLOCK", "Trace", "TraceKind", "find_traces", "masked", "same_again", "value_of"]

BLOCK = "▇"  # stands on both sides of what a trace was


def find_traces(written: str) -> tuple[Trace, ...]:
    """Return the traces in a text, in its order; none overlaps another."""
    plain = Plain.of(written)
    found = [(start, end, TraceKind.RECEIPT) for start, end in receipts_in(plain.text)]
    found += numbers(plain.text, plain.digits)
    found += [(start, end, TraceKind.NAME) for start, end in names(plain.text)]
    taken: list[tuple[int, int, TraceKind]] = []
    for start, end, kind in found:
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
            taken.append((start, end, kind))
    return tuple(Trace(*plain.written(start, end), kind) for start, end, kind in sorted(taken))


def masked(written: str, traces: Collection[Trace], name: Callable[[TraceKind], str]) -> str:
    """Return a text with each trace replaced by the name of its kind between two blocks."""
    parts, place = [], 0
    for trace in traces:
        parts += [written[place : trace.start], BLOCK, name(trace.kind), BLOCK]
        place = trace.end
    return "".join([*parts, written[place:]])


def value_of(written: str, trace: Trace) -> str:
    """Return what a trace says, however it was written: to tell whether it is the same again."""
    return _bare(Plain.of(written[trace.start : trace.end]).digits)


def same_again(written: str, known: Collection[tuple[str, TraceKind]]) -> tuple[Trace, ...]:
    """Return where a text repeats traces, by their values and kinds, that were found elsewhere."""
    plain = Plain.of(written)
    kept = [place for place, sign in enumerate(plain.digits) if _bare(sign)]
    bare = "".join(plain.digits[place].lower() for place in kept)
    taken: list[tuple[int, int, TraceKind]] = []
    for value, kind in sorted(known, key=lambda one: -len(one[0])):
        at = bare.find(value) if len(value) > 1 else -1
        while at >= 0:
            start, end = kept[at], kept[at + len(value) - 1] + 1
            if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
                taken.append((start, end, kind))
            at = bare.find(value, at + len(value))
    return tuple(Trace(*plain.written(start, end), kind) for start, end, kind in sorted(taken))


def _bare(digits: str) -> str:
    return "".join(sign for sign in digits if sign.isalnum()).lower()
