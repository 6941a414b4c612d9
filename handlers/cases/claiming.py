"""A member makes a case theirs."""

from telegram import CallbackQuery

from handlers.cases.labels import plain
from handlers.cases.presses import on_case, renew
from handlers.context import HandlerContext, in_private
from handlers.press import Press
from services.access.member import Member
from services.cases.claim import claim, take_over


@on_case("claim")
async def press_claim(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await claim(turn.work, who, press.subject)
    turn.toast(query, plain(turn.words("team.claimed")))
    await _renew_in_private(turn, who, query, press)


@on_case("take_over")
async def press_take_over(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await take_over(turn.work, who, press.subject)
    turn.toast(query, plain(turn.words("team.taken_over")))
    await _renew_in_private(turn, who, query, press)


async def _renew_in_private(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    # The board's card is renewed by the action itself; in private this may be an older card, or none of ours.
    if in_private(query):
        await renew(turn, who, query, press.subject)
