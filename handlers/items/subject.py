"""Presses on items: the card that is shown where one was pressed, and how refusals are told."""

from handlers.actions import (
    Action,
    Replaced,
    Result,
    Subject,
    back_to_card,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.context import HandlerContext
from handlers.items import fixes
from handlers.items.actions import ACTIONS
from handlers.items.card import item_card
from handlers.items.digest import acknowledge_listed
from handlers.items.lists import item_list
from handlers.press import Press
from models.rectification import RectificationItem
from services.access.member import Member
from texts.message import Message


async def card(context: HandlerContext, who: Member, item_id: str) -> Message | None:
    """Return the present card, if the item is theirs to see."""
    item = await context.work.session.get(RectificationItem, item_id)
    if item is None or not who.actors_at_item(item):
        return None
    return await item_card(context.work, context.words, who, item)


async def _list(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the next page of the list in its place."""
    return Replaced(await item_list(context, who, press.subject))


SUBJECT = register(
    Subject(
        "item",
        (
            *ACTIONS,
            Action("acknowledge_listed", acknowledge_listed),
            Action("open", open_card),
            Action("card", back_to_card),
            Action("list", _list),
            Action("fixes", fixes.turn_page),
        ),
        too_late_or_not_entitled("item.press_too_late", "item.press_not_entitled"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
