"""Working papers (问题底稿) of a finding: what is there, forms that add to it, what opens one or takes it out."""

from datetime import date

from handlers import forms
from handlers.actions import Action, Done, Replaced, Result, back, button
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, with_form, written
from handlers.incoming import UnfitFile
from handlers.items.files import fit_file
from handlers.items.labels import one_line
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import register_records
from handlers.steps import recent_day_step, text_step
from media.kinds import SUFFIXES, Cleaned, FileKind
from models.item_drafts import ItemDraft
from models.rectification import RectificationItem
from models.states import Impossible
from services.access.member import Member
from services.outbox import OutgoingMessage, Priority
from services.rectification.notices import OpenedWorkingPaper
from services.rectification.order import NewItem
from services.rectification.working_papers import (
    FILE_FORM,
    LONGEST_FOUND,
    LONGEST_PLACE,
    LONGEST_TITLE,
    MOST_PAPERS,
    Finding,
    InspectionRecord,
    WorkingPaperSeen,
    add_file,
    add_record,
    count_working_papers,
    drop_working_file,
    finding_of,
    finding_seen,
    finding_to_add_to,
    keep_working_file,
    read_working_paper,
    take_out,
    working_paper_to_take_out,
    working_paper_with_file,
    working_papers_of,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, Rows, Upload, UploadKind, WrittenFor

AREA = "finding"
KEPT_HOURS = 24  # what somebody has opened stays in their chat
_FILE = "file"  # the step, and what is kept of it: the id of a working paper


# ---- what is there


async def finding_card(work: UnitOfWork, words: Words, who: Member, finding_id: str) -> Message:
    """Return the list of the working papers of a finding, with what can be done about each. Raises NotEntitled."""
    finding = await finding_seen(work, who, finding_id)
    papers, known = await working_papers_of(work, finding), await work.directory()
    lines = [words("finding.title", unit=known.units[finding.row.unit_id].name, problem=one_line(_problem(finding)))]
    rows: Rows = ()
    for place, paper in enumerate(papers, start=1):
        on = day(words, paper.added_at.astimezone(work.zone).date(), work.today)
        name = known.names.get(paper.by_id, paper.by_id)
        lines.append(words("finding.line", n=place, what=label(words, paper), name=name, day=on))
        action = "read" if paper.file_kind is None else _FILE
        opening = Button(words.plain("finding.button_open", n=place), Press(AREA, action, paper.id).pack())
        taking = Button(words.plain("finding.button_take_out", n=place), Press(AREA, "take_out", paper.id).pack())
        rows = (*rows, (opening,) if finding.is_issued else (opening, taking))
    lines += [] if papers else [words("finding.none")]
    lines.append(words("finding.who_reads"))
    if finding.may_add and _is_open(finding):
        add = [button(words, f"finding.action_{one.name}", Press(AREA, one.name, finding_id).pack()) for one in _ADDING]
        rows = (*rows, tuple(add))
    beyond = back(words, "item" if finding.is_issued else "draft", "card", finding_id)
    return Message(Html("\n".join(lines)), (*rows, (beyond,)), protect=True)


def label(words: Words, paper: WorkingPaperSeen) -> str:
    """Return what a working paper is called: its title, and whether it is a photo, a document, or a record."""
    kind = "record" if paper.file_kind is None else "photo" if paper.file_kind is FileKind.PHOTO else "document"
    title = one_line(paper.title, LONGEST_TITLE)
    return words.plain("finding.label", title=title, kind=words.plain(f"finding.kind_{kind}"))


async def working_papers_line(work: UnitOfWork, words: Words, draft: ItemDraft) -> Html:
    """Return how many working papers a draft has, or that it has none, to whoever may go on with it."""
    count = await count_working_papers(work, Finding(draft, may_add=True))
    return words("finding.count", count=count) if count else words("finding.none")


async def working_papers_row(work: UnitOfWork, words: Words, who: Member, item: RectificationItem) -> Rows:
    """Return the button that leads from an item to its working papers; none to whom they are not shown."""
    finding = finding_of(who, item)
    if finding is None:
        return ()
    count = await count_working_papers(work, finding)
    return ((Button(words.plain("finding.button", count=count), Press(AREA, "open", item.id).pack()),),)


def _problem(finding: Finding) -> str:
    row = finding.row
    return NewItem.of_json(row.content).problem if isinstance(row, ItemDraft) else row.problem


def _is_open(finding: Finding) -> bool:
    return not isinstance(finding.row, RectificationItem) or finding.row.is_open


# ---- one is opened


async def _open(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show a record or a file, for a day, or until it is not theirs to read any more."""
    paper = await read_working_paper(context.work, who, press.subject)
    outgoing = OutgoingMessage(OpenedWorkingPaper(paper.id), delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(renew=False)


@renders_for_staff(OpenedWorkingPaper)
async def opened_working_paper(work: UnitOfWork, reader: StaffReader, notice: OpenedWorkingPaper) -> Message | None:
    """Show a working paper to whoever asked for it; it cannot be passed on."""
    paper, file = await working_paper_with_file(work, reader.who, notice.paper_id)
    words = reader.words
    if paper.record is not None:
        return _as_written(work, words, paper.title, paper.record)
    if file is None:
        return None
    otherwise = words("finding.file_not_shown", title=paper.title)
    shown_as = UploadKind.PHOTO if file.kind is FileKind.PHOTO else UploadKind.DOCUMENT
    upload = Upload(shown_as, file.data, SUFFIXES[file.kind], otherwise)
    return Message(words("finding.file", what=label(words, paper)), protect=True, upload=upload)


def _as_written(work: UnitOfWork, words: Words, title: str, record: InspectionRecord) -> Message:
    said = words("finding.record", title=title, place=record.place, day=day(words, record.day, work.today))
    lines = [said, words("team.quote", text=record.found), words("team.text_footer")]
    return Message(Html("\n".join(lines)), protect=True, written_for=WrittenFor.COLLEAGUES)


# ---- one is taken out


async def _ask_to_take_out(context: HandlerContext, who: Member, press: Press) -> Result:
    paper = await working_paper_to_take_out(context.work, who, press.subject)
    yes = button(context.words, "finding.take_out_yes", Press(AREA, "take_out_yes", paper.id).pack())
    text = context.words("finding.take_out_sure", what=label(context.words, paper))
    return Replaced(Message(text, ((yes, back(context.words, AREA, "card", paper.finding_id)),), protect=True))


async def _take_out(context: HandlerContext, who: Member, press: Press) -> Result:
    paper = await take_out(context.work, who, press.subject)
    return Done(context.words("finding.taken_out"), card=(AREA, paper.finding_id))


# ---- the forms


async def _may_add(form: FormContext) -> Finding:
    try:
        return await finding_to_add_to(form.context.work, form.who, form.subject_id)
    except Impossible as refusal:
        if refusal.state == "full":
            raise FormRefused(form.words("finding.full", most=MOST_PAPERS)) from None
        raise


async def _ask_for_title(form: FormContext) -> Message:
    return Message(form.words("finding.title_prompt", most=LONGEST_TITLE), ((form.cancel,),))


async def _read_title(form: FormContext, entered: FormInput) -> str:
    """Take a title; a file that comes along with it, or before it, is kept."""
    if entered.file is not None:
        form.answers[_FILE] = await _kept(form, entered.file)
        if not entered.text:  # asked again, so that the file is not forgotten
            raise Rejected(form.words("finding.title_please", most=LONGEST_TITLE), ((form.cancel,),))
    return written(form, entered, LONGEST_TITLE, "finding.title_please")


async def _ask_for_file(form: FormContext) -> Message:
    return Message(form.words("finding.file_prompt"), ((form.cancel,),))


async def _read_file(form: FormContext, entered: FormInput) -> str:
    if entered.file is None:
        raise Rejected(form.words("finding.file_please"))
    return await _kept(form, entered.file)


async def _kept(form: FormContext, file: Cleaned | UnfitFile) -> str:
    """Keep a file that is to be a working paper; return its id. Raises Rejected for any that is not taken."""
    taken = fit_file(form, file, "finding.file_please")
    await _discard(form)  # one that came before, in whose place this is
    return await keep_working_file(form.context.work, form.who, form.subject_id, taken)


async def _discard(form: FormContext) -> None:
    if _FILE in form.answers:
        await drop_working_file(form.context.work, form.who, form.answers[_FILE])


async def _add_file(form: FormContext) -> FormOutcome:
    await add_file(form.context.work, form.who, form.subject_id, form.answers["title"], form.answers[_FILE])
    return FormOutcome(form.words("finding.added"), card=True)


async def _add_record(form: FormContext) -> FormOutcome:
    given = form.answers
    found = InspectionRecord(given["found"], given["place"], date.fromisoformat(given["day"]))
    await add_record(form.context.work, form.who, form.subject_id, given["title"], found)
    return FormOutcome(form.words("finding.added"), card=True)


ADD_FILE = Form(
    FILE_FORM,
    (Step("title", _ask_for_title, _read_title), Step(_FILE, _ask_for_file, _read_file)),
    check=_may_add,
    send=_add_file,
    too_late="finding.too_late",
    area=AREA,
    card_when_cancelled=True,
    discard=_discard,
)
ADD_RECORD = Form(
    "add_working_record",
    (
        text_step("title", "finding.record_title_prompt", LONGEST_TITLE),
        text_step("found", "finding.found_prompt", LONGEST_FOUND),
        text_step("place", "finding.place_prompt", LONGEST_PLACE),
        recent_day_step("day", "finding.day_prompt", "finding.day_please"),
    ),
    check=_may_add,
    send=_add_record,
    too_late="finding.too_late",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(ADD_FILE, ADD_RECORD)

_ADDING = (Action("add_file", with_form(ADD_FILE)), Action("add_record", with_form(ADD_RECORD)))
SUBJECT = register_records(
    AREA,
    (
        *_ADDING,
        Action("read", _open),
        Action(_FILE, _open),
        Action("take_out", _ask_to_take_out),
        Action("take_out_yes", _take_out),
    ),
    finding_card,
    too_late="finding.too_late",
    not_yours="finding.not_yours",
)
