"""Who somebody on the staff is: their roles, the desks they sit at, and what they may not see."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.complaints import Case, CaseShutOut
from models.rectification import CaseItem, RectificationItem
from models.staff import Recusal, Role, Staff, StaffAddress, StaffRole
from models.states import Actor, NotEntitled
from services.access.addresses import ENROLLED

OFFICE_DESK = "office"
DIRECTOR_DESK = "office_director"
_LEADER_DESK = "team_leader:"


def team_desk(team_id: str) -> str:
    """Return the desk where a team's cases lie."""
    return f"team:{team_id}"


def leader_desk(team_id: str) -> str:
    """Return the desk for a team leader's eyes alone."""
    return f"{_LEADER_DESK}{team_id}"


def is_for_one(desk: str) -> bool:
    """Whether a desk is for one pair of eyes: a team leader's, or the office director's."""
    return desk == DIRECTOR_DESK or desk.startswith(_LEADER_DESK)


@dataclass(frozen=True)
class RoleAt:
    """A role and where it is held."""

    role: Role
    team_id: str | None = None
    unit_id: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """One staff member as the rules see them."""

    id: str
    name: str
    language: str
    roles: tuple[RoleAt, ...]
    shut_out_of: frozenset[str]  # units: recused from, or a member of
    shut_out_of_cases: frozenset[str] = frozenset()  # they are named in them
    shut_out_of_items: frozenset[str] = frozenset()  # that were ordered because of these cases

    def has(self, *roles: Role) -> bool:
        """Whether they hold any of the roles, anywhere."""
        return any(held.role in roles for held in self.roles)

    def teams(self, *roles: Role) -> tuple[str, ...]:
        """Return the teams at which they hold any of the roles."""
        return tuple(held.team_id for held in self.roles if held.role in roles and held.team_id)

    def units(self, *roles: Role) -> tuple[str, ...]:
        """Return the units at which they hold any of the roles."""
        return tuple(held.unit_id for held in self.roles if held.role in roles and held.unit_id)

    @property
    def is_office(self) -> bool:
        """Whether they work at the inspection office."""
        return self.has(Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)

    @property
    def desks(self) -> tuple[str, ...]:
        """The desks whose cases they may see, but for the units they are shut out of."""
        leads = self.teams(Role.TEAM_LEADER)
        desks = [team_desk(team) for team in self.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER)]
        desks += [leader_desk(team) for team in leads]
        desks += [OFFICE_DESK] if self.is_office else []
        desks += [DIRECTOR_DESK] if self.has(Role.OFFICE_DIRECTOR) else []
        return tuple(dict.fromkeys(desks))

    @property
    def outlook(self) -> list[str]:
        """All that decides which cases they may see. What was made under another outlook may show too much."""
        return [*self.desks, *sorted(self.shut_out_of), *sorted(self.shut_out_of_cases)]

    def sees(self, case: Case) -> bool:
        """Whether they may know that the case exists."""
        return case.held_until is None and self.may_see(case)

    def may_see(self, case: Case) -> bool:
        """Whether a case is theirs to see, now or once it is held no longer."""
        return case.desk in self.desks and not self.is_shut_out(case)

    def is_shut_out(self, case: Case) -> bool:
        """Whether a case is none of their business, wherever they sit: it is about their unit, or about them."""
        return case.unit_id in self.shut_out_of or case.id in self.shut_out_of_cases

    def actors_at(self, case: Case) -> frozenset[Actor]:
        """Return what they are at this case; a desk for one pair of eyes makes its holder member and leader."""
        if not self.sees(case):
            return frozenset()
        if case.desk == OFFICE_DESK:
            return frozenset(Actor(held.role) for held in self.roles if held.role in _OFFICE)
        if case.desk == DIRECTOR_DESK:
            return frozenset({Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER, Actor.TEAM_MEMBER})
        leads = case.team_id in self.teams(Role.TEAM_LEADER)
        return frozenset({Actor.TEAM_LEADER, Actor.TEAM_MEMBER} if leads else {Actor.TEAM_MEMBER})

    def actors_at_item(self, item: RectificationItem) -> frozenset[Actor]:
        """Return what they are at this rectification item; nobody reviews or clears their own unit.

        What is hidden of a case is hidden of its items: whoever is named in it does not see them, and one that lies
        on a desk for one pair of eyes is its holder's alone to review and to clear, beside the unit's own people and
        the county leader, who read an order without its source.
        """
        found: set[Actor] = set()
        if item.unit_id in self.units(Role.UNIT_HEAD):
            found.add(Actor.UNIT_HEAD)
        if item.unit_id in self.units(Role.LIAISON):
            found.add(Actor.LIAISON)
        if found or item.unit_id in self.shut_out_of or item.id in self.shut_out_of_items:
            return frozenset(found)
        if item.county_leader_id == self.id:
            found.add(Actor.COUNTY_LEADER)
        if item.desk is not None:
            return frozenset(found.union(_ALL_IN_ONE) if item.desk in self.desks else found)
        if item.team_id and item.team_id in self.teams(Role.TEAM_LEADER):
            found.update({Actor.TEAM_LEADER, Actor.TEAM_MEMBER})
        elif item.team_id and item.team_id in self.teams(Role.TEAM_MEMBER):
            found.add(Actor.TEAM_MEMBER)
        found.update(Actor(held.role) for held in self.roles if held.role in _OFFICE)
        if item.team_id is None and self.is_office:
            found.add(Actor.TEAM_MEMBER)  # a past round's item has no team left: the office reviews it
        return frozenset(found)


