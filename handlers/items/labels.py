"""How items and their parts are named, in few characters."""

from collections.abc import Collection
from datetime import date
from html import escape

from handlers.actions import button
from handlers.press import Press
from models.deadlines import RUNNING
from models.origins import Campaign, HandDown
from models.rectification import ItemEvent, ItemSource, RectificationItem
from models.states import ItemState
from services.rectification.item_file import has_numbers
from services.rectification.review_item import Tick
from services.rectification.unit_actions import Numbers
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button


def time_left(words: Words, item: RectificationItem, today: date) -> Html:
    """Return how much time is left, or gone."""
    if item.state not in RUNNING and item.state != ItemState.DRAFT:
        return words("item.left_stopped")
    return days_left(words, item.due_on, today)


def days_left(words: Words, due_on: date, today: date) -> Html:
    """Return how much time is left until a day, or since when it is gone."""
    days = (due_on - today).days
    if days < 0:
        return words("item.left_overdue", days=-days)
    return words("item.left_days", days=days) if days else words("item.left_today")


def number(item: RectificationItem) -> Html:
    """Return the item's number, marked when people are in danger; one that is only previewed has none yet."""
    return Html(f"{'🔴 ' if item.hazard else ''}<b>{escape(item.id) or 'RI…'}</b>")


def one_line(text: str, max_length: int = 30) -> str:
    """Return the beginning of a text, on one line."""
    return truncated(" ".join(text.split()), max_length)


def truncated(text: str, max_length: int) -> str:
    """Return a text as it stands, or its beginning when it is too long for a message."""
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"


def open_button(words: Words, item_id: str) -> Button:
    """Return the button that opens an item."""
    return button(words, "item.button_open", Press("item", "open", item_id).pack())


async def unit_name(work: UnitOfWork, item: RectificationItem) -> str:
    """Return the name of the unit that must fix an item."""
    return (await work.directory()).units[item.unit_id].name


async def staff_name(work: UnitOfWork, staff_id: str | None) -> str | None:
    """Return a staff member's name."""
    return (await work.directory()).names.get(staff_id) if staff_id else None


async def source_text(work: UnitOfWork, words: Words, item: RectificationItem) -> Html | None:
    """Return where an item comes from; None where the county's file says it in words of its own."""
    hand_down = await work.session.get(HandDown, item.hand_down_id) if item.hand_down_id else None
    campaign = await work.session.get(Campaign, item.campaign_id) if item.campaign_id else None
    match item.source:
        case ItemSource.HAND_DOWN if hand_down is not None:
            return words("item.source_hand_down", hand_down=hand_down.name, origin=hand_down.origin)
        case ItemSource.CAMPAIGN if campaign is not None:
            return words("item.source_campaign", campaign=campaign.name)
        case ItemSource.FEEDBACK:
            return words("item.source_feedback", round=(await work.directory()).rounds[item.round_id].name)
        case ItemSource.FIX_ON_SPOT | ItemSource.OFFICE | ItemSource.SELF_REPORT:
            return words(f"item.source_{item.source}")
    return None


def event_text(words: Words, event: ItemEvent, note: str | None = None) -> Html:
    """Return what an event was, with its reason and its words: in brief, unless the note is given."""
    key = f"item.event_{event.event}"
    parts = [words(key)] if words.has(key) else []
    reason = f"item.reason_{event.detail.get('reason')}"
    if words.has(reason):
        parts.append(words(reason))
    if "measure" in event.detail:
        parts.append(words(f"item.measure_{event.detail['measure']}"))
    if "ticks" in event.detail:
        parts.append(_ticks(words, event.detail["ticks"]))
    note = note or one_line(event.note, 80)
    if note:
        parts.append(Html(escape(note, quote=False)))
    return Html("：".join(parts) if words.language != "en" else ": ".join(parts))


def _ticks(words: Words, ticked: Collection[str]) -> Html:
    """Return the five ways of looking, each with whether a reviewer did."""
    marks = [f"{'☑' if tick in ticked else '☐'}{words.plain(f'item.tick_{tick}')}" for tick in Tick]
    return Html(escape(" ".join(marks), quote=False))


def numbers_text(words: Words, numbers: Numbers) -> Html:
    """Return in one line what came of an item in figures."""
    return words("item.line_numbers", numbers=listed_numbers(words, numbers))


def listed_numbers(words: Words, numbers: Numbers) -> Html:
    """Return what came of one or several items in figures, one after the other."""
    said = []
    if numbers.households_done is not None:
        total = numbers.households_total if numbers.households_total is not None else numbers.households_done
        said.append(words("item.number_households", done=numbers.households_done, total=total))
    if numbers.money_recovered is not None:
        said.append(words("item.number_money", yuan=f"{numbers.money_recovered:,}"))
    if numbers.people_dealt_with is not None:
        said.append(words("item.number_people", count=numbers.people_dealt_with))
    return Html(words.plain("staff.list_comma").join(said))


def item_numbers(words: Words, item: RectificationItem) -> list[Html]:
    """Return what the unit has said in figures, as a line; nothing when it has said nothing."""
    if not has_numbers(item):
        return []
    numbers = Numbers(item.households_done, item.households_total, item.money_recovered, item.people_dealt_with)
    return [numbers_text(words, numbers)]
