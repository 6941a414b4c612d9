"""The card of an item: what is to be done, by when, what happened, and the actions that are theirs now."""

from handlers.cases.card import in_twos
from handlers.cases.labels import button
from handlers.items.labels import cut, day, happened, left, number, staff_name, unit_name
from handlers.press import Press
from models.deadlines import proposal
from models.rectification import RectificationItem
from models.states import ITEM, Actor, ItemState
from services.access.member import Member
from services.rectification.item_log import events_of
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message

# The actions that have a button, and the press that begins each.
_BEGINS = {
    "acknowledge": "acknowledge",
    "submit": "submit",
    "report_progress": "progress",
    "pass": "pass",
    "return": "return",
    "countersign": "countersign",
    "clear": "clear",
}
_LONGEST_PROBLEM = 1500
_LONGEST_REQUIREMENT = 1000
_LAST_EVENTS = 6
_FOR_THE_OFFICE = ("no_yellow_card", "no_red_card", "import")


async def item_card(work: UnitOfWork, words: Words, who: Member, item: RectificationItem) -> Message:
    """Return the card of an item that is theirs to see."""
    actors = who.actors_at_item(item)
    actions = ITEM.actions(ItemState(item.state), actors)
    buttons = [_begin(words, item, action) for action in _BEGINS if action in actions]
    rows = in_twos(buttons)
    if Actor.OFFICE_DIRECTOR in actors:
        rows += await card_buttons(work, words, item)
    return Message(await item_text(work, words, item), rows)


async def item_text(work: UnitOfWork, words: Words, item: RectificationItem) -> Html:
    """Return all that is to be known of an item; where it came from is not among it."""
    events = await events_of(work, item)
    issued = events[0].by_id if events else None
    parts = [await order_text(work, words, item, contact=await staff_name(work, issued))]
    parts.append(words("item.line_state", state=words(f"item.state_{item.state}")))
    if item.card:
        parts.append(words(f"item.line_{item.card}"))
    shown = [event for event in events if event.event not in _FOR_THE_OFFICE]
    told = [(event, happened(words, event)) for event in shown]
    lines = [f"{day(words, event.at.astimezone(work.zone).date(), work.today)} {what}" for event, what in told if what]
    if lines:
        history = Html("\n".join(lines[-_LAST_EVENTS:]))
        parts.append(words("item.history", lines=history))
    return Html("\n".join(parts))


async def order_text(work: UnitOfWork, words: Words, item: RectificationItem, *, contact: str | None) -> Html:
    """Return the order as the head of the unit reads it; whoever has a question asks the contact."""
    lines = [words("item.line_number", number=number(item), unit=await unit_name(work, item))]
    if item.hazard:
        lines.append(words("item.line_hazard"))
    lines.append(words("item.line_problem", text=cut(item.problem, _LONGEST_PROBLEM)))
    if item.requirement:
        lines.append(words("item.line_requirement", text=cut(item.requirement, _LONGEST_REQUIREMENT)))
    due = day(words, item.due_on, work.today)
    lines.append(words("item.line_due", day=due, left=left(words, item, work.today)))
    leader = await staff_name(work, item.county_leader_id)
    if leader:
        lines.append(words("item.line_leader", name=leader))
    if contact:
        lines.append(words("item.line_contact", name=contact))
    return Html("\n".join(lines))


async def card_buttons(work: UnitOfWork, words: Words, item: RectificationItem) -> tuple[tuple[Button, ...], ...]:
    """Return the office director's buttons for a card that is proposed."""
    proposed = proposal(item, work.today, (await work.settings()).rectification)
    if proposed is None:
        return ()
    card = proposed.card
    give = button(words, f"item.button_give_{card}", Press("item", "give", item.id, card).pack())
    decline = button(words, "item.button_no_card", Press("item", "decline", item.id, card).pack())
    return ((give, decline),)


def _begin(words: Words, item: RectificationItem, action: str) -> Button:
    return button(words, f"item.button_{action}", Press("item", _BEGINS[action], item.id).pack())
