"""Putting a case on the fast track: what that means, and one press more."""

from handlers.actions import Done, Replaced, Result, back, button
from handlers.cases.labels import number
from handlers.context import HandlerContext
from handlers.press import Press
from services.access.member import Member
from services.cases.fast_track import case_for_fast_track, clocks_of_fast_track, put_on_fast_track
from texts.message import Message


async def look_at(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show how short the clocks would be, and ask for the press that does it."""
    case = await case_for_fast_track(context.work, who, press.subject)
    clocks = await clocks_of_fast_track(context.work, case)
    text = context.words(
        "team.look_at_fast_track",
        number=number(case),
        accept=clocks.fast_accept_working_days,
        check=clocks.fast_check_working_days,
        handle=clocks.fast_handle_working_days,
    )
    yes = button(context.words, "team.action_fast_track", Press("case", "fast_track", case.id).pack())
    return Replaced(Message(text, ((yes,), (back(context.words, "case", "card", case.id),))))


async def do(context: HandlerContext, who: Member, press: Press) -> Result:
    """Put a case on the fast track."""
    await put_on_fast_track(context.work, who, press.subject)
    return Done(context.words("team.done_fast_track"))
