"""What leads to a person is masked in all that staff are shown, unless the case was unmasked."""

import re
from collections.abc import Hashable, Sequence
from functools import cache

from privacy.characters import without_directions
from privacy.traces import BLOCK, Mention, Trace, TraceKind, find_mentions, masked, repeated, traces_of
from texts.catalogue import LANGUAGES, Words


def hidden(texts: Sequence[str], language: str, speakers: Sequence[Hashable] | None = None) -> list[str]:
    """Return texts as staff may read them: what leads to a person is masked, also where a text repeats another's.

    What one speaker says goes on from one text into the next; without `speakers` they are all one's.
    """
    said = _by_speaker(texts, speakers)
    found = {speaker: find_mentions([texts[place] for place in places]) for speaker, places in said.items()}
    known = frozenset((mention.value, mention.kind) for mentions in found.values() for mention in mentions)
    shown = list(texts)
    for speaker, places in said.items():
        own = [texts[place] for place in places]
        traces = traces_of((*found[speaker], *repeated(own, known)), len(own))
        for place, of_text in zip(places, traces, strict=True):
            shown[place] = _masked(texts[place], of_text, language)
    return shown


def without_mentions(texts: Sequence[str], mentions: Sequence[Mention], language: str) -> list[str]:
    """Return texts of one speaker without what was found in them, also where a text repeats it."""
    known = frozenset((mention.value, mention.kind) for mention in mentions)
    traces = traces_of((*mentions, *repeated(texts, known)), len(texts))
    return [_masked(text, of_text, language) for text, of_text in zip(texts, traces, strict=True)]


def without_receipts(texts: Sequence[str], language: str, speakers: Sequence[Hashable] | None = None) -> list[str]:
    """Return texts without the receipt codes in them, which unmask nobody: whoever has one can act as its holder."""
    shown = list(texts)
    for places in _by_speaker(texts, speakers).values():
        own = [texts[place] for place in places]
        receipts = [mention for mention in find_mentions(own) if mention.kind is TraceKind.RECEIPT]
        for place, of_text in zip(places, traces_of(receipts, len(own)), strict=True):
            shown[place] = _masked(texts[place], of_text, language)
    return shown


def without(text: str, known: frozenset[tuple[str, TraceKind]], language: str) -> str:
    """Return a text in which what leads to a person, and is known from elsewhere, is masked."""
    return _masked(text, traces_of(repeated([text], known), 1)[0], language)


def traces_in(texts: Sequence[str], speakers: Sequence[Hashable] | None = None) -> frozenset[tuple[str, TraceKind]]:
    """Return what the traces in some texts say."""
    said = _by_speaker(texts, speakers).values()
    return frozenset(
        (mention.value, mention.kind)
        for places in said
        for mention in find_mentions([texts[place] for place in places])
    )


def _by_speaker(texts: Sequence[str], speakers: Sequence[Hashable] | None) -> dict[Hashable, list[int]]:
    """Return which texts are whose, in their order."""
    said: dict[Hashable, list[int]] = {}
    for place, speaker in enumerate(speakers or [None] * len(texts)):
        said.setdefault(speaker, []).append(place)
    return said


def _masked(text: str, traces: Sequence[Trace], language: str) -> str:
    return without_directions(masked(text, traces, lambda kind: trace_name(Words(language), kind)))


def trace_name(words: Words, kind: TraceKind) -> str:
    """Return what a kind of trace is called."""
    return words(f"trace.{kind}")


def blanked(text: str) -> str:
    """Return a text with blanks, as many, where a trace was masked: the name of its kind is none of the writer's words.

    What somebody wrote between two blocks by themselves stays.
    """
    return _mask_pattern().sub(lambda found: " " * len(found[0]), text)


@cache
def _mask_pattern() -> re.Pattern[str]:
    names = {trace_name(Words(language), kind) for language in LANGUAGES for kind in TraceKind}
    return re.compile(f"{BLOCK}(?:{'|'.join(map(re.escape, sorted(names)))}){BLOCK}")
