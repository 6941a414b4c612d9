"""The items somebody may see: the list, one item, and the actions that need no more words."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Update
from telegram.ext import CommandHandler, filters

from handlers.cases.labels import button, plain
from handlers.context import App, HandlerContext
from handlers.items.card import item_card
from handlers.items.labels import day, left, short
from handlers.items.presses import on_item, renew
from handlers.press import Press
from handlers.prompts import ON_STAFF
from models.rectification import RectificationItem
from services.access.member import Member
from services.people.prompts import close_prompt
from services.rectification.item_log import item_seen
from services.rectification.list_items import open_items
from services.rectification.review_item import clear_item, countersign
from services.rectification.unit_actions import acknowledge, drop_photos
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Button, Message

Action = Callable[[UnitOfWork, Member, str], Awaitable[RectificationItem]]

_AT_ONCE: dict[str, Action] = {"acknowledge": acknowledge, "countersign": countersign, "clear": clear_item}


async def take_items(update: Update, turn: HandlerContext) -> None:  # noqa: ARG001
    """Answer /items."""
    if turn.member is not None:
        await turn.say(await item_list(turn, turn.member))


async def item_list(turn: HandlerContext, who: Member, after: str | None = None) -> Message:
    """Return a page of the open items, due first, each with a button that opens it."""
    page = await open_items(turn.work, who, after)
    if not page.items:
        return Message(turn.words("item.list_empty"))
    lines = [turn.words("item.list_title")]
    buttons: list[tuple[Button, ...]] = []
    today = turn.work.today
    for item in page.items:
        due = day(turn.words, item.due_on, today)
        time_left = left(turn.words, item, today)
        problem = short(item.problem)
        mark = "🔴 " if item.hazard else ""
        lines.append(turn.words("item.list_line", mark=mark, number=item.id, problem=problem, day=due, left=time_left))
        label = f"{mark}{item.id} {short(item.problem, 20)}"
        buttons.append((Button(label, Press("item", "open", item.id).pack()),))
    if page.more_after:
        buttons.append((button(turn.words, "item.button_more", Press("item", "list", page.more_after).pack()),))
    return Message(Html("\n\n".join(lines)), tuple(buttons))


@on_item("list")
async def press_list(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    turn.toast(query)
    await turn.edit(query, await item_list(turn, who, press.subject))


@on_item("open")
async def press_open(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Open an item in a message of its own: the list or digest stays as it is."""
    item = await item_seen(turn.work, who, press.subject)
    turn.toast(query)
    await turn.say(await item_card(turn.work, turn.words, who, item))


async def press_action(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await _AT_ONCE[press.action](turn.work, who, press.subject)
    turn.toast(query, plain(turn.words(f"item.done_{press.action}")))
    await renew(turn, who, query, press.subject)


for _action in _AT_ONCE:
    on_item(_action)(press_action)


@on_item("cancel")
async def press_cancel(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Let a question be, with all that was collected for it."""
    prompt = turn.opened.prompt
    if prompt is not None and prompt.subject_id == press.subject:
        await drop_photos(turn.work, prompt.kept.get("photos", []))
        await close_prompt(turn.work, who.id)
    turn.toast(query)
    await turn.edit(query, Message(turn.words("item.cancelled")))


def register(application: App) -> None:
    """Hear /items from everybody on the staff."""
    private = filters.ChatType.PRIVATE & ON_STAFF
    application.add_handler(CommandHandler("items", take_items, filters=private))
