"""Highlights what leads to a person, for whoever wrote it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from privacy.traces import Mention, Trace, TraceKind, traces_of
from services.cases.masking import trace_name
from texts.catalogue import Html, Words

MOST_LISTED = 12
_LONGEST_TRACE = 40
_FEWEST_SHOWN = 12  # characters of each text


def highlighted(words: Words, texts: Sequence[str], mentions: Iterable[Mention], limit: int) -> Html:
    """Return the beginning of each of some texts in a line, what leads to a person underlined and its kind named.

    `limit` is how many characters they have together; none has less than a few.
    """
    shares = _shares([len(text) for text in texts], limit)
    traces = traces_of(mentions, len(texts))
    return Html("\n".join(_beginning(words, *one) for one in zip(texts, traces, shares, strict=True)))


def _shares(lengths: Sequence[int], limit: int) -> list[int]:
    """Return how many characters each of some texts is shown with: what the short ones leave falls to the long."""
    shares = [0] * len(lengths)
    in_order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for waiting, number in zip(range(len(lengths), 0, -1), in_order, strict=True):
        shares[number] = max(_FEWEST_SHOWN, min(lengths[number], limit // waiting))
        limit -= min(lengths[number], shares[number])
    return shares


def _beginning(words: Words, text: str, traces: Sequence[Trace], limit: int) -> str:
    parts: list[str] = []
    for piece, kind in _pieces(text, traces):
        if len(piece) > limit:
            parts.append(_escaped(piece[:limit]) + "…")
            break
        limit -= len(piece)
        parts.append(f"<u><b>{_escaped(piece)}</b></u>[{trace_name(words, kind)}]" if kind else _escaped(piece))
    return "".join(parts)


def _pieces(text: str, traces: Sequence[Trace]) -> Iterator[tuple[str, TraceKind | None]]:
    """Yield a text cut into what leads to a person, with its kind, and what stands between."""
    place = 0
    for trace in traces:
        yield _in_one_line(text[place : trace.start]), None
        yield _in_one_line(text[trace.start : trace.end]), trace.kind
        place = trace.end
    yield _in_one_line(text[place:]), None


def traces_listed(words: Words, traces: Sequence[tuple[TraceKind, str]]) -> Html:
    """Return traces, each as it is written, one a line, with its kind; those past a dozen are counted."""
    unique = list(dict.fromkeys(traces))
    lines = [
        words("resident.trace_line", kind=trace_name(words, kind), text=" ".join(text.split())[:_LONGEST_TRACE])
        for kind, text in unique[:MOST_LISTED]
    ]
    if len(unique) > MOST_LISTED:
        lines.append(words("resident.trace_more", count=len(unique) - MOST_LISTED))
    return Html("\n".join(lines))


def _in_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _escaped(text: str) -> str:
    return escape(text, quote=False)
