"""What leads to a person is taken out of what they wrote where they want it so, a receipt code that works always."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Select, select

from models.complaints import Author, Complaint, ComplaintMessage
from privacy.receipt import Receipt, digest
from privacy.traces import Mention, TraceKind, find_codes, masked, repeated, traces_of
from services.cases.masking import trace_name, without_mentions
from services.intake.drafts import Addition, Draft
from services.intake.understood import is_long, mentions_in
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words

_LOOKED_BACK = 8  # messages from which on a number or a code may go on into the one just added, itself among them


def texts_without_traces(draft: Draft, mentions: Sequence[Mention], language: str) -> tuple[tuple[str, str], ...]:
    """Return, by source, the new texts of a draft in which what was found is replaced by the name of its kind."""
    pieces = [piece for piece in draft.pieces if piece.text]
    shown = without_mentions(draft.texts, mentions, language)
    return tuple((piece.source, text) for piece, text in zip(pieces, shown, strict=True) if piece.text != text)


async def texts_without_codes(work: UnitOfWork, draft: Draft, language: str) -> tuple[tuple[str, str], ...]:
    """Return, by source, the new texts of a draft in which receipt codes stand that open a complaint: none is kept."""
    codes = await _working_codes(work, draft.texts)
    return texts_without_traces(draft, codes, language) if codes else ()


async def take_codes_out_of_addition(work: UnitOfWork, addition: Addition, language: str) -> Addition:
    """Return what is to be added to a complaint without the receipt codes in it that open one."""
    codes = await _working_codes(work, addition.texts)
    if not codes:
        return addition
    shown = iter(without_mentions(addition.texts, codes, language))
    return replace(addition, lines=tuple((source, next(shown) if text else "") for source, text in addition.lines))


async def traces_of_added(
    work: UnitOfWork, complaint: Complaint, message_id: str, language: str
) -> tuple[tuple[TraceKind, str], ...]:
    """Return what in a message just added leads to a person, also where it began in those before.

    A receipt code that opens a complaint is taken out at once.
    """
    latest = _said_in(complaint).order_by(ComplaintMessage.position.desc()).limit(_LOOKED_BACK)
    said = (await _opened(work, complaint, latest))[::-1]
    texts = [text for _, text in said]
    if codes := [*await _working_codes(work, texts), *_own_codes(work, complaint, texts)]:
        texts = _replace(work, complaint, said, codes, language)
        await work.session.flush()
    added = [number for number, (row, _) in enumerate(said) if row.id == message_id]
    return tuple((mention.kind, mention.written(texts)) for mention in _touching(added, mentions_in(work, texts)))


async def take_out_of_added(work: UnitOfWork, complaint_id: str, message_ids: Collection[str], language: str) -> None:
    """Replace what leads to a person in messages a reporter has added to their complaint.

    Of what goes on from one message into another, no part stays.
    """
    complaint = await work.session.get(Complaint, complaint_id)
    if complaint is None:
        return
    said = await _opened(work, complaint, _said_in(complaint).order_by(ComplaintMessage.position))
    texts = [text for _, text in said]
    added = [number for number, (row, _) in enumerate(said) if row.id in message_ids]
    found = _touching(added, mentions_in(work, texts))
    known = frozenset((mention.value, mention.kind) for mention in found)
    mentions = (*found, *_touching(added, repeated(texts, known)))
    _replace(work, complaint, said, mentions, language)
    await work.session.flush()


def _own_codes(work: UnitOfWork, complaint: Complaint, texts: Sequence[str]) -> list[Mention]:
    """Return where in the last texts that go on from one another a complaint's code stands, also with words between."""
    last = (*("" for _ in texts[:-2]), *texts[-2:])
    return [
        mention
        for receipt, mention in _codes(work, last, perhaps=True)
        if digest(receipt, work.keyring.receipt_secret) == complaint.receipt_digest
    ]


def _codes(work: UnitOfWork, texts: tuple[str, ...], *, perhaps: bool) -> Sequence[tuple[Receipt, Mention]]:
    """Return what `find_codes` finds. Long texts raise ResultMissing: nobody waits while they are searched."""
    search = partial(find_codes, texts, perhaps=perhaps)
    return work.results.get(("codes", texts, perhaps), search, takes_long=is_long(texts))


async def _working_codes(work: UnitOfWork, texts: Sequence[str]) -> list[Mention]:
    """Return where in texts that go on from one another receipt codes stand that open a complaint."""
    codes = _codes(work, tuple(texts), perhaps=False)
    found = [(digest(receipt, work.keyring.receipt_secret), mention) for receipt, mention in codes]
    if not found:
        return []
    query = select(Complaint.receipt_digest).where(Complaint.receipt_digest.in_({of_code for of_code, _ in found}))
    working = set(await work.session.scalars(query))
    return [mention for of_code, mention in found if of_code in working]


def _replace(
    work: UnitOfWork,
    complaint: Complaint,
    said: Sequence[tuple[ComplaintMessage, str]],
    mentions: Iterable[Mention],
    language: str,
) -> list[str]:
    """Replace what was found in messages of a complaint by the name of its kind; return the texts as they are then."""
    sealing = work.keyring.complaint_key(complaint.round_id, complaint.id)
    texts = [text for _, text in said]
    for number, ((row, text), traces) in enumerate(zip(said, traces_of(mentions, len(said)), strict=True)):
        if traces:
            kept = sealing.open_json(row.id, row.sealed)
            texts[number] = masked(text, traces, lambda kind: trace_name(Words(language), kind))
            row.sealed = sealing.seal_json(row.id, kept | {"text": texts[number]})
    return texts


def _said_in(complaint: Complaint) -> Select[ComplaintMessage]:
    return select(ComplaintMessage).where(
        ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.author == Author.REPORTER
    )


async def _opened(
    work: UnitOfWork, complaint: Complaint, query: Select[ComplaintMessage]
) -> list[tuple[ComplaintMessage, str]]:
    sealing = work.keyring.complaint_key(complaint.round_id, complaint.id)
    rows = await work.session.scalars(query)
    return [(row, sealing.open_json(row.id, row.sealed).get("text") or "") for row in rows]


def _touching(numbers: Collection[int], mentions: Iterable[Mention]) -> list[Mention]:
    """Return those of which a part stands in one of these texts."""
    return [mention for mention in mentions if any(number in numbers for number, _ in mention.parts)]
