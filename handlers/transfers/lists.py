"""/transfers: what lies with the departments for which somebody acts, and what somebody has asked departments for."""

from collections.abc import Sequence

from handlers.cases.requested import requested_lines
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.transfers.card import AREA, number
from handlers.transfers.requests import AREA as REQUESTS
from handlers.transfers.requests import number as request_number
from models.requests import Request
from services.access.member import Member
from services.cases.late import TOLD_OF_TEAMS
from services.cases.transfers import count_leads, proposed_leads, received, transfers_of
from services.rectification.requests import requests_by, requests_of
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, in_rows

_BUTTONS_PER_ROW = 2


@command("transfers")
async def show_transfers(context: HandlerContext, who: Member) -> None:
    """List what was passed on or asked and is not answered yet; its words are opened one by one."""
    words, work = context.words, context.work
    found, leads = await transfers_of(work, who), await proposed_leads(work, who)
    asked, waited_for = await requests_of(work, who), await requests_by(work, who)
    if not found and not leads and not asked and not waited_for:
        answers = bool(who.departments) or who.has(*TOLD_OF_TEAMS)
        await context.say(Message(words("transfer.list_empty" if answers else "request.none_waited_for")))
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
    if waited_for:
        lines.append(Html("\n".join([words("request.list_waited_for"), *await _waited_for(context, waited_for)])))
    requests = dict.fromkeys((*asked, *waited_for))  # somebody may have asked a department of their own
    buttons = [Button(request_number(one), Press(REQUESTS, "open", one.id).pack()) for one in requests]
    buttons += [Button(number(one), Press(AREA, "open", one.id).pack()) for one in (*found, *leads)]
    await context.say(Message(Html("\n\n".join(lines)), in_rows(buttons, _BUTTONS_PER_ROW)))


async def _waited_for(context: HandlerContext, requests: Sequence[Request]) -> list[Html]:
    """Return what somebody waits for: from which department, for which case or item, and until when."""
    words, work = context.words, context.work
    said = await requested_lines(work, words, requests)
    return [
        words("request.line_waited_for", number=request_number(one), about=one.case_id or one.item_id, waits=line)
        for one, line in zip(requests, said, strict=True)
    ]


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
