"""The items somebody may see: /items, those due first."""

from handlers.actions import button
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.items.labels import one_line, time_left
from handlers.press import Press
from services.access.member import Member
from services.rectification.list_items import open_items
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, in_rows

_BUTTONS_PER_ROW = 4


@command("items")
async def show_items(context: HandlerContext, who: Member) -> None:
    """Show the first page of the list."""
    await context.say(await item_list(context, who))


async def item_list(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    """Return a page of the open items, due first, each numbered, with a button of its number that opens it."""
    page = await open_items(context.work, who, after)
    if not page.items:
        return Message(context.words("item.list_empty"))
    lines = [context.words("item.list_title")]
    buttons: list[Button] = []
    today = context.work.today
    for place_in_list, item in enumerate(page.items, start=1):
        due = day(context.words, item.due_on, today)
        remaining = time_left(context.words, item, today)
        problem = one_line(item.problem)
        mark = "🔴 " if item.hazard else ""
        lines.append(
            context.words(
                "item.list_line",
                n=place_in_list,
                mark=mark,
                number=item.id,
                problem=problem,
                day=due,
                left=remaining,
            )
        )
        buttons.append(Button(str(place_in_list), Press("item", "open", item.id).pack()))
    rows = in_rows(buttons, _BUTTONS_PER_ROW)
    if page.more_after:
        rows += ((button(context.words, "item.button_more", Press("item", "list", page.more_after).pack()),),)
    return Message(Html("\n\n".join(lines)), rows)
