"""Highlights what leads to a person, for whoever wrote it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from privacy.traces import Mention, Trace, TraceKind, traces_of
from services.cases.masking import trace_name
from texts.catalogue import Html, Words

MOST_LISTED = 12
_LONGEST_TRACE = 40
_SEPARATOR = " / "


def highlighted(words: Words, texts: Sequence[str], mentions: Iterable[Mention], limit: int) -> Html:
    """Return the beginning of some texts in one line, what leads to a person underlined and its kind named."""
    parts: list[str] = []
    for piece, kind in _pieces(texts, traces_of(mentions, len(texts))):
        if len(piece) > limit:
            parts.append(_escaped(piece[:limit]) + "…")
            break
        limit -= len(piece)
        parts.append(f"<u><b>{_escaped(piece)}</b></u>[{trace_name(words, kind)}]" if kind else _escaped(piece))
    return Html("".join(parts))


def _pieces(texts: Sequence[str], traces: Sequence[Sequence[Trace]]) -> Iterator[tuple[str, TraceKind | None]]:
    """Yield texts cut into what leads to a person, with its kind, and what stands between."""
    for number, (text, of_text) in enumerate(zip(texts, traces, strict=True)):
        yield _SEPARATOR if number else "", None
        place = 0
        for trace in of_text:
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
