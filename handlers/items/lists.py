"""The items somebody may see: /items, those due first."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.actions import button
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.items.labels import one_line, time_left
from handlers.press import Press
from models.rectification import RectificationItem
from services.access.member import Member
from services.publication.objections import items_objected_to
from services.rectification.list_items import ItemFilter, open_items
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, in_rows

_BUTTONS_PER_ROW = 4


@command("items")
async def show_items(context: HandlerContext, who: Member) -> None:
    """Show the first page of the list."""
    await context.say(await item_list(context, who))


@dataclass(frozen=True)
class ItemLine:
    """What a list says of an item."""

    item: RectificationItem
    mark: str
    problem: str
    day: str
    left: Html


async def listed_items(
    context: HandlerContext, who: Member, after: str | None = None, wanted: ItemFilter | None = None
) -> tuple[list[ItemLine], str | None]:
    """Return a page of the open items, due first, and behind which one the next page begins, if there is one."""
    page = await open_items(context.work, who, after, wanted)
    words, today = context.words, context.work.today
    lines = [
        ItemLine(
            item,
            mark="🔴 " if item.hazard else "",
            problem=one_line(item.problem),
            day=day(words, item.due_on, today),
            left=time_left(words, item, today),
        )
        for item in page.items
    ]
    return lines, page.more_after


async def item_list(
    context: HandlerContext,
    who: Member,
    after: str | None = None,
    wanted: ItemFilter | None = None,
    *,
    turns: str = "list",
) -> Message:
    """Return a page of the open items, due first, each numbered, with a button of its number that opens it.

    `turns`: the action by which the next page is shown.
    """
    listed, more_after = await listed_items(context, who, after, wanted)
    objected = [] if after or wanted else await items_objected_to(context.work, who)
    if not listed and not objected:
        return Message(context.words("item.list_empty"))
    numbers = ", ".join(item.id for item in objected)
    lines = [context.words("publication.items_objected", numbers=numbers)] if objected else []
    lines += [context.words("item.list_title")] if listed else []
    buttons: list[Button] = []
    for place_in_list, line in enumerate(listed, start=1):
        lines.append(
            context.words(
                "item.list_line",
                n=place_in_list,
                mark=line.mark,
                number=line.item.id,
                problem=line.problem,
                day=line.day,
                left=line.left,
            )
        )
        buttons.append(Button(str(place_in_list), Press("item", "open", line.item.id).pack()))
    rows = in_rows([*objection_buttons(objected), *buttons], _BUTTONS_PER_ROW)
    if more_after:
        rows += ((button(context.words, "item.button_more", Press("item", turns, more_after).pack()),),)
    return Message(Html("\n\n".join(lines)), rows)


def objection_buttons(objected: Sequence[RectificationItem]) -> list[Button]:
    """Return the buttons that open what is said against the results of items."""
    return [Button(f"🗣 {item.id}", Press("objection", "open", item.id).pack()) for item in objected]
