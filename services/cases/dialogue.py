"""What a team and a reporter say to each other; every word is sealed, and neither learns who the other is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from media.kinds import Cleaned
from models.base import coarse, random_id
from models.complaints import (
    Author,
    Case,
    CaseComplaint,
    Complaint,
    ComplaintMessage,
    MessageKind,
    ReplyAddress,
)
from models.states import CaseState
from privacy.contact_details import contains_contact
from services.access.contacts import notice_numbers
from services.attachments import id_for
from services.cases.cards import tell_in_charge
from services.cases.case_log import cases_to_change, complaints_of
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.disclosure_times import is_from_village, next_push
from services.cases.news import log_news
from services.cases.notices import ReporterAnswer, ReporterNotice, ReporterQuestion, ReporterState, ReporterWrote
from services.cases.particulars import missing_after
from services.cases.reassignment import reassign
from services.cases.restriction import restrict
from services.outbox import OutgoingMessage, Priority
from services.sealed_messages import Restriction, kind_of, opened, seal_message
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE, Words

MOST_MESSAGES = 200  # of a reporter to one complaint: far more than anybody needs, far less than a flood


class DialogueClosed(Exception):
    """The team works on none of the complaint's cases any more, so nobody would read what is added."""


class ContainsContact(Exception):
    """Words for a reporter hold a web address or a contact: whoever follows it shows who they are."""


class DialogueFull(Exception):
    """The reporter has added all that one complaint can hold."""


@dataclass(frozen=True)
class TeamMessage:
    """One thing the team said. `key` names the sentence it comes with, `codes` what fills that sentence.

    `prepared` names the sentences `resident.prepared_<name>` that stand before the team's own words. `matter` is what
    it is about, by code and name of its category, where a complaint has become several cases.
    """

    kind: MessageKind
    text: str = ""
    prepared: tuple[str, ...] = ()
    key: str | None = None
    codes: dict[str, Any] = field(default_factory=dict)
    matter: tuple[str, str] | None = None

    def text_in(self, words: Words) -> str:
        """Return what is said in it, as plain text: prepared sentences in a language, and the team's own words."""
        return composed(words, self.prepared, self.text)


def composed(words: Words, prepared: Sequence[str], text: str) -> str:
    """Return prepared sentences and own words as one text; several are numbered."""
    parts = [*(words.plain(f"resident.prepared_{name}") for name in prepared), *([text] if text else [])]
    return "\n".join(f"{n}. {part}" for n, part in enumerate(parts, start=1)) if len(parts) > 1 else "".join(parts)


_RENAMED_CODES = {"door": "referral"}  # in messages that an earlier version has sealed

_PUSHED_AS: dict[MessageKind, type[ReporterNotice]] = {
    MessageKind.QUESTION: ReporterQuestion,
    MessageKind.ANSWER: ReporterAnswer,
    MessageKind.TEXT: ReporterState,
}


async def say_to_reporter(
    work: UnitOfWork,
    case: Case,
    kind: MessageKind,
    text: str | None = None,
    *,
    key: str | None = None,
    prepared: Sequence[str] = (),
    but: Collection[str] = (),
    **codes: str,
) -> set[str]:
    """Say something to every reporter of a case: in their dialogue, and pushed to those who asked to be told.

    Nothing is said to those of the complaints `but`. Return the complaints to whose reporters it was said.

    `key` is a sentence `resident.told_<key>` (accepted, not_accepted, being_fixed …) and `codes` what it needs; a
    code such as `reason="litigation"` stands for the sentence `resident.reason_litigation`. Raises ContainsContact.
    """
    for words in (text or "", *codes.values()):
        await refuse_contact_details(work, words)
    sealing = work.keyring.round(case.round_id).sealing
    content = {"text": text or "", "key": key, "codes": codes, "prepared": list(prepared), "case": case.id}
    category = (await work.directory()).category(case.category)
    said_to: set[str] = set()
    for complaint in await complaints_of(work, case):
        if complaint.withdrawn_at is not None or complaint.id in but:
            continue
        said_to.add(complaint.id)
        message_id = random_id()
        own = [one for one in await cases_of(work, complaint) if one.state != CaseState.MERGED]
        is_of_several = key != "split" and len(own) > 1
        about = {"matter": [category.code, category.name_in(SOURCE)]} if is_of_several else {}
        work.session.add(
            ComplaintMessage(
                id=message_id,
                complaint_id=complaint.id,
                position=await _next_position(work, complaint),
                author=Author.TEAM,
                kind=kind,
                sent_at=coarse(work.now),
                sealed=sealing.seal_json(message_id, content | about),
            )
        )
        await work.session.flush()
        outgoing = OutgoingMessage(_PUSHED_AS[kind](complaint.id, message_id))
        village = await is_from_village(work, complaint.village_id, [case.unit_id])
        when = await next_push(work, village=village, hazard=case.hazard)
        await work.outbox.to_reporter(complaint.id, outgoing, priority=Priority.NOTICE, not_before=when)
    return said_to


