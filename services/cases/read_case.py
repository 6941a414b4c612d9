"""A member reads what was said in a case: in their private chat, for a day, and logged."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from media.kinds import Cleaned, FileKind
from models.audit import Audited
from models.complaints import FILES, Author, Case, CaseComplaint, Complaint, ComplaintMessage, MessageKind
from models.states import NotEntitled
from privacy.characters import without_directions
from services.access.member import Member
from services.attachments import open_stored
from services.audit.log import is_recorded, record
from services.cases.cards import KEPT_HOURS, bring_card
from services.cases.case_log import (
    case_read_by,
    log_event,
    reads_whole,
)
from services.cases.dialogue import composed
from services.cases.masking import hidden, traces_in, without, without_receipts
from services.cases.name_lists import is_compared_with_lists
from services.cases.news import forget_news
from services.cases.notes import Note, note_pages, notes_of
from services.cases.notices import CaseFile, CaseMatches, CaseNotes, CaseText
from services.cases.unmask import is_unmasked
from services.notice import Notice
from services.outbox import OutgoingMessage, Priority
from services.sealed_messages import opened
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE, Words
from texts.message import escaped_length

# As `escaped_length` counts them: the rest of the 4,096 that Telegram takes is for headings and marks.
MESSAGE_CHARACTERS = 3500
HEADING_CHARACTERS = 60


class NotRead(Exception):
    """Somebody decides something about a case that they have not opened."""


class NothingLeft(Exception):
    """All that was said in a case is erased: withdrawn, kept for its time, or its round's key is destroyed."""


@dataclass(frozen=True)
class DialogueMessage:
    """One message of the dialogue, opened. `reporter` numbers the complaints a case joins, from 1."""

    id: str
    reporter: int
    author: Author
    kind: MessageKind
    sent_at: datetime  # coarse
    text: str
    is_masked: bool = False  # something in it leads to a person, and is not shown


@dataclass(frozen=True)
class DialoguePage:
    """What goes into one chat message: whole messages of the dialogue, or one part of a long one."""

    message_ids: tuple[str, ...]
    part: int = 0
    bare: bool = False  # laid out while the case was unmasked


