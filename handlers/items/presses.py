"""Presses on items: who pressed is asked anew each time, and an old press is told how things are now."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler

from handlers.cases.labels import plain
from handlers.context import App, HandlerContext
from handlers.items.card import item_card
from handlers.press import Press, pattern
from handlers.prompts import resident_first
from handlers.registry import Registry
from models.rectification import RectificationItem
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.people.prompts import SpeaksAsResident

Doer = Callable[[HandlerContext, Member, CallbackQuery, Press], Awaitable[None]]

DOERS: Registry[Doer] = Registry()
on_item = DOERS.named  # a doer may raise Impossible or NotEntitled before it acts


async def take_press(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    if query is None:
        return
    press, who = turn.press(query), turn.member
    doer = DOERS.get(press.action) if press else None
    if who is None or press is None or doer is None:
        turn.toast(query, plain(turn.words("item.press_unknown" if who else "item.press_stranger")), alert=True)
        return
    if turn.refused_in_group(query):
        return
    try:
        await doer(turn, who, query, press)
    except SpeaksAsResident:
        resident_first(turn, query)
    except Impossible:
        turn.toast(query, plain(turn.words("item.press_too_late")), alert=True)
        await renew(turn, who, query, press.subject)
    except NotEntitled:
        turn.toast(query, plain(turn.words("item.press_not_entitled")), alert=True)
        await renew(turn, who, query, press.subject)


async def renew(turn: HandlerContext, who: Member, query: CallbackQuery, item_id: str) -> None:
    """Put the present card where a button was pressed, if the item is theirs to see."""
    item = await turn.work.session.get(RectificationItem, item_id)
    if item is not None and who.actors_at_item(item):
        await turn.edit(query, await item_card(turn.work, turn.words, who, item))


def register(application: App) -> None:
    """Hear the presses on items."""
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("item")))
