"""Notes that colleagues make for each other about a case. They are sealed, and nothing here speaks to a reporter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from models.audit import Audited
from models.base import coarse, random_id
from models.complaints import Case, CaseNote
from models.states import Impossible
from privacy.keyring import Keyring
from services.access.member import Member
from services.access.visibility import readers
from services.audit.log import record
from services.cases.actions import may_note
from services.cases.case_log import case_read_by, log_event
from services.cases.masking import hidden, without_receipts
from services.cases.notices import NoteWritten
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork
from texts.message import escaped_length

LONGEST_NOTE = 600  # characters: five of them, escaped, are one at worst
_PAGE_CHARACTERS = 3000  # of escaped text
_HEADING_CHARACTERS = 60


@dataclass(frozen=True)
class Note:
    """One note, opened, without what leads to a person."""

    id: str
    by_id: str
    at: datetime  # coarse
    text: str


async def case_to_note(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case about which a member may note something; raise Impossible or NotEntitled otherwise."""
    case = await case_read_by(work, who, case_id)
    if not may_note(who, case):
        raise Impossible("note", case.state)
    return case


async def write_note(work: UnitOfWork, who: Member, case_id: str, text: str) -> Case:
    """Keep a note for those who read the case; its owner is told, if it is not them. Raises as `case_to_note` does."""
    case = await case_to_note(work, who, case_id)
    await log_event(work, case, "note", by=who, renew=False)
    await add_note(work, case, who, text)
    owner = next((one for one in await readers(work, case) if one.id == case.owner_id), None)
    if owner is not None and owner.id != who.id:
        await work.outbox.to_staff(owner.id, OutgoingMessage(NoteWritten(case.id)))
    await record(work, Audited.NOTE_WRITTEN, by=who.id, case_id=case.id)
    return case


async def add_note(work: UnitOfWork, case: Case, who: Member, text: str) -> None:
    """Keep a note with the last event of a case."""
    note_id = random_id()
    sealed = work.keyring.round(case.round_id).sealing.seal(_record_of(note_id), text.encode())
    work.session.add(
        CaseNote(id=note_id, case_id=case.id, by_id=who.id, version=case.version, at=coarse(work.now), sealed=sealed)
    )
    await work.session.flush()


async def notes_of(work: UnitOfWork, case: Case, language: str, *, bare: bool = False) -> list[Note]:
    """Return the notes about a case in their order; none once the key of its round is destroyed.

    What leads to a person is masked in each by itself: were it masked by what a reporter said, whoever writes a list
    of names would see which of them it is. `bare` leaves all but receipt codes.
    """
    if case.round_id not in work.keyring.round_ids():
        return []
    sealing, notes = work.keyring.round(case.round_id).sealing, list[Note]()
    query = select(CaseNote).where(CaseNote.case_id == case.id).order_by(CaseNote.version)
    for row in await work.session.scalars(query):
        written = [sealing.open(_record_of(row.id), row.sealed).decode()]
        [text] = without_receipts(written, language) if bare else hidden(written, language)
        notes.append(Note(row.id, row.by_id, row.at, text))
    return notes


def note_pages(notes: Sequence[Note]) -> Iterator[tuple[str, ...]]:
    """Lay notes out for a chat: the ids of those that fit one message each."""
    page: list[str] = []
    used = 0
    for note in notes:
        length = escaped_length(note.text) + _HEADING_CHARACTERS
        if page and used + length > _PAGE_CHARACTERS:
            yield tuple(page)
            page, used = [], 0
        page.append(note.id)
        used += length
    if page:
        yield tuple(page)


def note_in(keyring: Keyring, round_id: str, note_id: str, sealed: bytes) -> str:
    """Return what a note says as it was written; nothing once the key of its round is destroyed."""
    if round_id not in keyring.round_ids():
        return ""
    return keyring.round(round_id).sealing.open(_record_of(note_id), sealed).decode()


async def erase_notes(work: UnitOfWork, case: Case) -> None:
    """Delete all notes about a case."""
    await work.session.execute(delete(CaseNote).where(CaseNote.case_id == case.id))


def _record_of(note_id: str) -> str:
    return f"note:{note_id}"