async def refuse_contact_details(work: UnitOfWork, words: str) -> None:
    """Raise ContainsContact if words may not go to a reporter."""
    office_numbers = await notice_numbers(work)
    if contains_contact(words, office_numbers):
        raise ContainsContact


async def reporter_says(
    work: UnitOfWork,
    complaint: Complaint,
    text: str,
    attachment: Cleaned | None = None,
    *,
    message_id: str | None = None,
    held_until: datetime | None = None,
    restriction: Restriction | None = None,
) -> bool:
    """Add what a reporter says to their complaint, and tell whoever has the case; return whether it is an answer.

    With `held_until`, the team learns of it then. With a `restriction`, the case is taken from them before.

    Raises DialogueClosed when no case is open any more, DialogueFull past 200 messages.
    """
    cases = [case for case in await cases_of_to_change(work, complaint) if case.is_open]
    if complaint.withdrawn_at is not None or not cases:
        raise DialogueClosed
    if await _said_so_far(work, complaint) >= MOST_MESSAGES:
        raise DialogueFull
    key = work.keyring.complaint_key(complaint.round_id, complaint.id)
    message_id = message_id or id_for(attachment, complaint.round_id)
    message = ComplaintMessage(
        id=message_id,
        complaint_id=complaint.id,
        position=await _next_position(work, complaint),
        author=Author.REPORTER,
        kind=kind_of(attachment),
        sent_at=coarse(work.now),
        held_until=held_until,
        sealed=await seal_message(work, key, message_id, text, attachment, restriction),
    )
    work.session.add(message)
    await work.session.flush()
    answers = any(case.state == CaseState.NEED_INFO for case in cases)
    if held_until is None:
        await follow_up(work, complaint, [message])
    return answers


async def follow_up(work: UnitOfWork, complaint: Complaint, messages: Sequence[ComplaintMessage]) -> None:
    """Do what follows once the team may know of what a reporter has added: a question is answered, somebody is told.

    Before anything shows, those who must not read it lose the case, and those that have ended: it stands there, too,
    also in one that was joined with another.
    """
    restrictions = restrictions_in(work, complaint, messages)
    for case in await cases_of_to_change(work, complaint):
        names_somebody_new = await shut_out_named(work, case)
        is_restricted = await restrict_all(work, case, restrictions)
        if not case.is_open:  # one that was joined with another, say: what is added can be read there, too
            if names_somebody_new:
                await reassign(work, case)
            continue
        if case.missing_particulars:
            texts, kinds = _texts_of(work, complaint, messages), {one.kind for one in messages}
            case.missing_particulars = missing_after(case.missing_particulars, texts, kinds)
        case.is_compared = False
        await log_news(work, case, len(messages), answers=case.state == CaseState.NEED_INFO)
        if names_somebody_new or is_restricted:
            await reassign(work, case)
        await tell_in_charge(work, case, ReporterWrote(case.id))


