"""A team leader orders a fix from the head of a unit: what, by when, a look at exactly what the head will read."""

from datetime import date, timedelta
from hashlib import sha256

from telegram import CallbackQuery
from telegram import Message as TelegramMessage

from handlers.cases.labels import button, plain
from handlers.context import HandlerContext
from handlers.items.card import order_text
from handlers.items.labels import cancel_button, day, number
from handlers.items.presses import on_item
from handlers.press import Press
from handlers.prompts import answers
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.people.prompts import Prompt, close_prompt, open_prompt
from services.rectification.due_dates import read_due
from services.rectification.issue_item import (
    LONGEST_TEXT,
    DueInPast,
    UnitUnknown,
    case_to_fix,
    draft_fix,
    order_fix,
    usual_due,
)
from texts.catalogue import Html
from texts.message import Button, Message

_OTHER_TERMS = (14, 30)  # days that have a button, beside the usual one
TOO_LATE = (Impossible, NotEntitled, UnitUnknown)


@on_item("order")
async def press_order(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask for the leader's own words."""
    try:
        case = await case_to_fix(turn.work, who, press.subject)
    except UnitUnknown:
        turn.toast(query, plain(turn.words("item.unit_unknown")), alert=True)
        return
    await open_prompt(turn.work, who.id, Prompt("item.order", case.id, {}))
    turn.toast(query)
    await turn.say(Message(turn.words("item.order_prompt"), ((cancel_button(turn.words, case.id),),)))


@answers("item.order")
async def take_order(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    text = (message.text or "").strip()
    if not text or len(text) > LONGEST_TEXT:
        await turn.say(Message(turn.words("item.text_please", most=LONGEST_TEXT)))
        return
    try:
        case = await case_to_fix(turn.work, who, prompt.subject_id or "")
    except TOO_LATE:
        await _give_up(turn, who)
        return
    await open_prompt(turn.work, who.id, Prompt("item.order_due", case.id, {"text": text}))
    usual = await usual_due(turn.work, case)
    today = turn.work.today
    days = dict.fromkeys([usual, *(today + timedelta(days=term) for term in _OTHER_TERMS)])
    row = tuple(
        Button(day(turn.words, due, today), Press("item", "due", case.id, f"{due:%Y%m%d}").pack()) for due in days
    )
    await turn.say(Message(turn.words("item.due_prompt"), (row, (cancel_button(turn.words, case.id),))))


@answers("item.order_due")
async def take_due(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    due = read_due(message.text or "", turn.work.today)
    if due is None:
        await turn.say(Message(turn.words("item.due_please")))
        return
    await _preview(turn, who, prompt, due)


@on_item("due")
async def press_due(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    prompt = turn.opened.prompt
    due = read_due(f"{press.arg[:4]}-{press.arg[4:6]}-{press.arg[6:]}", turn.work.today)
    if prompt is None or not prompt.form.startswith("item.order_") or prompt.subject_id != press.subject or due is None:
        turn.toast(query, plain(turn.words("item.press_too_late")), alert=True)
        return
    turn.toast(query)
    await _preview(turn, who, prompt, due)


async def _preview(turn: HandlerContext, who: Member, prompt: Prompt, due: date) -> None:
    """Show exactly what the head will read, before it is issued."""
    case_id = prompt.subject_id or ""
    try:
        item = await draft_fix(turn.work, who, case_id, prompt.kept["text"], due)
    except DueInPast:
        await turn.say(Message(turn.words("item.due_past")))
        return
    except TOO_LATE:
        await _give_up(turn, who)
        return
    await open_prompt(turn.work, who.id, Prompt("item.order_sure", case_id, {**prompt.kept, "due": due.isoformat()}))
    text = await order_text(turn.work, turn.words, item, contact=who.name)
    mark = _mark(prompt.kept["text"], due)
    issue = button(turn.words, "item.button_issue", Press("item", "issue", case_id, mark).pack())
    shown = Html(f"{turn.words('item.preview')}\n\n{text}\n\n<i>{turn.words('item.preview_change')}</i>")
    await turn.say(Message(shown, ((issue, cancel_button(turn.words, case_id)),)))


@answers("item.order_sure")
async def take_change(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    """Take another due date, or other words, instead of those in the preview."""
    if read_due(message.text or "", turn.work.today) is not None:
        await take_due(turn, who, message, prompt)
    else:
        await take_order(turn, who, message, prompt)


@on_item("issue")
async def press_issue(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    prompt = turn.opened.prompt
    if prompt is None or prompt.form != "item.order_sure" or prompt.subject_id != press.subject:
        turn.toast(query, plain(turn.words("item.press_too_late")), alert=True)
        return
    due = date.fromisoformat(prompt.kept["due"])
    if press.arg != _mark(prompt.kept["text"], due):
        turn.toast(query, plain(turn.words("item.preview_rewritten")), alert=True)
        return
    try:
        item = await order_fix(turn.work, who, press.subject, prompt.kept["text"], due)
    except DueInPast:
        turn.toast(query, plain(turn.words("item.due_past")), alert=True)
        return
    except UnitUnknown:
        turn.toast(query, plain(turn.words("item.unit_unknown")), alert=True)
        return
    await close_prompt(turn.work, who.id)
    turn.toast(query, plain(turn.words("item.done_issue")))
    await turn.edit(query, Message(turn.words("item.issued", number=number(item))))


def _mark(text: str, due: date) -> str:
    """Name one order, so that the button under an earlier preview cannot issue a later one."""
    return sha256(f"{due} {text}".encode()).hexdigest()[:8]


async def _give_up(turn: HandlerContext, who: Member) -> None:
    await close_prompt(turn.work, who.id)
    await turn.say(Message(turn.words("item.press_too_late")))