async def hand_over(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Queue everything that was said in a case, and noted about it, for a member, taken back after a day; log it.

    Who is only granted to read it gets the texts alone. Raises NothingLeft or NotEntitled.
    """
    case = await case_read_by(work, who, case_id)
    in_part = who.reads_in_part(case)
    bare = not in_part and await is_unmasked(work, case)
    dialogue = await dialogue_of(work, case, who.language, bare=bare)
    if not dialogue:
        raise NothingLeft
    for page in dialogue_pages(dialogue):
        if isinstance(page, DialoguePage):
            notice: Notice = CaseText(case.id, page.message_ids, page.part, bare)
        elif in_part:
            continue
        else:
            notice = CaseFile(case.id, page.id)
        outgoing = OutgoingMessage(notice, delete_after_hours=KEPT_HOURS)
        await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    notes = [] if in_part else await notes_of(work, case, who.language, bare=bare)
    for note_ids in note_pages(notes):
        outgoing = OutgoingMessage(CaseNotes(case.id, note_ids), delete_after_hours=KEPT_HOURS)
        await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    if await is_compared_with_lists(work, who, case):
        outgoing = OutgoingMessage(CaseMatches(case.id), delete_after_hours=KEPT_HOURS)
        await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
        await record(work, Audited.NAMES_COMPARED, by=who.id, case_id=case.id)
    await log_event(work, case, "open", by=who, renew=False)
    await forget_news(work, case, who)
    await record(work, Audited.OPENED, by=who.id, case_id=case.id)
    await bring_card(work, case, who)
    return case


async def require_read(work: UnitOfWork, who: Member, case: Case) -> None:
    """Raise NotRead unless somebody has opened a case."""
    if not await is_recorded(work, Audited.OPENED, by=who.id, case_id=case.id):
        raise NotRead


async def dialogue_of(work: UnitOfWork, case: Case, language: str, *, bare: bool = False) -> list[DialogueMessage]:
    """Return all that was said in a case, opened, complaint by complaint; what was withdrawn is left out.

    So is what staff said in another case of the same complaint that lies on a stricter desk.

    What leads to a person is masked in a reporter's words, by the name of its kind in the reader's language; `bare`
    leaves it as it is, all but receipt codes. The team's words stay as they were sent: if they were masked again by
    what a reporter says later, a list of names asked first would tell which of them it is.
    """
    return (await dialogues_of(work, [case], language, bare=bare))[case.id]


async def dialogues_of(
    work: UnitOfWork, cases: Collection[Case], language: str, *, bare: bool = False
) -> dict[str, list[DialogueMessage]]:
    """Return by case what was said in each of some, as `dialogue_of` does, in as many statements as for one."""
    kept_from_here = await _stricter_beside(work, cases)
    stored = await _messages_of(work, cases)
    return {case.id: _read(work, case, stored[case.id], kept_from_here[case.id], language, bare=bare) for case in cases}


def _read(
    work: UnitOfWork,
    case: Case,
    stored: Sequence[tuple[int, ComplaintMessage]],
    kept_from_here: Collection[str],
    language: str,
    *,
    bare: bool,
) -> list[DialogueMessage]:
    words, dialogue = Words(language), list[DialogueMessage]()
    for reporter, message in stored:
        content = opened(work, case.round_id, message)
        if content is None or content.get("case") in kept_from_here:
            continue
        text = composed(words, content.get("prepared") or (), content.get("text") or "")
        dialogue.append(DialogueMessage(message.id, reporter, message.author, message.kind, message.sent_at, text))
    texts = [said.text for said in dialogue]
    speakers = [(said.reporter, said.author) for said in dialogue]
    shown = without_receipts(texts, language, speakers) if bare else hidden(texts, language, speakers)
    return [
        replace(said, text=text, is_masked=text != without_directions(said.text))
        if said.author == Author.REPORTER
        else said
        for said, text in zip(dialogue, shown, strict=True)
    ]


async def without_traces_of(work: UnitOfWork, case: Case, text: str) -> str:
    """Return a text of the staff's own in which nothing of what leads to the reporters of a case is repeated."""
    said = [said for said in await dialogue_of(work, case, SOURCE, bare=True) if said.author == Author.REPORTER]
    known = traces_in([one.text for one in said], [one.reporter for one in said])
    return without(text, known, SOURCE)


async def read_page(
    work: UnitOfWork, who: Member, case_id: str, page: DialoguePage
) -> tuple[Case, list[DialogueMessage]]:
    """Return what stands on one page; raise NotEntitled when the member may not see the case any more."""
    case = await _readable(work, who, case_id)
    # A page laid out while masked stays so: the other text would not fit it.
    bare = page.bare and not who.reads_in_part(case) and await is_unmasked(work, case)
    dialogue = await dialogue_of(work, case, who.language, bare=bare)
    chosen = [said for said in dialogue if said.id in page.message_ids]
    if len(chosen) == 1:
        [said] = chosen
        return case, [replace(said, text=part) for part in split(said.text)[page.part : page.part + 1]]
    return case, chosen


async def read_notes(work: UnitOfWork, who: Member, case_id: str, note_ids: Collection[str]) -> tuple[Case, list[Note]]:
    """Return some notes about a case; raise NotEntitled when the member may not see it any more."""
    case = await _readable(work, who, case_id, in_full=True)
    bare = await is_unmasked(work, case)
    return case, [note for note in await notes_of(work, case, who.language, bare=bare) if note.id in note_ids]


async def read_file(work: UnitOfWork, who: Member, case_id: str, message_id: str) -> tuple[Case, Cleaned]:
    """Return a file of the dialogue; raise NotEntitled when the member may not see the case any more."""
    case = await _readable(work, who, case_id, in_full=True)
    stored = await _messages_of(work, [case])
    messages = {message.id: message for _, message in stored[case.id]}
    content = opened(work, case.round_id, messages[message_id]) if message_id in messages else None
    if content is None:
        raise NotEntitled
    data = await open_stored(work, message_id, case.round_id, content.get("file_key"))
    return case, Cleaned(FileKind(messages[message_id].kind), data)


def dialogue_pages(dialogue: list[DialogueMessage]) -> Iterator[DialoguePage | DialogueMessage]:
    """Lay a dialogue out for a chat: pages of text that fit one message each, and files at their place."""
    waiting: list[DialogueMessage] = []
    used = 0
    for said in dialogue:
        length = escaped_length(said.text) + HEADING_CHARACTERS
        if waiting and used + length > MESSAGE_CHARACTERS:
            yield DialoguePage(tuple(entry.id for entry in waiting))
            waiting, used = [], 0
        if length > MESSAGE_CHARACTERS:
            yield from (DialoguePage((said.id,), part) for part in range(len(split(said.text))))
        elif said.text:
            waiting.append(said)
            used += length
        if said.kind in FILES:
            if waiting:
                yield DialoguePage(tuple(entry.id for entry in waiting))
                waiting, used = [], 0
            yield said
    if waiting:
        yield DialoguePage(tuple(entry.id for entry in waiting))


def split(text: str) -> list[str]:
    """Cut a text so that each part fits one message once escaped, at an end of line where there is one."""
    parts: list[str] = []
    while escaped_length(text) > MESSAGE_CHARACTERS - HEADING_CHARACTERS:
        end = _longest_start(text)
        line = text.rfind("\n", end // 2, end)
        end = line + 1 if line > 0 else end
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]


def _longest_start(text: str) -> int:
    used = 0
    for end, character in enumerate(text):
        used += escaped_length(character)
        if used > MESSAGE_CHARACTERS - HEADING_CHARACTERS:
            return end
    return len(text)


async def _stricter_beside(work: UnitOfWork, cases: Collection[Case]) -> dict[str, set[str]]:
    """Return by case the other cases of the same complaints that lie on a stricter desk."""
    own, shared = aliased(CaseComplaint), aliased(CaseComplaint)
    query = (
        select(own.case_id, Case.id, Case.desk)
        .join(shared, shared.complaint_id == own.complaint_id)
        .join(Case, Case.id == shared.case_id)
        .where(own.case_id.in_([case.id for case in cases]), Case.id != own.case_id)
    )
    desks = {case.id: case.desk for case in cases}
    found: dict[str, set[str]] = {case.id: set() for case in cases}
    for case_id, other_id, desk in await work.session.execute(query):
        if desk.is_stricter_than(desks[case_id]):
            found[case_id].add(other_id)
    return found


async def _messages_of(work: UnitOfWork, cases: Collection[Case]) -> dict[str, list[tuple[int, ComplaintMessage]]]:
    """Return by case all that was said as it is stored, each with the number of its complaint, withdrawn ones not."""
    standing = (
        select(CaseComplaint.case_id, Complaint.id)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(CaseComplaint.case_id.in_([case.id for case in cases]), Complaint.withdrawn_at.is_(None))
        .order_by(Complaint.id)
    )
    complaints: dict[str, list[str]] = {case.id: [] for case in cases}
    for case_id, complaint_id in await work.session.execute(standing):
        complaints[case_id].append(complaint_id)
    said_in = {complaint_id for of_case in complaints.values() for complaint_id in of_case}
    query = (
        select(ComplaintMessage)
        .where(ComplaintMessage.complaint_id.in_(said_in), ComplaintMessage.held_until.is_(None))
        .order_by(ComplaintMessage.complaint_id, ComplaintMessage.position)
    )
    messages: dict[str, list[ComplaintMessage]] = defaultdict(list)
    for message in await work.session.scalars(query) if said_in else ():
        messages[message.complaint_id].append(message)
    return {
        case_id: [
            (reporter, message)
            for reporter, complaint_id in enumerate(of_case, start=1)
            for message in messages[complaint_id]
        ]
        for case_id, of_case in complaints.items()
    }


async def _readable(work: UnitOfWork, who: Member, case_id: str, *, in_full: bool = False) -> Case:
    """Return a case that somebody reads; `in_full`: not only its texts, masked."""
    case = await work.session.get(Case, case_id)
    if case is None or not await reads_whole(work, who, case) or (in_full and who.reads_in_part(case)):
        raise NotEntitled
    return case