def _texts_of(work: UnitOfWork, complaint: Complaint, messages: Iterable[ComplaintMessage]) -> list[str]:
    contents = (opened(work, complaint.round_id, one) for one in messages)
    return [content.get("text") or "" for content in contents if content is not None]


def restrictions_in(work: UnitOfWork, complaint: Complaint, messages: Iterable[ComplaintMessage]) -> list[Restriction]:
    """Return what some messages of a reporter's ask for: that their case is kept from those who have it."""
    contents = (opened(work, complaint.round_id, one) for one in messages)
    found = (Restriction.read(content) for content in contents if content is not None)
    return [restriction for restriction in found if restriction is not None]


async def restrict_all(work: UnitOfWork, case: Case, restrictions: Iterable[Restriction]) -> bool:
    """Lay a case where some restrictions ask for; return whether it was moved."""
    return any([await restrict(work, case, restriction) for restriction in restrictions])


async def cases_of(work: UnitOfWork, complaint: Complaint) -> list[Case]:
    """Return the cases a complaint became, those still open first."""
    query = (
        select(Case)
        .join(CaseComplaint, CaseComplaint.case_id == Case.id)
        .where(CaseComplaint.complaint_id == complaint.id)
        .order_by(Case.is_open.desc(), Case.state_since.desc(), Case.id)
    )
    return list(await work.session.scalars(query))


async def cases_of_to_change(work: UnitOfWork, complaint: Complaint) -> list[Case]:
    """Return the cases a complaint became, locked for this transaction; it and they are as they are now."""
    query = select(CaseComplaint.case_id).where(CaseComplaint.complaint_id == complaint.id)
    cases = await cases_to_change(work, await work.session.scalars(query))
    joined = set(await work.session.scalars(query))
    if joined != {case.id for case in cases}:  # one was split off while we waited
        cases = await cases_to_change(work, joined)
    await work.session.refresh(complaint)  # somebody else may have taken it back until now
    return cases


async def team_messages_of(work: UnitOfWork, complaint: Complaint) -> list[TeamMessage]:
    """Return what the team has said about a complaint, opened, in its order."""
    rows = await work.session.scalars(
        select(ComplaintMessage)
        .where(ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.author == Author.TEAM)
        .order_by(ComplaintMessage.position)
    )
    return [_opened(work, complaint, row) for row in rows]


async def team_message(work: UnitOfWork, complaint_id: str, message_id: str) -> TeamMessage | None:
    """Return one thing the team said, opened; None when it is gone, or the complaint was withdrawn."""
    row = await work.session.get(ComplaintMessage, message_id)
    complaint = await work.session.get(Complaint, complaint_id)
    if row is None or complaint is None or row.complaint_id != complaint.id or complaint.withdrawn_at is not None:
        return None
    return _opened(work, complaint, row)


async def forget_reply_address(work: UnitOfWork, complaint_id: str) -> None:
    """Delete where a reporter asked to be told."""
    await work.session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id == complaint_id))


def _opened(work: UnitOfWork, complaint: Complaint, row: ComplaintMessage) -> TeamMessage:
    kept = work.keyring.round(complaint.round_id).sealing.open_json(row.id, row.sealed)
    codes = {_RENAMED_CODES.get(name, name): code for name, code in (kept.get("codes") or {}).items()}
    prepared, matter = tuple(kept.get("prepared") or ()), kept.get("matter")
    return TeamMessage(
        row.kind, kept.get("text") or "", prepared, kept.get("key"), codes, (matter[0], matter[1]) if matter else None
    )


async def _next_position(work: UnitOfWork, complaint: Complaint) -> int:
    last = await work.session.scalar(
        select(func.max(ComplaintMessage.position)).where(ComplaintMessage.complaint_id == complaint.id)
    )
    return 0 if last is None else last + 1


async def _said_so_far(work: UnitOfWork, complaint: Complaint) -> int:
    query = (
        select(func.count())
        .select_from(ComplaintMessage)
        .where(ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.author == Author.REPORTER)
    )
    return await work.session.scalar(query) or 0
