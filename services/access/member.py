"""Who somebody on the staff is at a case or an item: what they may see of it, and what they may do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.complaints import Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, DeskKind
from models.rectification import RectificationItem
from models.staff import OFFICE_ROLES, Role
from models.states import ENDED_ROUNDS, Actor, CaseState, NotEntitled
from services.access.conflicts import conflicts_of, named_behind_items, named_in_case
from services.access.grants import READS_TEXTS, covering, granted_items
from services.access.revisits import items_drawn_for
from services.directory import Directory, GrantAt, Person, TeamRecord, directory


@dataclass(frozen=True)
class Member(Person):
    """One staff member as the rules see them, with what they are named in."""

    shut_out_of_cases: frozenset[str] = frozenset()  # they are named in them
    shut_out_of_items: frozenset[str] = frozenset()  # that were ordered because of these cases
    looks_again_at: frozenset[str] = frozenset()  # items that were drawn for a re-visit group of theirs

    @classmethod
    def of(
        cls,
        person: Person,
        *,
        cases: Collection[str] = (),
        items: Collection[str] = (),
        looks_again_at: Collection[str] = (),
    ) -> "Member":
        """Return somebody together with the cases that name them, and the items ordered because of these.

        And with the items that they look at again in a group.
        """
        own = (person.id, person.name, person.language, person.roles, person.shut_out_of, person.grants)
        return cls(*own, person.revisits, frozenset(cases), frozenset(items), frozenset(looks_again_at))

    @property
    def visibility(self) -> list[str]:
        """All that decides which cases they may see. What was made while it was another may show too much."""
        granted = sorted(one.id for one in self.grants)
        return [*map(str, self.desks), *sorted(self.shut_out_of), *sorted(self.shut_out_of_cases), *granted]

    def sees(self, case: Case) -> bool:
        """Whether a case is theirs to do something about."""
        return case.held_until is None and (self.may_see(case) or self._decides_on_dismissal(case))

    def reads(self, case: Case) -> bool:
        """Whether what was said in a case is theirs to read; a desk for one pair of eyes is its holder's alone.

        Who decides on a dismissal in place of those at its desk reads it for as long as that waits.
        """
        return self._reads_as_staff(case) or self.reads_in_part(case)

    def reads_in_part(self, case: Case) -> bool:
        """Whether they read no more than the texts of a case, with what leads to a person masked: by a grant alone."""
        return not self._reads_as_staff(case) and any(READS_TEXTS[one.role] for one in self._granted(case))

    def _reads_as_staff(self, case: Case) -> bool:
        if not self.sees(case) or case.desk in self.desks:
            return self.sees(case)
        return case.dismissal is not None and case.dismissal.waits and not case.desk.is_for_one

    def knows_of(self, case: Case) -> bool:
        """Whether they may know that a case exists, and how it stands.

        The director knows that of every team's, and who is granted it of some.
        """
        return self.sees(case) or (case.held_until is None and self._oversees(case)) or bool(self._granted(case))

    def may_see(self, case: Case) -> bool:
        """Whether a case is theirs to see, now or once it is held no longer."""
        return case.desk in self.desks and not self.is_shut_out(case)

    @property
    def is_shown_cases(self) -> bool:
        """Whether there are cases at all that might be theirs to see."""
        return bool(self.desks or self.grants)

    def is_granted(self, case: Case) -> bool:
        """Whether they are shown a case by a grant alone."""
        return not self.sees(case) and bool(self._granted(case))

    def _granted(self, case: Case) -> list[GrantAt]:
        return [] if case.held_until is not None or self.is_shut_out(case) else covering(self, case)

    def _oversees(self, case: Case) -> bool:
        # What lies before a leader alone is known to the director once its reporter wants another team to have it.
        is_asked_for = case.desk.kind is DeskKind.LEADER and case.asked_for_other_team
        is_overseen = case.desk.kind is DeskKind.TEAM or is_asked_for
        return is_overseen and self.has(Role.OFFICE_DIRECTOR) and not self.is_shut_out(case)

    def _decides_on_dismissal(self, case: Case) -> bool:
        """Whether nobody at the desk of a case may decide on its dismissal, and so the director does."""
        dismissal = case.dismissal
        decides = dismissal is not None and dismissal.decider == Actor.OFFICE_DIRECTOR
        return decides and self.has(Role.OFFICE_DIRECTOR) and not self.is_shut_out(case)

    def is_shut_out(self, case: Case) -> bool:
        """Whether a case is none of their business, wherever they sit: it is about their unit, or about them."""
        return case.unit_id in self.shut_out_of or case.id in self.shut_out_of_cases

    def actors_at(self, case: Case) -> frozenset[Actor]:
        """Return what they are at this case; a desk for one pair of eyes makes its holder member and leader."""
        if not self.sees(case):
            return frozenset()
        if case.desk not in self.desks:  # asked to decide on a dismissal
            return frozenset({Actor.OFFICE_DIRECTOR})
        if case.desk == OFFICE_DESK:
            return self._at_office_desk(case)
        if case.desk == DIRECTOR_DESK:
            return frozenset({Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER, Actor.TEAM_MEMBER})
        leads = case.team_id in self.teams(Role.TEAM_LEADER)
        return frozenset({Actor.TEAM_LEADER, Actor.TEAM_MEMBER} if leads else {Actor.TEAM_MEMBER})

    def _at_office_desk(self, case: Case) -> frozenset[Actor]:
        """Return what they are at a case that lies with the office: it passes on what waits for a team, and what a
        team has left behind it works on itself, as a team does.
        """
        found = {Actor(held.role) for held in self.roles if held.role in OFFICE_ROLES}
        if found and case.state != CaseState.PENDING_ASSIGN:
            found.add(Actor.TEAM_MEMBER)
            found.update({Actor.TEAM_LEADER} if Actor.OFFICE_DIRECTOR in found else ())
        return frozenset(found)

    def actors_at_item(self, item: RectificationItem) -> frozenset[Actor]:
        """Return what they are at this rectification item; nobody reviews or clears their own unit.

        What is hidden of a case is hidden of its items: whoever is named in it does not see them, and one that lies
        on a desk for one pair of eyes is its holder's alone to review and to clear, beside the unit's own people, the
        county leader and the department that supervises it, who read an order without its source.
        """
        found = self._answering(item)
        if found or self.is_shut_out_of_item(item):
            return frozenset(found)
        if item.county_leader_id == self.id:
            found.add(Actor.COUNTY_LEADER)
        if item.supervisor in self.departments and self.acts_for_department_at(item.desk):
            found.add(Actor.SUPERVISOR)
        if item.desk is not None:
            return frozenset(found.union(_ALL_IN_ONE) if item.desk in self.desks else found)
        if granted_items(self, item):
            found.add(Actor.TOWNSHIP_OFFICE)
        if item.id in self.looks_again_at:
            found.add(Actor.REVISIT_GROUP)
        if item.team_id and item.team_id in self.teams(Role.TEAM_LEADER):
            found.update({Actor.TEAM_LEADER, Actor.TEAM_MEMBER})
        elif item.team_id and item.team_id in self.teams(Role.TEAM_MEMBER):
            found.add(Actor.TEAM_MEMBER)
        found.update(Actor(held.role) for held in self.roles if held.role in OFFICE_ROLES)
        if item.team_id is None and self.is_office:
            found.add(Actor.TEAM_MEMBER)  # a past round's item has no team left: the office reviews it
        return frozenset(found)

    def is_shut_out_of_item(self, item: RectificationItem) -> bool:
        """Whether an item is none of their business: it is of a unit that is not, or a case behind it names them."""
        return not self.shut_out_of.isdisjoint(item.unit_ids) or item.id in self.shut_out_of_items

    def _answering(self, item: RectificationItem) -> set[Actor]:
        """Return what they are among those who answer for an item.

        Its owner, or else the head of the unit that leads, is its head. Whoever else belongs to its units helps, as the
        unit's liaison does.
        """
        leads = item.owner_id == self.id if item.owner_id else item.unit_id in self.units(Role.UNIT_HEAD)
        helps = item.unit_id in self.units(Role.LIAISON)
        helps |= bool(item.owner_id) and item.unit_id in self.units(Role.UNIT_HEAD)
        helps |= not {other.unit_id for other in item.others}.isdisjoint(self.units(Role.UNIT_HEAD, Role.LIAISON))
        return {actor for actor, holds in ((Actor.UNIT_HEAD, leads), (Actor.LIAISON, helps)) if holds}

    def reviews(self, item: RectificationItem) -> bool:
        """Whether a rectification item is theirs to review."""
        return Actor.TEAM_MEMBER in self.actors_at_item(item)


_ALL_IN_ONE = (Actor.TEAM_LEADER, Actor.TEAM_MEMBER, Actor.OFFICE_DIRECTOR, Actor.OFFICE_STAFF)


async def member_at(session: AsyncSession, address: Address) -> Member | None:
    """Return the staff member who is reached at this address, unless they have left."""
    person = (await directory(session)).at(address)
    return None if person is None else await _with_conflicts(session, person)


async def member(session: AsyncSession, staff_id: str) -> Member:
    """Return a staff member; raise NotEntitled when there is none, or they have left."""
    person = (await directory(session)).people.get(staff_id)
    if person is None:
        raise NotEntitled
    return await _with_conflicts(session, person)


async def members_at_item(session: AsyncSession, people: Iterable[Person], item: RectificationItem) -> list[Member]:
    """Return some people, each once, as the rules see them at one item: whom a case behind it names is shut out."""
    named = (await named_behind_items(session, [item.id])).get(item.id, set())
    each = {one.id: one for one in people}.values()
    return [Member.of(one, items=[item.id] if one.id in named else ()) for one in each]


async def members_at_case(session: AsyncSession, people: Iterable[Person], case: Case) -> list[Member]:
    """Return some people, each once, as the rules see them at one case: whom it names is shut out."""
    named = await named_in_case(session, case.id)
    each = {one.id: one for one in people}.values()
    return [Member.of(one, cases=[case.id] if one.id in named else ()) for one in each]


async def _with_conflicts(session: AsyncSession, person: Person) -> Member:
    conflicts = await conflicts_of(session, person.id)
    drawn = await items_drawn_for(session, person.revisits) if person.revisits else ()
    return Member.of(person, cases=conflicts.cases, items=conflicts.items, looks_again_at=drawn)


def teams_led_by(known: Directory, who: Member) -> list[TeamRecord]:
    """Return the teams that somebody leads, of rounds that have not ended: a leader's own, the director's all."""
    led = set(known.teams) if who.has(Role.OFFICE_DIRECTOR) else set(who.teams(Role.TEAM_LEADER))
    teams = [known.teams[team_id] for team_id in sorted(led) if team_id in known.teams]
    return [team for team in teams if known.rounds[team.round_id].state not in ENDED_ROUNDS]
