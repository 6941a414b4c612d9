"""The forms about an item: orders, progress, evidence, the reviewers' result and reason."""

from datetime import date, timedelta
from html import escape
from typing import Any

from handlers import forms
from handlers.cases.reporter_text import text_for_reporters
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, written
from handlers.incoming import TOO_LARGE, UnfitFile
from handlers.items.labels import number, one_line
from handlers.items.order import order_text
from handlers.unit_step import unit_step
from media.kinds import FileKind
from models.rectification import RectificationItem
from models.rounds import Unit
from models.states import NotEntitled
from models.working_days import WorkingCalendar
from services.cases.impact import impact_of
from services.rectification.due_dates import Reason, Unclear, read_due
from services.rectification.issue_item import (
    LONGEST_TEXT,
    DueInPast,
    NewItem,
    UnitUnknown,
    case_to_fix,
    county_leaders,
    draft_fix,
    draft_item,
    issue_item,
    lead_county_leader,
    order_fix,
    units_to_order,
    usual_due,
)
from services.rectification.item_log import item_seen
from services.rectification.review_item import ReturnReason, pass_item, return_item
from services.rectification.unit_actions import (
    COLLECTING_FORM,
    MOST_PHOTOS,
    NothingHandedIn,
    drop_photos,
    keep_photo,
    may,
    report_progress,
    submit,
)
from texts.catalogue import SOURCE, Html, Words
from texts.dates import day, day_in_full
from texts.message import Message, Rows

LONGEST_PROGRESS = 1000  # characters
LONGEST_SUBMISSION = 2500  # all texts together: the reviewers get them in one message
LONGEST_RESULT = 300
LONGEST_REASON = 800
OTHER_TERM_DAYS = (14, 30)  # days that have a button, beside the usual one


async def _item(form: FormContext) -> RectificationItem:
    return await item_seen(form.context.work, form.who, form.subject_id)


def _words(form: FormContext, entered: FormInput, max_length: int) -> str:
    return written(form, entered, max_length, "item.text_please")


# ---- the unit reports progress


async def _ask_for_progress(form: FormContext) -> Message:
    return Message(form.words("item.progress_prompt", number=number(await _item(form))), ((form.cancel,),))


async def _read_progress(form: FormContext, entered: FormInput) -> str:
    return _words(form, entered, LONGEST_PROGRESS)


async def _report_progress(form: FormContext) -> FormOutcome:
    item = await report_progress(form.context.work, form.who, form.subject_id, form.answers["text"])
    return FormOutcome(form.words("item.done_progress", number=number(item)))


REPORT_PROGRESS = Form(
    "report_progress",
    (Step("text", _ask_for_progress, _read_progress),),
    check=lambda form: may(form.context.work, form.who, form.subject_id, "report_progress"),
    send=_report_progress,
    too_late="item.press_too_late",
)


# ---- the unit collects texts and photos, and hands them in together


async def _ask_for_evidence(form: FormContext) -> Message:
    return Message(form.words("item.submit_prompt", number=number(await _item(form))), ((form.cancel,),))


async def _read_evidence(form: FormContext, entered: FormInput) -> dict[str, list[str]]:
    """Put one more text or photo with the rest."""
    collected: dict[str, list[str]] = form.answers.get("evidence", {"texts": [], "photos": []})
    texts, photos, photo = collected["texts"], collected["photos"], entered.file
    if isinstance(photo, UnfitFile):
        raise Rejected(form.words("item.photo_too_large" if photo.reason == TOO_LARGE else "item.photo_cannot_clean"))
    if (photo is not None and photo.kind != FileKind.PHOTO) or (photo is None and not entered.text):
        raise Rejected(form.words("item.only_text_and_photos"))
    if sum(map(len, [*texts, entered.text])) > LONGEST_SUBMISSION:
        raise Rejected(form.words("item.submission_too_long", most=LONGEST_SUBMISSION))
    if photo is not None and len(photos) >= MOST_PHOTOS:
        raise Rejected(form.words("item.too_many_photos", most=MOST_PHOTOS))
    added = [] if photo is None else [await keep_photo(form.context.work, await _item(form), photo)]
    return {"texts": [*texts, *([entered.text] if entered.text else [])], "photos": [*photos, *added]}


