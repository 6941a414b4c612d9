"""The file on the head of a unit: the form in which a case is summarised, and the file as it is printed."""

from handlers import documents, forms
from handlers.actions import Done, Result
from handlers.cases.labels import number
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Step, written
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.states import NotEntitled
from qr.document_words import Document, Section
from qr.typesetting import MissingGlyph
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.cases.head_file import (
    LONGEST_SUMMARY,
    HeadFile,
    case_to_summarise,
    compile_head_file,
    head_file_of,
    summary_of,
    write_summary,
)
from services.cases.notices import HeadFileReady
from services.cases.quoting import QuotesReporter, check_summary
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day_with_year
from texts.message import Message, Upload, UploadKind, WrittenFor

KEPT_HOURS = 24  # that the file lies in a chat


# ---- the summary of a case


async def _case(form: FormContext) -> Case:
    return await case_to_summarise(form.context.work, form.who, form.subject_id)


async def _ask_for_summary(form: FormContext) -> Message:
    case = await _case(form)
    text = form.words("team.summary_prompt", number=number(case), most=LONGEST_SUMMARY)
    before = await summary_of(form.context.work, case)
    shown = Html(f"{text}\n\n{form.words('team.summary_before', text=before)}") if before else text
    return Message(shown, ((form.cancel,),), protect=True, written_for=WrittenFor.COLLEAGUES)


async def _read_summary(form: FormContext, entered: FormInput) -> str:
    text = written(form, entered, LONGEST_SUMMARY, "team.text_please")
    await check_summary(form.context.work, await _case(form), text)
    return text


async def _keep_summary(form: FormContext) -> FormOutcome:
    case = await _case(form)
    kept = await write_summary(form.context.work, form.who, case.id, form.answers["summary"])
    await form.context.say(Message(form.words("team.summary_kept", number=number(case), text=kept), protect=True))
    return FormOutcome()


SUMMARISE_CASE = Form(
    "summarise_case",
    (Step("summary", _ask_for_summary, _read_summary),),
    check=_case,
    send=_keep_summary,
    refusals={ContainsContact: "team.summary_contains_contact", QuotesReporter: "transfer.quotes_reporter"},
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(SUMMARISE_CASE)


# ---- the file


async def send_head_file(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring the file to the leader's own chat; a page sends it to the browser by itself."""
    await compile_head_file(context.work, who, press.subject)
    outgoing = OutgoingMessage(HeadFileReady(press.subject), delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(context.words("team.head_file_comes"), renew=False)


@renders_for_staff(HeadFileReady)
async def head_file_ready(work: UnitOfWork, reader: StaffReader, notice: HeadFileReady) -> Message | None:
    """Return the file as its reader may read it now."""
    case, words = await work.session.get(Case, notice.case_id), reader.words
    if case is None:
        raise NotEntitled
    found = await head_file_of(work, reader.who, case)
    try:
        pdf = await documents.pdf_of(printed_head_file(found, words))
    except MissingGlyph as error:
        return Message(documents.why_unprintable(words, error))
    text = words("team.head_file", unit=found.unit, count=len(found.cases))
    otherwise = words("team.head_file_not_shown", unit=found.unit)
    return Message(text, upload=Upload(UploadKind.DOCUMENT, pdf, "pdf", otherwise))


def printed_head_file(found: HeadFile, words: Words) -> Document:
    """Return the file as it is printed."""
    comma = words.plain("staff.list_comma")
    day = day_with_year(words, found.compiled_on)
    lines = [
        words.plain("team.head_file_unit", unit=found.unit),
        words.plain("team.head_file_heads", names=comma.join(found.heads) or words.plain("team.head_file_nobody")),
        words.plain("team.head_file_round", round=found.round_name),
        words.plain("team.head_file_by", name=found.by, day=day),
        words.plain("team.head_file_note"),
    ]
    sections = [
        Section(
            words.plain(
                "team.head_file_case",
                n=place,
                number=one.number,
                category=one.category.name_in(words.language),
                state=words.plain(f"team.state_{one.state}"),
            ),
            one.summary or words.plain("team.head_file_no_summary"),
        )
        for place, one in enumerate(found.cases, start=1)
    ]
    title, foot = words.plain("team.head_file_title"), words.plain("team.head_file_foot", name=found.by, day=day)
    return Document(title, lines, sections, foot)
