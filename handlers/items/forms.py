"""The forms about an item: orders, and progress."""

from datetime import date, timedelta

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Step, written
from handlers.items.days import choose_day, read_day
from handlers.items.labels import number
from handlers.items.order import order_text
from models.rectification import RectificationItem
from models.working_days import WorkingCalendar
from services.cases.impact import impact_of
from services.rectification.due_dates import Reason, Unclear, read_due
from services.rectification.issue_item import (
    DueInPast,
    UnitUnknown,
    case_to_fix,
    draft_fix,
    order_fix,
    usual_due,
)
from services.rectification.item_log import item_seen
from services.rectification.order import LONGEST_TEXT
from services.rectification.unit_actions import may, report_progress
from texts.catalogue import Html
from texts.dates import day, day_in_full
from texts.message import Message

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


forms.register(REPORT_PROGRESS, ORDER_FIX)
