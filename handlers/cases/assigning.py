"""The office hands a case that is nobody's yet to a team."""

from telegram import CallbackQuery

from handlers.cases.labels import button, number, plain
from handlers.cases.presses import on_case, renew, show_menu
from handlers.context import HandlerContext
from handlers.press import Press
from services.access.member import Member
from services.cases.assign import NobodyMaySee, hand_to_team, teams_for
from services.cases.case_log import case_seen_by
from texts.message import Button, Message


@on_case("teams")
async def press_teams(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask which team it is for."""
    case = await case_seen_by(turn.work, who, press.subject)
    rows = [
        (Button(team.name, Press("case", "hand", case.id, team.id).pack()),)
        for team in await teams_for(turn.work, case)
    ]
    back = button(turn.words, "team.back", Press("case", "card", case.id).pack())
    await show_menu(turn, query, Message(turn.words("team.which_team", number=number(case)), (*rows, (back,))))


@on_case("hand")
async def press_hand(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    try:
        team = await hand_to_team(turn.work, who, press.subject, press.arg)
    except NobodyMaySee:
        turn.toast(query, plain(turn.words("team.nobody_may_see")), alert=True)
        return
    turn.toast(query, plain(turn.words("team.done_hand", team=team.name)))
    await renew(turn, who, query, press.subject)
