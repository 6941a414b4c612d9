"""Notes about a case: the form in which one is written, and how they read. They look like nothing that goes out."""

from handlers import forms
from handlers.cases.labels import number
from handlers.cases.notices import about_case
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Step, written
from handlers.notices import StaffReader, renders, renders_for_staff
from models.complaints import Case
from services.cases.notes import LONGEST_NOTE, Note, case_to_note, write_note
from services.cases.notices import CaseNotes, NoteWritten
from services.cases.read_case import read_notes
from services.delivery.reader import Reader
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Message, WrittenFor


async def _case(form: FormContext) -> Case:
    return await case_to_note(form.context.work, form.who, form.subject_id)


async def _ask_for_note(form: FormContext) -> Message:
    text = form.words("team.note_prompt", number=number(await _case(form)), most=LONGEST_NOTE)
    return Message(text, ((form.cancel,),), written_for=WrittenFor.COLLEAGUES)


async def _read_note(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_NOTE, "team.text_please")


async def _keep_note(form: FormContext) -> FormOutcome:
    case = await write_note(form.context.work, form.who, form.subject_id, form.answers["note"])
    return FormOutcome(form.words("team.note_kept", number=number(case)))


NOTE_CASE = Form(
    "note_case",
    (Step("note", _ask_for_note, _read_note),),
    check=_case,
    send=_keep_note,
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(NOTE_CASE)


@renders_for_staff(CaseNotes)
async def case_notes(work: UnitOfWork, reader: StaffReader, notice: CaseNotes) -> Message | None:
    case, notes = await read_notes(work, reader.who, notice.case_id, notice.note_ids)
    if not notes:  # erased since
        return None
    known = await work.directory()
    heading = reader.words("team.notes_heading", number=number(case))
    blocks = [_block(work, reader, known.names[note.by_id], note) for note in notes]
    footer = reader.words("team.text_footer")
    return Message(Html("\n\n".join([heading, *blocks, footer])), protect=True, written_for=WrittenFor.COLLEAGUES)


@renders(NoteWritten)
async def note_written(work: UnitOfWork, reader: Reader, notice: NoteWritten) -> Message | None:
    return await about_case(work, reader, notice, "team.note_written")


def _block(work: UnitOfWork, reader: StaffReader, name: str, note: Note) -> Html:
    day = note.at.astimezone(work.zone).strftime("%m-%d")
    return reader.words("team.note_line", name=name, day=day, text=note.text)
