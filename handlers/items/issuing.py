"""The office issues items, step by step, and gives or declines the cards that are proposed."""

from datetime import date
from hashlib import sha256

from telegram import CallbackQuery, Update
from telegram import Message as TelegramMessage
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from handlers.cases.labels import button, plain
from handlers.context import App, HandlerContext
from handlers.items.card import order_text
from handlers.items.labels import number
from handlers.items.presses import on_item, renew
from handlers.press import Press, pattern
from handlers.prompts import ON_STAFF, answers, resident_first
from models.rectification import WarningCard
from models.states import NotEntitled
from services.access.member import Member
from services.people.prompts import Prompt, SpeaksAsResident, close_prompt, open_prompt
from services.rectification.cards import decline_card, give_card
from services.rectification.due_dates import read_due
from services.rectification.issue_item import (
    LONGEST_TEXT,
    DueInPast,
    NewItem,
    UnitUnknown,
    county_leaders,
    draft_item,
    issue_item,
    lead_county_leader,
    units_to_order,
)
from texts.catalogue import Html
from texts.message import Button, Message, Rows

_UNITS_A_PAGE = 8


async def take_newitem(update: Update, turn: HandlerContext) -> None:  # noqa: ARG001
    """Answer /newitem: begin with the unit."""
    who = turn.member
    if who is None or not await units_to_order(turn.work, who):
        await turn.say(Message(turn.words("office.not_entitled")))
        return
    try:
        await open_prompt(turn.work, who.id, Prompt("office.unit", None, {}))
    except SpeaksAsResident:
        await turn.say(Message(turn.words("staff.resident_first")))
        return
    await turn.say(await _unit_menu(turn, who, 0))


