"""Who may know of a case, and whether its card may hang on the team's board."""

from collections.abc import Collection

from models.complaints import Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.staff import OFFICE_ROLES, Role
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.directory import Person
from services.unit_of_work import UnitOfWork


async def readers(work: UnitOfWork, case: Case, *, named: Collection[str] | None = None) -> list[Person]:
    """Return the staff who sit at the desk of a case and may see it: nobody as long as it is held.

    `named`: whom the case names, where that is known already.
    """
    return [] if case.held_until is not None else await may_read(work, case, named=named)


async def may_read(work: UnitOfWork, case: Case, *, named: Collection[str] | None = None) -> list[Person]:
    """Return the staff who sit at the desk of a case and may see it, now or once it is held no longer."""
    ask = (await work.directory()).with_roles
    if case.desk == OFFICE_DESK:
        found = ask(*OFFICE_ROLES)
    elif case.desk == DIRECTOR_DESK:
        found = ask(Role.OFFICE_DIRECTOR)
    elif case.team_id is not None and case.desk == Desk.team(case.team_id):
        found = ask(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=case.team_id)
    else:
        found = ask(Role.TEAM_LEADER, team_id=case.team_id)
    return await _not_shut_out(work, case, found, named)


async def directors_who_may_know(work: UnitOfWork, case: Case, *, named: Collection[str] | None = None) -> list[Person]:
    """Return the office directors whom a case is not kept from, wherever it lies."""
    if named is None:
        named = await named_in_case(work.session, case.id)
    directors = (await work.directory()).with_roles(Role.OFFICE_DIRECTOR)
    return [one for one in directors if not _at(case, one, named).is_shut_out(case)]


async def board_of(work: UnitOfWork, case: Case, *, named: Collection[str] | None = None) -> str | None:
    """Return the team on whose board the card of a case hangs; None when it must not, or there is no board."""
    if case.team_id is None or case.desk != Desk.team(case.team_id) or case.held_until is not None:
        return None
    known = await work.directory()
    if case.team_id not in known.teams or known.teams[case.team_id].board_address is None:
        return None
    team = known.with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=case.team_id)
    return case.team_id if await _not_shut_out(work, case, team, named) == team else None


async def _not_shut_out(
    work: UnitOfWork, case: Case, people: list[Person], named: Collection[str] | None
) -> list[Person]:
    if named is None:
        named = await named_in_case(work.session, case.id)
    return [one for one in people if _at(case, one, named).may_see(case)]


def _at(case: Case, person: Person, named: Collection[str]) -> Member:
    """Return somebody as the rules see them at one case."""
    return Member.of(person, cases=[case.id] if person.id in named else [])
