"""A case goes to another team of the round (提级): which one, the press that does it, and that its reporter asks."""

from handlers.actions import Done, NothingDone, Replaced, Result, back, button
from handlers.cases.labels import number
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from services.access.member import Member
from services.cases.assign import NobodyMaySee
from services.cases.level_up import case_to_level_up, level_up, other_teams
from services.cases.notices import OtherTeamAskedFor
from services.unit_of_work import UnitOfWork
from texts.message import Button, Message


async def choose_team(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask which team is to have it."""
    case = await case_to_level_up(context.work, who, press.subject)
    teams = await other_teams(context.work, case)
    rows = [(Button(team.name, Press("case", "level_up", case.id, team.id).pack()),) for team in teams]
    text = context.words("team.level_up_to" if rows else "team.level_up_to_nobody", number=number(case))
    return Replaced(Message(text, (*rows, (back(context.words, "case", "card", case.id),))))


async def do(context: HandlerContext, who: Member, press: Press) -> Result:
    """Lay a case before a team."""
    try:
        team = await level_up(context.work, who, press.subject, press.arg)
    except NobodyMaySee:
        return NothingDone(context.words("team.nobody_may_see"))
    return Done(context.words("team.done_level_up", team=team.name))


@renders_for_staff(OtherTeamAskedFor)
async def other_team_asked_for(work: UnitOfWork, reader: StaffReader, notice: OtherTeamAskedFor) -> Message | None:
    """Tell a director that a reporter asks for another team; nothing of what was said."""
    case = await work.session.get(Case, notice.case_id)
    if case is None or not case.is_open or not reader.who.knows_of(case):
        return None
    choose = button(reader.words, "team.action_level_up", Press("case", "teams_up", case.id).pack())
    return Message(reader.words("team.other_team_asked_for", number=number(case)), ((choose,),))
