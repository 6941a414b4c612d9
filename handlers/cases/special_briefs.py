"""Special briefs (巡察专报) and the register of instructions (批示) on them: /briefs, their cards, and their forms."""

from datetime import date, timedelta

from handlers import forms
from handlers.actions import (
    Action,
    Done,
    Replaced,
    Result,
    Subject,
    action_button,
    back_to_card,
    button,
    immediately,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.cases.clusters import read_count
from handlers.cases.labels import category
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.documents import pdf_of, why_unprintable
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step, with_form, written
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import list_page
from handlers.steps import coming_day, pressed_day
from models.clusters import Cluster, SpecialBrief
from models.states import SPECIAL_BRIEF, NotEntitled, SpecialBriefState
from qr.document_words import Document, Section
from qr.typesetting import MissingGlyph
from services.access.member import Member
from services.cases.cards import KEPT_HOURS
from services.cases.notices import BriefDue, BriefLate, BriefMoved, SpecialBriefFile
from services.cases.special_briefs import (
    LONGEST_INSTRUCTION,
    BriefCursor,
    InstructionOnBrief,
    actors_at,
    brief_seen,
    briefs_of,
    finish,
    instruct,
    leaders_to_choose,
    note_printed,
    pass_on,
    report_households,
    send_back,
    words_of,
)
from services.outbox import OutgoingMessage, Priority
from services.rectification.due_dates import Unclear
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day, day_with_year
from texts.message import Message, Upload, UploadKind, in_rows

AREA = "brief"
_TERM_DAYS = (7, 15, 30)  # that have a button
_BUTTONS_PER_ROW = 4


@command("briefs")
async def show_briefs(context: HandlerContext, who: Member) -> None:
    """List the briefs that somebody may read, with who sees to each, by when, and how far it is."""
    await context.say(await _list(context, who, ""))


async def _turn_page(context: HandlerContext, who: Member, press: Press) -> Result:
    return Replaced(await _list(context, who, press.subject))


async def _list(context: HandlerContext, who: Member, after: str) -> Message:
    """Return a page of the briefs that somebody may read; the first one, where `after` is no cursor."""
    words, cursor = context.words, BriefCursor.unpack(after)
    page = await briefs_of(context.work, who, cursor)
    if not page.briefs and cursor is None:
        return Message(words("team.briefs_none"))
    lines = [(Html("\n".join(await _facts(context.work, words, brief))), brief.id) for brief in page.briefs]
    following, heading = page.after.pack() if page.after else None, words("team.briefs_heading")
    return list_page(words, AREA, heading, lines, is_first=cursor is None, following=following)


@renders_for_staff(BriefDue)
async def brief_due(work: UnitOfWork, reader: StaffReader, notice: BriefDue) -> Message | None:
    return await _reminder(work, reader, notice.brief_id, "team.brief_due")


@renders_for_staff(BriefLate)
async def brief_late(work: UnitOfWork, reader: StaffReader, notice: BriefLate) -> Message | None:
    return await _reminder(work, reader, notice.brief_id, "team.brief_late")


async def _reminder(work: UnitOfWork, reader: StaffReader, brief_id: str, key: str) -> Message | None:
    """Return which brief is due or late and who sees to it, without what it says; None once it is done."""
    brief = await brief_seen(work, reader.who, brief_id)
    if brief.state is not SpecialBriefState.INSTRUCTED:
        return None
    text = Html("\n".join([reader.words(key), *await _facts(work, reader.words, brief)]))
    return Message(text, ((button(reader.words, "transfer.button_open", Press(AREA, "open", brief.id).pack()),),))


@renders_for_staff(BriefMoved)
async def brief_moved(work: UnitOfWork, reader: StaffReader, notice: BriefMoved) -> Message | None:
    brief = await brief_seen(work, reader.who, notice.brief_id)
    if brief.state != notice.state:  # somebody was told of it since
        return None
    return await _card(work, reader.words, reader.who, brief, first=reader.words(f"team.brief_is_{brief.state}"))


async def card(context: HandlerContext, who: Member, brief_id: str) -> Message | None:
    """Return a brief as somebody may read it now."""
    try:
        brief = await brief_seen(context.work, who, brief_id)
    except NotEntitled:
        return None
    return await _card(context.work, context.words, who, brief)


def offered(who: Member, brief: SpecialBrief) -> list[Action]:
    """Return the actions that have a button on somebody's card of a brief."""
    may = SPECIAL_BRIEF.actions(brief.state, actors_at(who, brief))
    return [action for action in ACTIONS if action.label and (action.transition in may or action.name == "print")]


async def _card(
    work: UnitOfWork, words: Words, who: Member, brief: SpecialBrief, *, first: Html | None = None
) -> Message:
    lines = [first] if first else []
    lines += await _facts(work, words, brief)
    said = words_of(work, brief)
    if said is not None:
        text, instruction = said
        lines.append(words("team.brief_text", text=text))
        if instruction:
            by = (await work.directory()).names[brief.instructed_by_id or ""]
            lines.append(words("team.brief_instruction", name=by, text=instruction))
    buttons = [action_button(words, AREA, action, brief.id) for action in offered(who, brief)]
    return Message(Html("\n".join(lines)), in_rows(buttons, 2), protect=True)


async def _facts(work: UnitOfWork, words: Words, brief: SpecialBrief) -> list[Html]:
    """Return where and what a brief is about, how it stands, and who sees to it by when."""
    known = await work.directory()
    cluster = await work.session.get_one(Cluster, brief.cluster_id)
    heading = words(
        "team.brief_line",
        unit=known.units[brief.unit_id].name,
        category=category(words, known.category(cluster.category)),
        state=words(f"team.brief_state_{brief.state}"),
    )
    lines = [heading, words("team.brief_households", done=brief.households_done, all=brief.households)]
    if brief.lead_id is not None and brief.due_on is not None:
        due = day(words, brief.due_on, work.today)
        lines.insert(1, words("team.brief_lead", name=known.names[brief.lead_id], due=due))
    return lines


# ---- to be printed


async def send_file(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring a brief as a file to somebody's own chat; a page sends it to the browser by itself."""
    await note_printed(context.work, who, press.subject)
    outgoing = OutgoingMessage(SpecialBriefFile(press.subject), delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(context.words("team.brief_file_comes"), renew=False)


@renders_for_staff(SpecialBriefFile)
async def brief_file(work: UnitOfWork, reader: StaffReader, notice: SpecialBriefFile) -> Message | None:
    """Return a brief as a file, as its reader may read it now."""
    words = reader.words
    found = await printed_of(work, words, reader.who, notice.brief_id)
    try:
        pdf = await pdf_of(found)
    except MissingGlyph as error:
        return Message(why_unprintable(words, error))
    otherwise = words("team.brief_file_not_shown")
    return Message(Html(f"📑 {found.title}"), protect=True, upload=Upload(UploadKind.DOCUMENT, pdf, "pdf", otherwise))


async def printed_of(work: UnitOfWork, words: Words, who: Member, brief_id: str) -> Document:
    """Return a brief as it is printed. Raises NotEntitled, also once the key of its round is destroyed."""
    brief = await brief_seen(work, who, brief_id)
    said, known = words_of(work, brief), await work.directory()
    if said is None:
        raise NotEntitled
    cluster = await work.session.get_one(Cluster, brief.cluster_id)
    by = known.names[brief.written_by_id]
    unit, about = known.units[brief.unit_id].name, known.category(cluster.category).name_in(words.language)
    lines = [
        words.plain("team.brief_printed_about", unit=unit, category=about),
        words.plain("team.brief_printed_by", team=known.teams[brief.team_id].name, name=by),
        words.plain("team.brief_households", done=brief.households_done, all=brief.households),
    ]
    text, instruction = said
    sections = [Section(words.plain("team.brief_printed_text"), text)]
    if instruction and brief.lead_id and brief.due_on and brief.instructed_by_id:
        due = day_with_year(words, brief.due_on)
        lines.append(words.plain("team.brief_lead", name=known.names[brief.lead_id], due=due))
        heading = words.plain("team.brief_printed_instruction", name=known.names[brief.instructed_by_id])
        sections.append(Section(heading, instruction))
    printed_on = day_with_year(words, work.today)
    foot = words.plain("team.brief_printed_foot", name=who.name, day=printed_on)
    return Document(words.plain("team.brief_printed_title"), lines, sections, foot)


# ---- the leading group records its instruction


async def _may_instruct(form: FormContext) -> SpecialBrief:
    brief = await brief_seen(form.context.work, form.who, form.subject_id)
    SPECIAL_BRIEF.step(brief.state, "instruct", actors_at(form.who, brief))
    return brief


async def _ask_for_lead(form: FormContext) -> Message:
    leaders = await leaders_to_choose(form.context.work, form.who, form.subject_id)
    if not leaders:
        return Message(form.words("team.instruct_no_lead"), ((form.cancel,),))
    rows = in_rows([form.choice(leader.name, leader.id) for leader in leaders], 2)
    return Message(form.words("team.instruct_lead_prompt"), (*rows, (form.cancel,)))


async def _choose_lead(form: FormContext, value: str) -> str:
    if value not in {one.id for one in await leaders_to_choose(form.context.work, form.who, form.subject_id)}:
        raise Rejected(form.words("team.press_unknown"))
    return value


async def _ask_for_due(form: FormContext) -> Message:
    today = form.context.work.today
    days = [today + timedelta(days=term) for term in _TERM_DAYS]
    row = tuple(form.choice(day(form.words, due, today), f"{due:%Y%m%d}") for due in days)
    return Message(form.words("item.due_prompt"), (row, (form.cancel,)))


async def _read_due(form: FormContext, entered: FormInput) -> str:
    work = form.context.work
    due = await coming_day(form, entered.text)
    if isinstance(due, Unclear):
        raise Rejected(form.words(f"item.due_{due.reason}", typed=entered.text[:30], year=due.year))
    if due < work.today:
        raise Rejected(form.words("item.due_past"))
    return due.isoformat()


async def _choose_due(form: FormContext, value: str) -> str:
    return await _read_due(form, FormInput(pressed_day(value)))


async def _ask_for_instruction(form: FormContext) -> Message:
    return Message(form.words("team.instruct_text_prompt", most=LONGEST_INSTRUCTION), ((form.cancel,),))


async def _read_instruction(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_INSTRUCTION, "item.text_please")


async def _show_instruction(form: FormContext) -> Message:
    known, answers = await form.context.work.directory(), form.answers
    due = day(form.words, date.fromisoformat(answers["due"]), form.context.work.today)
    return Message(
        form.words("team.look_at_instruction", name=known.names[answers["lead"]], due=due, text=answers["text"])
    )


async def _instruct(form: FormContext) -> FormOutcome:
    answers = form.answers
    instruction = InstructionOnBrief(answers["lead"], date.fromisoformat(answers["due"]), answers["text"])
    await instruct(form.context.work, form.who, form.subject_id, instruction)
    return FormOutcome(form.words("team.done_instruct"), card=True)


INSTRUCT = Form(
    "instruct",
    (
        Step("text", _ask_for_instruction, _read_instruction),
        Step("lead", _ask_for_lead, choose=_choose_lead),
        Step("due", _ask_for_due, _read_due, _choose_due),
    ),
    check=_may_instruct,
    preview=_show_instruction,
    send_label="team.send_instruction",
    send=_instruct,
    revise=lambda _form, _entered: "text",
    too_late="team.brief_moved_on",
    area=AREA,
)


# ---- how many households are helped


async def _may_report(form: FormContext) -> SpecialBrief:
    brief = await brief_seen(form.context.work, form.who, form.subject_id)
    SPECIAL_BRIEF.step(brief.state, "report_households", actors_at(form.who, brief))
    return brief


async def _ask_for_done(form: FormContext) -> Message:
    brief = await _may_report(form)
    text = form.words("team.households_prompt", done=brief.households_done, all=brief.households)
    return Message(text, ((form.cancel,),))


async def _read_done(form: FormContext, entered: FormInput) -> int:
    return read_count(form, entered, least=0, most=(await _may_report(form)).households)


async def _report(form: FormContext) -> FormOutcome:
    await report_households(form.context.work, form.who, form.subject_id, form.answers["done"])
    return FormOutcome(form.words("team.done_households"), card=True)


REPORT_HOUSEHOLDS = Form(
    "report_households",
    (Step("done", _ask_for_done, _read_done),),
    check=_may_report,
    send=_report,
    too_late="team.brief_moved_on",
    area=AREA,
)
forms.register(INSTRUCT, REPORT_HOUSEHOLDS)

ACTIONS = (
    Action("pass_on", immediately(pass_on, "team.done_pass_on"), label="team.action_pass_on", transition="pass_on"),
    Action(
        "send_back",
        immediately(send_back, "team.done_send_back"),
        label="team.action_send_back",
        transition="send_back",
    ),
    Action("instruct", with_form(INSTRUCT), label="team.action_instruct", transition="instruct"),
    Action(
        "report_households",
        with_form(REPORT_HOUSEHOLDS),
        label="team.action_households",
        transition="report_households",
    ),
    Action("finish", immediately(finish, "team.done_finish"), label="team.action_finish", transition="finish"),
    Action("print", send_file, label="team.action_print_brief"),
    Action("open", open_card),
    Action("page", _turn_page),
    Action("card", back_to_card),
)

SUBJECT = register(
    Subject(AREA, ACTIONS, too_late_or_not_entitled("team.brief_moved_on", "team.brief_not_yours"), card)
)
