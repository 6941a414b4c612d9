"""The office hands a case that is nobody's yet to a team."""

from sqlalchemy import select

from models.audit import Audited
from models.complaints import Case
from models.desk import Desk
from models.rounds import Team
from models.staff import Role
from models.states import CASE, NotEntitled
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import readers
from services.audit.log import record
from services.cases.actions import acting_as
from services.cases.case_log import case_seen_by, move, step
from services.unit_of_work import UnitOfWork


class NobodyMaySee(Exception):
    """A desk may not have the case: everybody there is shut out of it, or whoever leads them is named in it."""


async def case_to_hand(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may hand to a team now; raise Impossible or NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    CASE.step(case.state, "hand_to_team", acting_as(who, case))
    return case


async def teams_for(work: UnitOfWork, case: Case) -> list[Team]:
    """Return the teams of the round a case came in by."""
    return list(await work.session.scalars(select(Team).where(Team.round_id == case.round_id).order_by(Team.id)))


async def hand_to_team(work: UnitOfWork, who: Member, case_id: str, team_id: str) -> Team:
    """Lay a case on a team's desk; what concerns the head of a unit goes to the team leader alone.

    Raises NobodyMaySee when nobody there could open it, or it names who leads them, and what `case_to_hand` does.
    """
    case = await case_to_hand(work, who, case_id)
    actors = acting_as(who, case)
    team = await work.session.get(Team, team_id)
    if team is None or team.round_id != case.round_id:
        raise NotEntitled
    desk = Desk.leader(team.id) if case.concerns_head else Desk.team(team.id)
    as_it_would_lie = Case(id=case.id, desk=desk, team_id=team.id, unit_id=case.unit_id)  # asked about, never stored
    named = await named_in_case(work.session, case.id)
    leads = (await work.directory()).with_roles(Role.TEAM_LEADER, team_id=team.id)
    if any(one.id in named for one in leads) or not await readers(work, as_it_would_lie, named=named):
        raise NobodyMaySee
    await move(work, case, desk, team.id)
    await step(work, case, "hand_to_team", actors, by=who, team=team.id)
    await record(work, Audited.TRANSFERRED, by=who.id, case_id=case.id, subject=team.id)
    return team
