"""A case goes to a team that is not from there (提级): the office decides, and its reporter may ask for it.

Those who had it lose it at once, and what they have opened of it.
"""

from sqlalchemy import select, update

from models.audit import Audited
from models.complaints import Case, MessageKind
from models.desk import Desk, DeskKind
from models.rectification import CaseItem, RectificationItem
from models.rounds import Team
from models.staff import Role
from models.states import Impossible, NotEntitled
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import directors_who_may_know, readers
from services.audit.log import record
from services.cases.actions import may_level_up
from services.cases.assign import NobodyMaySee, teams_for
from services.cases.case_log import case_to_change, log_event, move
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.dialogue import say_to_reporter
from services.cases.merge import merged_into
from services.cases.notices import OtherTeamAskedFor
from services.cases.texts_on_phones import recall_case_texts
from services.delivery.recall import ListName, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork


async def case_to_level_up(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may lay before another team. Raises Impossible or NotEntitled."""
    case = await case_to_change(work, case_id)
    if not who.knows_of(case) or not who.has(Role.OFFICE_DIRECTOR):
        raise NotEntitled
    if not may_level_up(who, case):
        raise Impossible("level_up", case.state)
    return case


async def other_teams(work: UnitOfWork, case: Case) -> list[Team]:
    """Return the teams of the round that do not have a case."""
    return [team for team in await teams_for(work, case) if team.id != case.team_id]


async def level_up(work: UnitOfWork, who: Member, case_id: str, team_id: str) -> Team:
    """Lay a case before another team of the round, on the desk of its kind; the reporters are told.

    Raises NobodyMaySee when nobody there could open it, or it names who leads them, and what `case_to_level_up` does.
    """
    case = await case_to_level_up(work, who, case_id)
    team = next((one for one in await other_teams(work, case) if one.id == team_id), None)
    if team is None:
        raise NotEntitled
    await shut_out_named(work, case)
    desk = Desk.leader(team.id) if case.desk.kind is DeskKind.LEADER else Desk.team(team.id)
    as_it_would_lie = Case(id=case.id, desk=desk, team_id=team.id, unit_id=case.unit_id)  # asked about, never stored
    named = await named_in_case(work.session, case.id)
    leads = (await work.directory()).with_roles(Role.TEAM_LEADER, team_id=team.id)
    if any(one.id in named for one in leads) or not await readers(work, as_it_would_lie, named=named):
        raise NobodyMaySee
    had_it = await readers(work, case)
    await move(work, case, desk, team.id)
    linked = select(CaseItem.item_id).where(CaseItem.case_id == case.id)
    reviewed = update(RectificationItem).where(RectificationItem.id.in_(linked)).values(team_id=team.id)
    await work.session.execute(reviewed.execution_options(synchronize_session="fetch"))
    await log_event(work, case, "level_up", by=who, team=team.id)
    joined = [await work.session.get_one(Case, one) for one in await merged_into(work, case)]
    await recall_case_texts(work, [case, *joined])
    for one in had_it:
        for name in ListName:
            await recall_list(work, one.id, name)
    await say_to_reporter(work, case, MessageKind.TEXT, key="levelled_up")
    await record(work, Audited.LEVELLED_UP, by=who.id, case_id=case.id, subject=team.id)
    return team


def may_be_asked_for(case: Case) -> bool:
    """Whether a reporter may ask that another team has a case: once, while a team has it."""
    is_with_team = case.desk.kind in (DeskKind.TEAM, DeskKind.LEADER)
    return case.is_open and is_with_team and not case.asked_for_other_team


async def ask_for_other_team(work: UnitOfWork, case: Case) -> None:
    """Note that a reporter wants another team to have a case; the directors are told, and nobody who has it."""
    case.asked_for_other_team = True
    await log_event(work, case, "ask_for_other_team", renew=False)
    for director in await directors_who_may_know(work, case):
        outgoing = OutgoingMessage(OtherTeamAskedFor(case.id))
        await work.outbox.to_staff(director.id, outgoing, priority=Priority.NOTICE)