async def _show_evidence(form: FormContext) -> Message:
    collected = form.answers["evidence"]
    lines = [form.words("item.collected", number=number(await _item(form)), photos=len(collected["photos"]))]
    if collected["texts"]:
        lines.append(
            Html(f"<blockquote expandable>{escape(chr(10).join(collected['texts']), quote=False)}</blockquote>")
        )
    return Message(Html("\n".join(lines)))


async def _hand_in(form: FormContext) -> FormOutcome:
    collected = form.answers["evidence"]
    try:
        await submit(form.context.work, form.who, form.subject_id, collected["texts"], collected["photos"])
    except NothingHandedIn:
        raise FormRefused(form.words("item.nothing_handed_in"), keeps_open=True) from None
    return FormOutcome(form.words("item.done_submit"), card=True)


async def _drop_evidence(form: FormContext) -> None:
    await drop_photos(form.context.work, form.answers.get("evidence", {}).get("photos", []))


SUBMIT_ITEM = Form(
    COLLECTING_FORM,
    (Step("evidence", _ask_for_evidence, _read_evidence),),
    check=lambda form: may(form.context.work, form.who, form.subject_id, "submit"),
    preview=_show_evidence,
    send_label="item.button_hand_in",
    send=_hand_in,
    revise=lambda _form, _given: "evidence",
    any_preview_sends=True,
    too_late="item.press_too_late",
    discard=_drop_evidence,
    area="item",
)


# ---- the reviewers pass it with a sentence, or return it with a reason


def _usual_result() -> str:
    # It is kept as the item's public result and told to reporters, whatever language the reviewer reads.
    return Words(SOURCE).plain("item.usual_result")


async def _ask_for_result(form: FormContext) -> Message:
    text = form.words("item.pass_prompt", number=number(await _item(form)), sentence=_usual_result())
    usual = form.choice(form.words.plain("item.button_usual_result"), "usual")
    return Message(text, ((usual,), (form.cancel,)))


async def _read_result(form: FormContext, entered: FormInput) -> str:
    return await text_for_reporters(form, entered, LONGEST_RESULT)


async def _choose_result(_form: FormContext, _value: str) -> str:
    return _usual_result()


async def _pass(form: FormContext) -> FormOutcome:
    await pass_item(form.context.work, form.who, form.subject_id, form.answers["result"])
    return FormOutcome(form.words("item.done_pass"), card=True)


PASS_ITEM = Form(
    "pass_item",
    (Step("result", _ask_for_result, _read_result, _choose_result),),
    check=lambda form: may(form.context.work, form.who, form.subject_id, "pass"),
    send=_pass,
    too_late="item.press_too_late",
    area="item",
)


async def _ask_for_reason(form: FormContext) -> Message:
    rows = tuple((form.choice(form.words.plain(f"item.reason_{reason}"), reason.value),) for reason in ReturnReason)
    return Message(form.words("item.return_prompt", number=number(await _item(form))), (*rows, (form.cancel,)))


async def _read_reason(form: FormContext, entered: FormInput) -> dict[str, str]:
    """Take the reason in words, also before the button that asks for them is pressed."""
    return {"reason": ReturnReason.OTHER.value, "words": _words(form, entered, LONGEST_REASON)}


async def _choose_reason(form: FormContext, value: str) -> dict[str, str] | Message:
    if value not in list(ReturnReason):
        raise Rejected(form.words("item.press_unknown"))
    if value == ReturnReason.OTHER:
        text = form.words("item.return_words_prompt", number=number(await _item(form)))
        return Message(text, ((form.cancel,),))
    return {"reason": value, "words": ""}


async def _return(form: FormContext) -> FormOutcome:
    given = form.answers["reason"]
    await return_item(form.context.work, form.who, form.subject_id, ReturnReason(given["reason"]), given["words"])
    return FormOutcome(form.words("item.done_return"), card=True)


