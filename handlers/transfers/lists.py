"""/transfers: what lies with the departments for which somebody acts."""

from handlers.commands import command
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.transfers.card import AREA, number
from handlers.transfers.requests import AREA as REQUESTS
from handlers.transfers.requests import number as request_number
from services.access.member import Member
from services.cases.late import TOLD_OF_TEAMS
from services.cases.transfers import count_leads, proposed_leads, received, transfers_of
from services.rectification.requests import requests_of
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, in_rows

_BUTTONS_PER_ROW = 2


@command("transfers")
async def show_transfers(context: HandlerContext, who: Member) -> None:
    """List what was passed on and is not answered yet; its summaries are opened one by one."""
    words, work = context.words, context.work
    found, leads = await transfers_of(work, who), await proposed_leads(work, who)
    asked = await requests_of(work, who)
    if not found and not leads and not asked:
        await context.say(Message(words("transfer.list_empty")))
        return
    lines = [words("transfer.list_title")] if found else []
    for one in found:
        shown = await received(work, who, one.id)
        lines.append(
            words(
                f"transfer.list_{one.state}",
                number=number(one),
                department=shown.department,
                category=shown.category.name_in(words.language),
                day=day(words, shown.last_day(work.zone), work.today),
            )
        )
    if leads:
        lines.append(words("transfer.list_leads", count=len(leads)))
    for request in asked:
        due = day(words, request.due_on, work.today)
        lines.append(words("request.list_line", number=request_number(request), day=due))
    buttons = [Button(request_number(one), Press(REQUESTS, "open", one.id).pack()) for one in asked]
    buttons += [Button(number(one), Press(AREA, "open", one.id).pack()) for one in (*found, *leads)]
    await context.say(Message(Html("\n\n".join(lines)), in_rows(buttons, _BUTTONS_PER_ROW)))


@command("leads")
async def show_leads(context: HandlerContext, who: Member) -> None:
    """Tell director and leading group how many leads went to the discipline organ, and what became of them."""
    words = context.words
    if not who.has(*TOLD_OF_TEAMS):
        await context.say(Message(words("transfer.leads_not_yours")))
        return
    counted = await count_leads(context.work)
    lines = [words("transfer.leads", sent=counted.sent, signed=counted.signed)]
    lines += [
        words("transfer.leads_outcome", outcome=words(f"transfer.outcome_{outcome}"), count=count)
        for outcome, count in counted.outcomes.items()
    ]
    await context.say(Message(Html("\n".join(lines))))
