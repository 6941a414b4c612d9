"""/fixes: what is fixed on the spot (立行立改), with how much of it is done and found so by those who reported it."""

from handlers.actions import Replaced, Result
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.items.lists import item_list
from handlers.press import Press
from services.access.member import Member
from services.rectification.fixes import fix_rate
from services.rectification.list_items import ItemFilter
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message

ONLY_FIXES = ItemFilter(is_fix=True)


@command("fixes")
async def show_fixes(context: HandlerContext, who: Member) -> None:
    """Show the first page of what is fixed on the spot and not cleared yet, under the rate."""
    await context.say(await _page(context, who))


async def turn_page(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the next page of the list in its place."""
    return Replaced(await _page(context, who, press.subject))


async def rate_line(work: UnitOfWork, words: Words, who: Member) -> Html:
    """Return how much of what was ordered is done; to those who know of reporters also what these say."""
    rate = await fix_rate(work, who)
    line = words("item.fix_rate", done=rate.done, ordered=rate.ordered, per_cent=rate.per_cent)
    if not who.desks:
        return line
    return Html(f"{line}\n{words('item.fix_judged', confirmed=rate.confirmed, denied=rate.denied)}")


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    rate = await rate_line(context.work, context.words, who)
    listed = await item_list(context, who, after, ONLY_FIXES, turns="fixes")
    return Message(Html(f"{rate}\n\n{listed.text}"), listed.buttons)
