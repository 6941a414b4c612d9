"""The office hands a case that is nobody's yet to a team."""

from sqlalchemy import select

from models.audit import Audited
from models.complaints import Case
from models.desk import Desk
from models.rounds import Round, Team
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
    """Return the teams of the round a case came in by; of a village that was levelled up, not that of its unit."""
    displaced = (await work.directory()).displaced_team(case.round_id, case.village_id)
    teams = await work.session.scalars(select(Team).where(Team.round_id == case.round_id).order_by(Team.id))
    return [team for team in teams if team.id != displaced]


async def hand_to_team(work: UnitOfWork, who: Member, case_id: str, team_id: str) -> Team:
    """Lay a case on a team's desk; what concerns the head of a unit goes to the team leader alone.

    Raises NobodyMaySee when nobody there could open it, or it names who leads them, and what `case_to_hand` does.
    """
    await _hold_round_of(work, case_id)
    case = await case_to_hand(work, who, case_id)
    actors = acting_as(who, case)
    team = next((one for one in await teams_for(work, case) if one.id == team_id), None)
    if team is None:
        raise NotEntitled
    desk = Desk.leader(team.id) if case.concerns_head else Desk.team(team.id)
    if not await may_have(work, case, desk, team.id):
        raise NobodyMaySee
    await move(work, case, desk, team.id)
    await step(work, case, "hand_to_team", actors, by=who, team=team.id)
    await record(work, Audited.TRANSFERRED, by=who.id, case_id=case.id, subject=team.id)
    return team


async def may_have(work: UnitOfWork, case: Case, desk: Desk, team_id: str) -> bool:
    """Whether a case may lie on a desk of a team: somebody there could open it, and it names nobody who leads them."""
    named = await named_in_case(work.session, case.id)
    leads = (await work.directory()).with_roles(Role.TEAM_LEADER, team_id=team_id)
    if any(one.id in named for one in leads):
        return False
    return bool(await readers(work, as_it_would_lie(case, desk, team_id), named=named))


def as_it_would_lie(case: Case, desk: Desk, team_id: str) -> Case:
    """Return a case as if it lay on a desk of a team, to ask what would follow; it is never stored."""
    return Case(id=case.id, desk=desk, team_id=team_id, unit_id=case.unit_id)


async def _hold_round_of(work: UnitOfWork, case_id: str) -> None:
    """Let the round of a case stay as it is until the end: whose its villages are is changed under the same lock."""
    held = select(Case.round_id).where(Case.id == case_id).scalar_subquery()
    await work.session.execute(select(Round.id).where(Round.id == held).with_for_update(read=True))
