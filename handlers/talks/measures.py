"""What the office can do about an item that stays undone, as a menu: a talk, a visit, a bulletin, the list."""

from handlers.actions import (
    Action,
    Done,
    NothingDone,
    Replaced,
    Result,
    Subject,
    back,
    button,
    register,
    too_late_or_not_entitled,
)
from handlers.context import HandlerContext
from handlers.items.labels import number
from handlers.press import Press
from models.states import OFFICE_ACTORS, Actor, NotEntitled
from services.access.member import Member
from services.rectification.item_log import item_seen
from services.talks.listing import put_on_list, take_off_list
from texts.message import Message, in_rows

AREA = "measure"


async def menu(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show what somebody of the office can do about an item."""
    item = await item_seen(context.work, who, press.subject)
    actors, words = who.actors_at_item(item), context.words
    if not actors & OFFICE_ACTORS:
        raise NotEntitled
    if not item.is_open:
        return NothingDone(words("talk.item_is_cleared"))
    offered = [("talk.action_propose", Press("talk", "propose", item.id))]
    offered.append(("talk.action_draft", Press("bulletin", "draft", item.id)))
    offered.append(("docket.action_account", Press("account", "item", item.id)))
    if Actor.OFFICE_DIRECTOR in actors:
        offered.append(("talk.action_visit", Press("task", "visit", item.id)))
        listing = "unlist" if item.listed_on is not None else "list"
        offered.append((f"talk.action_{listing}", Press(AREA, listing, item.id)))
    rows = in_rows([button(words, key, to.pack()) for key, to in offered], 2)
    return Replaced(
        Message(words("talk.measures", number=number(item)), (*rows, (back(words, "item", "card", item.id),)))
    )


async def _list(context: HandlerContext, who: Member, press: Press) -> Result:
    await put_on_list(context.work, who, press.subject)
    return Done(context.words("talk.done_list"), card=("item", press.subject))


async def _unlist(context: HandlerContext, who: Member, press: Press) -> Result:
    await take_off_list(context.work, who, press.subject)
    return Done(context.words("talk.done_unlist"), card=("item", press.subject))


SUBJECT = register(
    Subject(
        AREA,
        (Action("menu", menu), Action("list", _list), Action("unlist", _unlist)),
        too_late_or_not_entitled("item.press_too_late", "item.press_not_entitled"),
    )
)
