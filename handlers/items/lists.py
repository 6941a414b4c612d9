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
from texts.message import Button, Message


@command("items")
async def show_items(context: HandlerContext, who: Member) -> None:
    """Show the first page of the list."""
    await context.say(await item_list(context, who))


async def item_list(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    """Return a page of the open items, due first, each with a button that opens it."""
    page = await open_items(context.work, who, after)
    if not page.items:
        return Message(context.words("item.list_empty"))
    lines = [context.words("item.list_title")]
    buttons: list[tuple[Button, ...]] = []
    today = context.work.today
    for item in page.items:
        due = day(context.words, item.due_on, today)
        remaining = time_left(context.words, item, today)
        problem = one_line(item.problem)
        mark = "🔴 " if item.hazard else ""
        lines.append(
            context.words("item.list_line", mark=mark, number=item.id, problem=problem, day=due, left=remaining)
        )
        label = f"{mark}{item.id} {one_line(item.problem, 20)}"
        buttons.append((Button(label, Press("item", "open", item.id).pack()),))
    if page.more_after:
        buttons.append((button(context.words, "item.button_more", Press("item", "list", page.more_after).pack()),))
    return Message(Html("\n\n".join(lines)), tuple(buttons))
