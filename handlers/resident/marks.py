"""How what leads to a person is marked for whoever wrote it."""

from collections.abc import Sequence
from html import escape

from privacy.traces import TraceKind, find_traces
from services.complaints.masking import trace_name
from texts.catalogue import Html, Words

MOST_LISTED = 12
_LONGEST = 40


def marked(words: Words, text: str, most: int) -> Html:
    """Return the beginning of a text, what leads to a person underlined and its kind named."""
    parts, place = [], 0
    for trace in find_traces(text):
        if trace.end > most:
            break
        kind = trace_name(words, trace.kind)
        parts += [_plain(text[place : trace.start]), f"<u><b>{_plain(text[trace.start : trace.end])}</b></u>[{kind}]"]
        place = trace.end
    parts.append(_plain(text[place:most]) + ("…" if len(text) > most else ""))
    return Html("".join(parts))


def traces_listed(words: Words, traces: Sequence[tuple[TraceKind, str]]) -> Html:
    """Return traces, each as it is written, one a line, with its kind; those past a dozen are counted."""
    unique = list(dict.fromkeys(traces))
    lines = [
        words("resident.trace_line", kind=trace_name(words, kind), text=" ".join(text.split())[:_LONGEST])
        for kind, text in unique[:MOST_LISTED]
    ]
    if len(unique) > MOST_LISTED:
        lines.append(words("resident.trace_more", count=len(unique) - MOST_LISTED))
    return Html("\n".join(lines))


def _plain(text: str) -> str:
    return escape(text, quote=False)