_OFFICE = (Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)
_ALL_IN_ONE = (Actor.TEAM_LEADER, Actor.TEAM_MEMBER, Actor.OFFICE_DIRECTOR, Actor.OFFICE_STAFF)


async def member_at(session: AsyncSession, address: Address) -> Member | None:
    """Return the staff member who is reached at this address, unless they have left."""
    at_it = select(Staff).join(StaffAddress, StaffAddress.staff_id == Staff.id).where(StaffAddress.address == address)
    found = await _members(session, at_it)
    return found[0] if found else None


async def member(session: AsyncSession, staff_id: str) -> Member:
    """Return a staff member; raise NotEntitled when there is none, or they have left."""
    found = await _members(session, select(Staff).where(Staff.id == staff_id))
    if not found:
        raise NotEntitled
    return found[0]


async def members_with(session: AsyncSession, *roles: Role, team_id: str | None = None) -> list[Member]:
    """Return everybody on the staff who holds one of the roles (at that team), in the order of their ids."""
    holding = select(StaffRole.staff_id).where(StaffRole.role.in_(roles))
    if team_id is not None:
        holding = holding.where(StaffRole.team_id == team_id)
    return await _members(session, select(Staff).where(Staff.id.in_(holding)))


async def enrolled_members(session: AsyncSession) -> list[Member]:
    """Return everybody on the staff who has an account, in the order of their ids."""
    return await _members(session, select(Staff).where(ENROLLED))


async def unit_members(session: AsyncSession, unit_id: str, role: Role) -> list[Member]:
    """Return those who hold a role at a unit: its head, its liaison."""
    holding = select(StaffRole.staff_id).where(StaffRole.role == role, StaffRole.unit_id == unit_id)
    return await _members(session, select(Staff).where(Staff.id.in_(holding)))


async def _members(session: AsyncSession, query: Select[Staff]) -> list[Member]:
    """Read staff with all they hold, in four statements however many they are."""
    people = list(await session.scalars(query.where(Staff.left_at.is_(None)).order_by(Staff.id)))
    if not people:
        return []
    ids = [person.id for person in people]
    roles: dict[str, list[RoleAt]] = defaultdict(list)
    shut_out: dict[str, set[str]] = defaultdict(set)
    for row in await session.scalars(select(StaffRole).where(StaffRole.staff_id.in_(ids)).order_by(StaffRole.id)):
        roles[row.staff_id].append(RoleAt(Role(row.role), row.team_id, row.unit_id, tuple(row.fields)))
        if row.unit_id:
            shut_out[row.staff_id].add(row.unit_id)
    for recusal in await session.scalars(select(Recusal).where(Recusal.staff_id.in_(ids))):
        if recusal.in_force:
            shut_out[recusal.staff_id].add(recusal.unit_id)
    cases: dict[str, set[str]] = defaultdict(set)
    items: dict[str, set[str]] = defaultdict(set)
    named = (
        select(CaseShutOut.staff_id, CaseShutOut.case_id, CaseItem.item_id)
        .outerjoin(CaseItem, CaseItem.case_id == CaseShutOut.case_id)
        .where(CaseShutOut.staff_id.in_(ids))
    )
    for staff_id, case_id, item_id in await session.execute(named):
        cases[staff_id].add(case_id)
        if item_id is not None:
            items[staff_id].add(item_id)
    return [
        Member(
            person.id,
            person.name,
            person.language,
            tuple(roles[person.id]),
            frozenset(shut_out[person.id]),
            frozenset(cases[person.id]),
            frozenset(items[person.id]),
        )
        for person in people
    ]
