"""Marking a case as a named report: what that means, and one press more."""

from handlers.actions import Done, NothingDone, Replaced, Result, back, button
from handlers.cases.labels import number
from handlers.context import HandlerContext
from handlers.press import Press
from services.access.member import Member
from services.cases.named_reports import case_to_mark_as_named, clocks_of_named, mark_as_named
from services.cases.read_case import NotRead
from texts.message import Message


async def look_at(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show what must be verified first and how short the clocks would be, and ask for the press that does it."""
    try:
        case = await case_to_mark_as_named(context.work, who, press.subject)
    except NotRead:
        return NothingDone(context.words("team.read_first"))
    clocks = await clocks_of_named(context.work, case)
    text = context.words(
        "team.look_at_named",
        number=number(case),
        notice=clocks.named_notice_working_days,
        result=clocks.named_result_working_days,
    )
    yes = button(context.words, "team.action_mark_as_named", Press("case", "mark_as_named", case.id).pack())
    return Replaced(Message(text, ((yes,), (back(context.words, "case", "card", case.id),))))


async def do(context: HandlerContext, who: Member, press: Press) -> Result:
    """Mark a case as a named report."""
    try:
        await mark_as_named(context.work, who, press.subject)
    except NotRead:
        return NothingDone(context.words("team.read_first"))
    return Done(context.words("team.done_named"))
