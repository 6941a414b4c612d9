"""What leads to a person is masked in all that staff are shown, unless the case was unmasked."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from models.complaints import Case, Unmasking
from privacy.traces import TraceKind, find_traces, masked, same_again, value_of
from services.work import Work
from texts.catalogue import Words


def hidden(texts: Sequence[str], language: str) -> list[str]:
    """Return texts as staff may read them: what leads to a person is masked, also where a text repeats another's."""
    known = traces_in(texts)
    shown = [masked(text, find_traces(text), lambda kind: trace_name(Words(language), kind)) for text in texts]
    return [without(text, known, language) for text in shown]


def without_receipts(texts: Sequence[str], language: str) -> list[str]:
    """Return texts without the receipt codes in them, which unmask nobody: whoever has one can act as its holder."""
    return [
        masked(
            text,
            [trace for trace in find_traces(text) if trace.kind is TraceKind.RECEIPT],
            lambda kind: trace_name(Words(language), kind),
        )
        for text in texts
    ]


def without(text: str, known: frozenset[tuple[str, TraceKind]], language: str) -> str:
    """Return a text in which what leads to a person, and is known from elsewhere, is masked."""
    return masked(text, same_again(text, known), lambda kind: trace_name(Words(language), kind))


def traces_in(texts: Sequence[str]) -> frozenset[tuple[str, TraceKind]]:
    """Return what the traces in some texts say."""
    return frozenset((value_of(text, trace), trace.kind) for text in texts for trace in find_traces(text))


def trace_name(words: Words, kind: TraceKind) -> str:
    """Return what a kind of trace is called."""
    return words(f"trace.{kind}")


async def is_unmasked(work: Work, case: Case) -> bool:
    """Whether a case was unmasked at the desk where it lies; on another desk it is masked again."""
    there = exists().where(Unmasking.case_id == case.id, Unmasking.desk == case.desk)
    return bool(await work.session.scalar(select(there)))
