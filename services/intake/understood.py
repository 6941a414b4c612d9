"""What a resident's texts mean: worked out once for each change, where nobody has to wait for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from privacy.traces import Mention, Trace, TraceKind, find_mentions, traces_of
from services.intake.county import county_at
from services.intake.drafts import Addition, Draft, Searched, UnsentText
from services.intake.preparation import is_ready, understand
from services.intake.understanding import NOTHING, StoredUnderstanding, Understanding
from services.unit_of_work import UnitOfWork

_Unsent = TypeVar("_Unsent", bound=UnsentText)

_MOST_WORDS = 12  # that are kept for a finding
_MOST_TRACES = 100
_AT_ONCE = 300  # signs that are understood within a transaction: in a few milliseconds


async def with_understanding(work: UnitOfWork, draft: Draft) -> Draft:
    """Return a draft with what its texts mean: as it was understood before, unless they or the county have changed."""
    return await _understood(work, draft, draft.place.round_id)


async def addition_understood(work: UnitOfWork, addition: Addition) -> Addition:
    """Return what is to be added to a complaint with what it means, as `with_understanding` does a draft."""
    return await _understood(work, addition, None)


async def _understood(work: UnitOfWork, unsent: _Unsent, round_id: str | None) -> _Unsent:
    digest, version = _digest(unsent.texts), (await work.directory()).version
    before = unsent.understood
    if before is not None and (before.texts, before.version) == (digest, version):
        return unsent
    meaning = await meaning_of(work, unsent.texts, round_id)
    if not meaning.crisis_is_sure:
        unsent = _searched(work, unsent)
        meaning = await meaning_of(work, _without_codes(unsent), round_id)
    return unsent.as_understood(StoredUnderstanding(digest, version, _worth_keeping(meaning)))


async def meaning_of(work: UnitOfWork, texts: Sequence[str], round_id: str | None = None) -> Understanding:
    """Return what texts mean that one resident wrote one after the other.

    Long ones raise ResultMissing (services.ahead), and so does what comes before the lexicons are read.
    """
    texts = tuple(texts)
    if not any(map(str.strip, texts)):
        return NOTHING
    known = await work.directory()
    takes_long = not is_ready() or is_long(texts)
    county = county_at(known, round_id)
    name = (known.version, round_id, texts)
    return work.results.get(name, partial(understand, texts, county=county), takes_long=takes_long)


def is_long(texts: Sequence[str]) -> bool:
    """Whether to search texts takes longer than a transaction should."""
    return sum(map(len, texts)) > _AT_ONCE


def with_mentions(work: UnitOfWork, unsent: _Unsent) -> _Unsent:
    """Return a draft, or what is to be added, that knows what leads to a person in it, if to look for it takes long.

    Raises ResultMissing then, so that it is looked for outside the transaction.
    """
    return _searched(work, unsent) if is_long(unsent.texts) else unsent


def mentions_in(work: UnitOfWork, texts: Sequence[str]) -> tuple[Mention, ...]:
    """Return what leads to a person in texts that go on from one another. Long ones raise ResultMissing."""
    texts = tuple(texts)
    return work.results.get(("mentions", texts), partial(find_mentions, texts), takes_long=is_long(texts))


def _searched(work: UnitOfWork, unsent: _Unsent) -> _Unsent:
    return replace(unsent, searched=Searched(unsent.texts, mentions_in(work, unsent.texts)))


def _without_codes(unsent: UnsentText) -> tuple[str, ...]:
    """Return texts with blanks for the receipt codes in them, also for one with a word wrong: its words mean nothing.

    What they mean else stands where it stood.
    """
    texts, codes = unsent.texts, [mention for mention in unsent.mentions if mention.kind is TraceKind.RECEIPT]
    return tuple(_with_blanks(text, traces) for text, traces in zip(texts, traces_of(codes, len(texts)), strict=True))


def _with_blanks(text: str, traces: Sequence[Trace]) -> str:
    for trace in traces:
        text = text[: trace.start] + " " * (trace.end - trace.start) + text[trace.end :]
    return text


def _worth_keeping(meaning: Understanding) -> Understanding:
    """Return an understanding with no more of what led to it than is shown: a text may say the same a thousand times.

    Of the findings about one person the first is kept.
    """
    about = {(one.about, one.person_id, one.unit_id, one.sure): one for one in reversed(meaning.about)}
    return replace(
        meaning,
        category_words=meaning.category_words[:_MOST_WORDS],
        urgency_words=meaning.urgency_words[:_MOST_WORDS],
        kind_words=meaning.kind_words[:_MOST_WORDS],
        about=tuple(reversed(about.values())),
        places=tuple(replace(one, words=one.words[:_MOST_WORDS]) for one in meaning.places),
        topics=tuple(replace(one, words=one.words[:_MOST_WORDS]) for one in meaning.topics),
        traces=meaning.traces[:_MOST_TRACES],
    )


def _digest(texts: Sequence[str]) -> str:
    whole = hashlib.sha256()
    for text in texts:
        whole.update(b"%d\0" % len(text) + text.encode("utf-8", "surrogatepass"))
    return whole.hexdigest()[:32]
