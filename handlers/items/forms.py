"""The forms about an item: orders, and progress."""

from datetime import date, timedelta
from typing import Any

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Step, written
from handlers.items.days import choose_day, read_day
from handlers.items.labels import number
from handlers.items.order import order_text
from handlers.unit_step import unit_step
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
from services.rectification.unit_actions import may, report_progress
from texts.catalogue import Html
from texts.dates import day, day_in_full
from texts.message import Message, Rows

LONGEST_PROGRESS = 1000  # characters
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
    (Step("text", _ask_for_order, _read_order), Step("due", _ask_for_due, read_day, choose_day)),
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
        Step("due", _ask_for_day, read_day),
        Step("leader", _ask_for_leader, choose=_choose_leader),
    ),
    check=_may_issue,
    preview=_show_item,
    send_label="item.button_issue",
    send=_issue,
    too_late="office.cannot_issue",
)

forms.register(REPORT_PROGRESS, ORDER_FIX, ISSUE_ITEM)
