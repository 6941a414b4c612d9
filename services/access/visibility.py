"""Who may know of a case, and whether its card may hang on the team's board."""

from sqlalchemy import select

from models.complaints import Case
from models.rounds import Team
from models.staff import Role
from services.access.member import DIRECTOR_DESK, OFFICE_DESK, Member, members_with, team_desk
from services.unit_of_work import UnitOfWork


async def readers(work: UnitOfWork, case: Case) -> list[Member]:
    """Return the staff who sit at the desk of a case and may see it: nobody as long as it is held."""
    return [] if case.held_until is not None else await may_read(work, case)


async def may_read(work: UnitOfWork, case: Case) -> list[Member]:
    """Return the staff who sit at the desk of a case and may see it, now or once it is held no longer."""
    if case.desk == OFFICE_DESK:
        found = await members_with(work.session, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)
    elif case.desk == DIRECTOR_DESK:
        found = await members_with(work.session, Role.OFFICE_DIRECTOR)
    elif case.team_id is not None and case.desk == team_desk(case.team_id):
        found = await members_with(work.session, Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=case.team_id)
    else:
        found = await members_with(work.session, Role.TEAM_LEADER, team_id=case.team_id)
    return [reader for reader in found if reader.may_see(case)]


async def board_of(work: UnitOfWork, case: Case) -> str | None:
    """Return the team on whose board the card of a case hangs; None when it must not, or there is no board."""
    if case.team_id is None or case.desk != team_desk(case.team_id):
        return None
    board = await work.session.scalar(select(Team.board_address).where(Team.id == case.team_id))
    if board is None:
        return None
    team = await members_with(work.session, Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=case.team_id)
    return case.team_id if all(person.sees(case) for person in team) else None