RETURN_ITEM = Form(
    "return_item",
    (Step("reason", _ask_for_reason, _read_reason, _choose_reason, is_reason=True),),
    check=lambda form: may(form.context.work, form.who, form.subject_id, "return"),
    send=_return,
    too_late="item.press_too_late",
    area="item",
)


# ---- a team leader orders a fix from the head of a unit


async def _may_order(form: FormContext) -> None:
    try:
        await case_to_fix(form.context.work, form.who, form.subject_id)
    except UnitUnknown:
        raise FormRefused(form.words("item.unit_unknown")) from None


async def _ask_for_order(form: FormContext) -> Message:
    return Message(form.words("item.order_prompt"), ((form.cancel,),))


async def _read_order(form: FormContext, entered: FormInput) -> str:
    line = await _impact_on_order(form)
    text = _words(form, entered, LONGEST_TEXT - len(line))
    return f"{text}\n{line}" if line else text


async def _impact_on_order(form: FormContext) -> str:
    """Return what the team has said that the matter means for people, to go with its order; nothing else."""
    text = impact_of(form.context.work, await case_to_fix(form.context.work, form.who, form.subject_id))
    return form.words.plain("impact.on_order", text=text) if text else ""


async def _ask_for_due(form: FormContext) -> Message:
    """Ask by when; the usual day and two more have buttons."""
    case, today = await case_to_fix(form.context.work, form.who, form.subject_id), form.context.work.today
    usual = await usual_due(form.context.work, case)
    days = dict.fromkeys([usual, *(today + timedelta(days=term) for term in OTHER_TERM_DAYS)])
    row = tuple(form.choice(day(form.words, due, today), f"{due:%Y%m%d}") for due in days)
    return Message(form.words("item.due_prompt"), (row, (form.cancel,)))


async def _read_due(form: FormContext, entered: FormInput) -> str:
    due = await _due(form, entered)
    if isinstance(due, Unclear):
        typed = one_line(entered.text)
        raise Rejected(form.words(f"item.due_{due.reason}", typed=typed, year=due.year))
    if due < form.context.work.today:
        raise Rejected(form.words("item.due_past"))
    return due.isoformat()


async def _due(form: FormContext, entered: FormInput) -> date | Unclear:
    work = form.context.work
    return read_due(entered.text, work.today, WorkingCalendar.of(await work.settings(), work.zone))


async def _choose_due(form: FormContext, value: str) -> str:
    return await _read_due(form, FormInput(f"{value[:4]}-{value[4:6]}-{value[6:]}"))


async def _show_order(form: FormContext) -> Message:
    """Show exactly what the head will read, before it is issued."""
    text, due = form.answers["text"], date.fromisoformat(form.answers["due"])
    try:
        item = await draft_fix(form.context.work, form.who, form.subject_id, text, due)
    except UnitUnknown:
        raise FormRefused(form.words("item.press_too_late")) from None
    shown = await order_text(form.context.work, form.words, item, contact=form.who.name)
    hint = form.words("item.preview_change")
    return Message(Html(f"{form.words('item.preview')}\n\n{shown}\n\n{_due_in_full(form)}\n<i>{hint}</i>"))


def _due_in_full(form: FormContext) -> Html:
    """Say which day what was typed is taken for, with its weekday and year."""
    return form.words("item.preview_due", day=day_in_full(form.words, date.fromisoformat(form.answers["due"])))


async def _order_fix(form: FormContext) -> FormOutcome:
    text, due = form.answers["text"], date.fromisoformat(form.answers["due"])
    try:
        item = await order_fix(form.context.work, form.who, form.subject_id, text, due)
    except DueInPast:
        raise FormRefused(form.words("item.due_past"), keeps_open=True) from None
    except UnitUnknown:
        raise FormRefused(form.words("item.unit_unknown")) from None
    return FormOutcome(form.words("item.issued", number=number(item)))


def _order_or_due(form: FormContext, entered: FormInput) -> str:
    """Take another due date, or other words, instead of those in the preview."""
    work = form.context.work
    due = read_due(entered.text, work.today, WorkingCalendar(work.zone))  # which day it is does not matter yet
    return "text" if isinstance(due, Unclear) and due.reason is Reason.NO_DATE else "due"


