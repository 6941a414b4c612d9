"""Presses on items: the card that is shown where one was pressed, and how refusals are told."""

from handlers.actions import Action, Done, Replaced, Result, Subject, back_to_card, register, renew
from handlers.context import HandlerContext
from handlers.items.actions import ACTIONS
from handlers.items.card import item_card
from handlers.items.lists import item_list
from handlers.press import Press
from models.rectification import RectificationItem
from models.states import Impossible
from services.access.member import Member
from services.rectification.item_log import item_seen
from texts.message import Message


async def card(context: HandlerContext, who: Member, item_id: str) -> Message | None:
    """Return the present card, if the item is theirs to see."""
    item = await context.work.session.get(RectificationItem, item_id)
    if item is None or not who.actors_at_item(item):
        return None
    return await item_card(context.work, context.words, who, item)


async def refused(context: HandlerContext, who: Member, press: Press, refusal: Exception) -> None:
    """Tell why an action was not done, and show the present card."""
    context.alert("item.press_too_late" if isinstance(refusal, Impossible) else "item.press_not_entitled")
    await renew(context, who, SUBJECT, press.subject)


async def _open(context: HandlerContext, who: Member, press: Press) -> Result:
    """Open an item in a message of its own: the list or digest stays as it is."""
    item = await item_seen(context.work, who, press.subject)
    await context.show_card("item", item.id, await item_card(context.work, context.words, who, item))
    return Done(renew=False)


async def _list(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the next page of the list in its place."""
    return Replaced(await item_list(context, who, press.subject))


SUBJECT = register(
    Subject(
        "item",
        (*ACTIONS, Action("open", _open), Action("card", back_to_card), Action("list", _list)),
        refused,
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
