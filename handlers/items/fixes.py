"""/fixes: what is fixed on the spot (立行立改), with how much of it is done and found so by those who reported it."""

from handlers.actions import Replaced, Result
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.items.lists import item_list
from handlers.press import Press
from services.access.member import Member
from services.rectification.fixes import fix_rate
from services.rectification.list_items import ItemFilter
from services.rectification.system_built import systems_by_field
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
    if who.desks:
        line = Html(f"{line}\n{words('item.fix_judged', confirmed=rate.confirmed, denied=rate.denied)}")
    return Html("\n".join([line, *await _systems(work, words, who)]))


async def _systems(work: UnitOfWork, words: Words, who: Member) -> list[Html]:
    """Return how many systems were set up, in each field; nothing when none was."""
    known, built = await work.directory(), await systems_by_field(work, who)
    fields = [f"{known.category(code).name_in(words.language)} {number}" for code, number in built.items()]
    comma = words.plain("staff.list_comma")
    return [words("item.systems_built", count=sum(built.values()), fields=comma.join(fields))] if built else []


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    rate = await rate_line(context.work, context.words, who)
    listed = await item_list(context, who, after, ONLY_FIXES, turns="fixes")
    return listed.below(rate)