@answers("office.unit")
async def take_unit(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:  # noqa: ARG001
    """Take a unit by a part of its name; several are offered."""
    found = await units_to_order(turn.work, who, (message.text or "").strip())
    if len(found) == 1:
        await _ask_problem(turn, who, found[0].id, found[0].name)
    elif found and message.text:
        await turn.say(await _unit_menu(turn, who, 0, message.text.strip()))
    else:
        await turn.say(Message(turn.words("office.unit_not_found")))


@answers("office.problem")
async def take_problem(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    text = await _text(turn, message)
    if text is not None:
        await open_prompt(turn.work, who.id, Prompt("office.requirement", None, {**prompt.kept, "problem": text}))
        skip = button(turn.words, "office.button_no_requirement", Press("office", "no_requirement").pack())
        await turn.say(Message(turn.words("office.requirement_prompt"), ((skip,), (_cancel(turn),))))


@answers("office.requirement")
async def take_requirement(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    text = await _text(turn, message)
    if text is not None:
        await _ask_due(turn, who, prompt, text)


@answers("office.due")
async def take_due(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:
    due = read_due(message.text or "", turn.work.today)
    if due is None or due < turn.work.today:
        await turn.say(Message(turn.words("item.due_please" if due is None else "item.due_past")))
        return
    kept = {**prompt.kept, "due": due.isoformat()}
    await open_prompt(turn.work, who.id, Prompt("office.leader", None, kept))
    await turn.say(await _leader_menu(turn, kept["unit"]))


@answers("office.leader")
@answers("office.sure")
async def take_anything(turn: HandlerContext, who: Member, message: TelegramMessage, prompt: Prompt) -> None:  # noqa: ARG001
    await turn.say(Message(turn.words("office.press_please"), ((_cancel(turn),),)))


async def take_press(update: Update, turn: HandlerContext) -> None:
    """Go on with a new item by a press; it must fit the question that is open."""
    query = update.callback_query
    if query is None:
        return
    press, who, prompt = turn.press(query), turn.member, turn.opened.prompt
    if who is None or press is None:
        turn.toast(query, plain(turn.words("item.press_unknown" if who else "item.press_stranger")), alert=True)
    elif turn.refused_in_group(query):
        return
    elif press.action == "cancel":
        await close_prompt(turn.work, who.id)
        turn.toast(query)
        await turn.edit(query, Message(turn.words("item.cancelled")))
    elif prompt is None or (press.action, prompt.form) not in _FITS:
        turn.toast(query, plain(turn.words("item.press_too_late")), alert=True)
    else:
        try:
            await _go_on(turn, who, query, press, prompt)
        except SpeaksAsResident:
            resident_first(turn, query)


_FITS = {
    ("units", "office.unit"),
    ("unit", "office.unit"),
    ("no_requirement", "office.requirement"),
    ("leader", "office.leader"),
    ("issue", "office.sure"),
}


async def _go_on(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press, prompt: Prompt) -> None:
    match press.action:
        case "units":
            turn.toast(query)
            await turn.edit(query, await _unit_menu(turn, who, int(press.arg) if press.arg.isdecimal() else 0))
        case "unit":
            unit = next((unit for unit in await units_to_order(turn.work, who) if _mark(unit.id) == press.arg), None)
            if unit is None:
                turn.toast(query, plain(turn.words("office.unit_not_found")), alert=True)
                return
            turn.toast(query)
            await _ask_problem(turn, who, unit.id, unit.name)
        case "no_requirement":
            turn.toast(query)
            await _ask_due(turn, who, prompt, "")
        case "leader":
            turn.toast(query)
            await _preview(turn, who, prompt, press.arg)
        case _:
            await _issue(turn, who, query, press, prompt)


async def _unit_menu(turn: HandlerContext, who: Member, start: int, named: str = "") -> Message:
    units = await units_to_order(turn.work, who, named)
    rows = [
        (Button(unit.name, Press("office", "unit", "", _mark(unit.id)).pack()),)
        for unit in units[start : start + _UNITS_A_PAGE]
    ]
    if not named and len(units) > start + _UNITS_A_PAGE:
        more = Press("office", "units", "", str(start + _UNITS_A_PAGE)).pack()
        rows.append((button(turn.words, "item.button_more", more),))
    return Message(turn.words("office.unit_prompt"), (*rows, (_cancel(turn),)))


async def _ask_problem(turn: HandlerContext, who: Member, unit_id: str, unit_name: str) -> None:
    await open_prompt(turn.work, who.id, Prompt("office.problem", None, {"unit": unit_id}))
    await turn.say(Message(turn.words("office.problem_prompt", unit=unit_name), ((_cancel(turn),),)))


async def _ask_due(turn: HandlerContext, who: Member, prompt: Prompt, requirement: str) -> None:
    await open_prompt(turn.work, who.id, Prompt("office.due", None, {**prompt.kept, "requirement": requirement}))
    await turn.say(Message(turn.words("item.due_prompt"), ((_cancel(turn),),)))


async def _leader_menu(turn: HandlerContext, unit_id: str) -> Message:
    """Ask which county leader is in charge; the unit's own comes first."""
    usual = await lead_county_leader(turn.work, unit_id, None)
    leaders = sorted(await county_leaders(turn.work), key=lambda leader: (leader.id != usual, leader.id))
    rows: Rows = tuple((Button(leader.name, Press("office", "leader", "", leader.id).pack()),) for leader in leaders)
    nobody = button(turn.words, "office.button_no_leader", Press("office", "leader").pack())
    return Message(turn.words("office.leader_prompt"), (*rows, (nobody,), (_cancel(turn),)))


async def _preview(turn: HandlerContext, who: Member, prompt: Prompt, leader_id: str) -> None:
    known = {leader.id for leader in await county_leaders(turn.work)}
    kept = {**prompt.kept, "leader": leader_id if leader_id in known else None}
    try:
        item = await draft_item(turn.work, who, _order(kept))
    except (NotEntitled, UnitUnknown, DueInPast):
        await close_prompt(turn.work, who.id)
        await turn.say(Message(turn.words("office.cannot_issue")))
        return
    await open_prompt(turn.work, who.id, Prompt("office.sure", None, kept))
    text = await order_text(turn.work, turn.words, item, contact=who.name)
    issue = button(turn.words, "item.button_issue", Press("office", "issue", "", _mark_of(kept)).pack())
    shown = Html(f"{turn.words('item.preview')}\n\n{text}")
    await turn.say(Message(shown, ((issue, _cancel(turn)),)))


async def _issue(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press, prompt: Prompt) -> None:
    if press.arg != _mark_of(prompt.kept):
        turn.toast(query, plain(turn.words("item.preview_rewritten")), alert=True)
        return
    await close_prompt(turn.work, who.id)
    try:
        item = await issue_item(turn.work, who, _order(prompt.kept))
    except (NotEntitled, UnitUnknown, DueInPast):
        turn.toast(query, plain(turn.words("office.cannot_issue")), alert=True)
        return
    turn.toast(query, plain(turn.words("item.done_issue")))
    await turn.edit(query, Message(turn.words("item.issued", number=number(item))))


def _order(kept: dict[str, str]) -> NewItem:
    return NewItem(
        kept["unit"],
        kept["problem"],
        date.fromisoformat(kept["due"]),
        requirement=kept["requirement"],
        county_leader_id=kept["leader"],
    )


async def _text(turn: HandlerContext, message: TelegramMessage) -> str | None:
    text = (message.text or "").strip()
    if text and len(text) <= LONGEST_TEXT:
        return text
    await turn.say(Message(turn.words("item.text_please", most=LONGEST_TEXT)))
    return None


def _mark(unit_id: str) -> str:
    # The id of a past round's unit is its whole name, and too long for a button.
    return sha256(unit_id.encode()).hexdigest()[:16]


def _mark_of(kept: dict[str, str]) -> str:
    """Name one order, so that the button under an earlier preview cannot issue a later one."""
    return _mark(repr(sorted(kept.items())))


def _cancel(turn: HandlerContext) -> Button:
    return button(turn.words, "common.cancel", Press("office", "cancel").pack())


@on_item("give")
async def press_give(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Give the card that is proposed."""
    await give_card(turn.work, who, press.subject, _card(press))
    turn.toast(query, plain(turn.words("office.card_given")))
    await renew(turn, who, query, press.subject)


@on_item("decline")
async def press_decline(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await decline_card(turn.work, who, press.subject, _card(press))
    turn.toast(query, plain(turn.words("office.card_declined")))
    await turn.edit(query, Message(turn.words("office.card_declined_note", number=press.subject)))


def _card(press: Press) -> WarningCard:
    if press.arg not in list(WarningCard):
        raise NotEntitled
    return WarningCard(press.arg)


def register(application: App) -> None:
    """Hear /newitem and its presses."""
    private = filters.ChatType.PRIVATE & ON_STAFF
    application.add_handler(CommandHandler("newitem", take_newitem, filters=private))
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("office")))