ORDER_FIX = Form(
    "order_fix",
    (Step("text", _ask_for_order, _read_order), Step("due", _ask_for_due, _read_due, _choose_due)),
    check=_may_order,
    preview=_show_order,
    send_label="item.button_issue",
    send=_order_fix,
    revise=_order_or_due,
    too_late="item.press_too_late",
)


# ---- the office issues an item


async def _may_issue(form: FormContext) -> None:
    if not await units_to_order(form.context.work, form.who):
        raise FormRefused(form.words("office.not_entitled"))


async def _units_named(form: FormContext, named: str) -> list[Unit]:
    return await units_to_order(form.context.work, form.who, named)


async def _which_unit(form: FormContext) -> Html:
    return form.words("office.unit_prompt")


async def _ask_for_problem(form: FormContext) -> Message:
    units = await units_to_order(form.context.work, form.who)
    name = next(unit.name for unit in units if unit.id == form.answers["unit"])
    return Message(form.words("office.problem_prompt", unit=name), ((form.cancel,),))


async def _ask_for_requirement(form: FormContext) -> Message:
    none = form.choice(form.words.plain("office.button_no_requirement"))
    return Message(form.words("office.requirement_prompt"), ((none,), (form.cancel,)))


async def _choose_no_requirement(_form: FormContext, _value: str) -> str:
    return ""


async def _ask_for_day(form: FormContext) -> Message:
    return Message(form.words("item.due_prompt"), ((form.cancel,),))


async def _ask_for_leader(form: FormContext) -> Message:
    """Ask which county leader is in charge; the unit's own comes first."""
    work = form.context.work
    usual = await lead_county_leader(work, form.answers["unit"], None)
    leaders = sorted(await county_leaders(work), key=lambda leader: (leader.id != usual, leader.id))
    rows: Rows = tuple((form.choice(leader.name, leader.id),) for leader in leaders)
    nobody = form.choice(form.words.plain("office.button_no_leader"))
    return Message(form.words("office.leader_prompt"), (*rows, (nobody,), (form.cancel,)))


async def _choose_leader(form: FormContext, value: str) -> str | None:
    known = {leader.id for leader in await county_leaders(form.context.work)}
    return value if value in known else None


def _new_item(answers: dict[str, Any]) -> NewItem:
    return NewItem(
        answers["unit"],
        answers["problem"],
        date.fromisoformat(answers["due"]),
        requirement=answers["requirement"],
        county_leader_id=answers["leader"],
    )


async def _show_item(form: FormContext) -> Message:
    try:
        item = await draft_item(form.context.work, form.who, _new_item(form.answers))
    except (NotEntitled, UnitUnknown, DueInPast):
        raise FormRefused(form.words("office.cannot_issue")) from None
    shown = await order_text(form.context.work, form.words, item, contact=form.who.name)
    return Message(Html(f"{form.words('item.preview')}\n\n{shown}\n\n{_due_in_full(form)}"))


async def _issue(form: FormContext) -> FormOutcome:
    try:
        item = await issue_item(form.context.work, form.who, _new_item(form.answers))
    except (NotEntitled, UnitUnknown, DueInPast):
        raise FormRefused(form.words("office.cannot_issue")) from None
    return FormOutcome(form.words("item.issued", number=number(item)))


ISSUE_ITEM = Form(
    "issue_item",
    (
        unit_step(_units_named, _which_unit, "office.unit_not_found"),
        Step("problem", _ask_for_problem, _read_order),
        Step("requirement", _ask_for_requirement, _read_order, _choose_no_requirement),
        Step("due", _ask_for_day, _read_due),
        Step("leader", _ask_for_leader, choose=_choose_leader),
    ),
    check=_may_issue,
    preview=_show_item,
    send_label="item.button_issue",
    send=_issue,
    too_late="office.cannot_issue",
)

forms.register(REPORT_PROGRESS, SUBMIT_ITEM, PASS_ITEM, RETURN_ITEM, ORDER_FIX, ISSUE_ITEM)
