"""Sharing a case with another team: which one, and the press that does it. It is withdrawn where grants are listed."""

from handlers.actions import Done, NothingDone, Replaced, Result, back
from handlers.cases.labels import number
from handlers.context import HandlerContext
from handlers.press import Press
from services.access.member import Member
from services.people.grants import SHARED_DAYS, NotGranted, case_to_share, share, teams_to_share_with
from texts.message import Button, Message


async def choose_team(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask with which team a case is to be shared, and say what it is shown."""
    case = await case_to_share(context.work, who, press.subject)
    teams = teams_to_share_with(await context.work.directory(), case)
    rows = [(Button(team.name, Press("case", "share", case.id, team.id).pack()),) for team in teams]
    key = "grant.share_with" if rows else "grant.share_with_nobody"
    text = context.words(key, number=number(case), days=SHARED_DAYS)
    return Replaced(Message(text, (*rows, (back(context.words, "case", "card", case.id),))))


async def do(context: HandlerContext, who: Member, press: Press) -> Result:
    """Share a case with a team."""
    try:
        team = await share(context.work, who, press.subject, press.arg)
    except NotGranted as refusal:
        return NothingDone(context.words(f"grant.not_{refusal.why}"))
    return Done(context.words("grant.done_share", team=team.name))
