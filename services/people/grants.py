"""Grants: who is shown some of the cases of a team, until a day or until it is withdrawn.

The leader of the team gives and withdraws them, and so does the director. What each shows, services.access.grants says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import or_, select

from models.audit import CLOCK, Audited
from models.base import coarse, random_id
from models.complaints import Case
from models.desk import Desk
from models.staff import GRANTED_ROLES, TEAM_ROLES, Grant, Role
from models.states import ENDED_ROUNDS, Impossible, NotEntitled
from services.access.conflicts import named_in_case
from services.access.member import Member, teams_led_by
from services.audit.log import record
from services.cases.actions import leads, may_share
from services.cases.case_log import case_seen_by, log_event
from services.delivery.recall import recall_hidden, recall_texts, staff_to_change
from services.directory import Directory, GrantAt, Person, TeamRecord, UnitRecord, VillageRecord
from services.outbox import OutgoingMessage
from services.people.notices import Granted, GrantedByOther, GrantEnded
from services.unit_of_work import UnitOfWork

LONGEST_GRANT_DAYS = 366
SHARED_DAYS = 90  # that another team is shown a case
_OF_ONE_CASE = frozenset({Role.EXPERT, Role.TEAM_MEMBER})  # what a grant to them is about


class WhyNot(StrEnum):
    """Why somebody cannot be granted something."""

    NO_CASE = "no_case"  # no such case on the desk of the team
    NO_PLACE = "no_place"  # or unit, village, category of theirs
    SHUT_OUT = "shut_out"  # they are bound to the unit, or named in the case
    DAY = "day"  # it has passed, or lies too far ahead
    TWICE = "twice"  # they are shown it already


class NotGranted(Exception):
    """Something cannot be granted."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class GivenGrant:
    """A grant, and the name of whose it is: a person's, or another team's."""

    name: str
    grant: GrantAt


def may_grant(who: Member) -> bool:
    """Whether somebody grants anything to anybody."""
    return who.has(Role.TEAM_LEADER, Role.OFFICE_DIRECTOR)


async def grants_given_by(work: UnitOfWork, who: Member) -> list[GivenGrant]:
    """Return the grants that somebody may withdraw, those that end first; none of a case that they are shut out of."""
    known = await work.directory()
    teams = {team.id for team in teams_led_by(known, who)}
    found = {
        one.id: GivenGrant(known.teams[one.to_team_id].name if one.to_team_id else person.name, one)
        for person in known.people.values()
        for one in person.grants
        if one.team_id in teams
    }
    about = [one.grant.subject_id for one in found.values() if one.grant.role in _OF_ONE_CASE]
    cases = await work.session.scalars(select(Case).where(Case.id.in_(about)))
    hidden = {case.id for case in cases if who.is_shut_out(case)}
    theirs = [one for one in found.values() if one.grant.role not in _OF_ONE_CASE or one.grant.subject_id not in hidden]
    return sorted(theirs, key=lambda given: (given.grant.ends_on, given.grant.id))


def units_of_team(known: Directory, team_id: str) -> list[UnitRecord]:
    """Return the units at which a team is."""
    assigned = known.assignments.get(known.teams[team_id].round_id, {})
    return [known.units[unit_id] for unit_id, team in sorted(assigned.items()) if team == team_id]


def villages_of_team(known: Directory, team_id: str) -> list[VillageRecord]:
    """Return the villages for which a team is responsible: of its units, and what was given to it of others."""
    round_id = known.teams[team_id].round_id

    def is_theirs(village: VillageRecord) -> bool:
        team = known.team_at(round_id, village.unit_id, village.id)
        return team is not None and team.id == team_id

    return [village for village in known.villages.values() if is_theirs(village)]


async def check_grant(
    work: UnitOfWork, who: Member, role: Role, staff_id: str, team_id: str, subject_id: str
) -> Person:
    """Return who would be shown something. Raises NotEntitled or NotGranted.

    Nobody lets others be shown what they are shut out of themselves; whether it is there they are not told.
    """
    known = await work.directory()
    person = known.people.get(staff_id)
    if team_id not in {team.id for team in teams_led_by(known, who)}:
        raise NotEntitled
    if person is None or person.id == who.id or role not in GRANTED_ROLES or not person.has(role):
        raise NotEntitled  # nobody lets themselves read what is not theirs
    unit_id = await _unit_of_subject(work, who, role, team_id, subject_id, person)
    if unit_id in person.shut_out_of:
        raise NotGranted(WhyNot.SHUT_OUT)
    if any((one.role, one.team_id, one.subject_id) == (role, team_id, subject_id) for one in person.grants):
        raise NotGranted(WhyNot.TWICE)
    return person


async def grant(
    work: UnitOfWork, who: Member, role: Role, staff_id: str, team_id: str, subject_id: str, ends_on: date
) -> Grant:
    """Let somebody be shown some cases of a team until the end of a day, and tell them. Raises as `check_grant`."""
    person = await check_grant(work, who, role, staff_id, team_id, subject_id)
    if not work.today <= ends_on <= work.today + timedelta(days=LONGEST_GRANT_DAYS):
        raise NotGranted(WhyNot.DAY)
    await staff_to_change(work, person.id)
    await check_grant(work, who, role, staff_id, team_id, subject_id)  # another may have granted it meanwhile
    given = Grant(
        id=random_id(),
        staff_id=person.id,
        role=role,
        team_id=team_id,
        subject_id=subject_id,
        by_id=who.id,
        ends_on=ends_on,
    )
    work.session.add(given)
    await work.session.flush()
    await recall_texts(work, person.id)  # lists were made when they might see less
    await work.outbox.to_staff(person.id, OutgoingMessage(Granted(given.id)))
    for leader in (await work.directory()).with_roles(Role.TEAM_LEADER, team_id=team_id):
        if leader.id != who.id:
            await work.outbox.to_staff(leader.id, OutgoingMessage(GrantedByOther(given.id)))
    case_id = subject_id if role is Role.EXPERT else None
    await record(work, Audited.GRANTED, by=who.id, case_id=case_id, subject=person.id, grant=given.id, role=role)
    return given


def teams_to_share_with(known: Directory, case: Case) -> list[TeamRecord]:
    """Return the other teams with which a case may be shared: of rounds that have not ended, and not shown it yet."""
    shared = {
        one.to_team_id
        for person in known.people.values()
        for one in person.grants
        if (one.team_id, one.subject_id) == (case.team_id, case.id)
    }
    left_out = {case.team_id, known.displaced_team(case.round_id, case.village_id), *shared}
    return [
        team
        for team in known.teams.values()
        if team.id not in left_out and known.rounds[team.round_id].state not in ENDED_ROUNDS
    ]


async def case_to_share(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may share with another team. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if not may_share(who, case):
        if leads(who, case) and not case.is_open:
            raise Impossible("share", case.state)
        raise NotEntitled
    return case


async def share(work: UnitOfWork, who: Member, case_id: str, to_team_id: str) -> TeamRecord:
    """Let the people of another team be shown a case, for SHARED_DAYS or until it is withdrawn; they are told.

    Whoever of them is to keep away from it is shown nothing. Raises Impossible, NotEntitled or NotGranted.
    """
    case = await case_to_share(work, who, case_id)
    known = await work.directory()
    team = next((one for one in teams_to_share_with(known, case) if one.id == to_team_id), None)
    if team is None or case.team_id is None:
        raise NotEntitled
    named = await named_in_case(work.session, case.id)
    people = known.with_roles(*TEAM_ROLES, team_id=team.id)
    told = {one.id for one in people if one.id not in named and case.unit_id not in one.shut_out_of}
    if not told:
        raise NotGranted(WhyNot.SHUT_OUT)
    given = Grant(
        id=random_id(),
        to_team_id=team.id,
        role=Role.TEAM_MEMBER,
        team_id=case.team_id,
        subject_id=case.id,
        by_id=who.id,
        ends_on=work.today + timedelta(days=SHARED_DAYS),
    )
    for person in people:
        await staff_to_change(work, person.id)
    work.session.add(given)
    await work.session.flush()
    for person in people:
        await recall_texts(work, person.id)
        if person.id in told:
            await work.outbox.to_staff(person.id, OutgoingMessage(Granted(given.id)))
    await log_event(work, case, "share", by=who, team=team.id)
    await record(work, Audited.GRANTED, by=who.id, case_id=case.id, subject=team.id, grant=given.id, role=given.role)
    return team


async def withdraw(work: UnitOfWork, who: Member, grant_id: str) -> Grant:
    """End a grant now; what was shown by it is taken back. Raises NotEntitled."""
    if grant_id not in {one.grant.id for one in await grants_given_by(work, who)}:
        raise NotEntitled
    given = await work.session.get_one(Grant, grant_id)
    await _end(work, [given], by=who.id)
    return given


async def end_grants(work: UnitOfWork) -> None:
    """End the grants whose last day is over, and those of and to the teams of rounds that have ended.

    Of these no leader could withdraw them any more.
    """
    known = await work.directory()
    ended = [team.id for team in known.teams.values() if known.rounds[team.round_id].state in ENDED_ROUNDS]
    over = or_(Grant.ends_on < work.today, Grant.team_id.in_(ended), Grant.to_team_id.in_(ended))
    found = await work.session.scalars(
        select(Grant).where(Grant.ended_at.is_(None), over).order_by(Grant.staff_id, Grant.id)
    )
    await _end(work, list(found), by=CLOCK)


async def end_grants_in_village(work: UnitOfWork, who: Member, team_id: str, village_id: str) -> None:
    """End the grants of those whom a team had shown its cases of a village: it is that team's no more."""
    found = await work.session.scalars(
        select(Grant)
        .where(
            Grant.ended_at.is_(None),
            Grant.role == Role.MICRO_TEAM,
            Grant.team_id == team_id,
            Grant.subject_id == village_id,
        )
        .order_by(Grant.staff_id, Grant.id)
    )
    await _end(work, list(found), by=who.id)


async def _end(work: UnitOfWork, grants: Sequence[Grant], *, by: str) -> None:
    ended = []
    for given in grants:
        shown = [given.staff_id] if given.staff_id else [one.id for one in await _on_team(work, given.to_team_id)]
        for staff_id in shown:
            await staff_to_change(work, staff_id)
        await work.session.refresh(given)
        if given.ended_at is not None:  # somebody else has, meanwhile
            continue
        named = await named_in_case(work.session, given.subject_id) if given.to_team_id else frozenset[str]()
        given.ended_at = coarse(work.now)
        await work.session.flush()
        for staff_id in shown:
            if staff_id in (await work.directory()).people:
                await recall_hidden(work, staff_id)
                if staff_id not in named:  # who was never shown it hears nothing of it
                    await work.outbox.to_staff(staff_id, OutgoingMessage(GrantEnded(given.id)))
        ended.append(given)
    for given in ended:
        await record(work, Audited.GRANT_ENDED, by=by, subject=given.staff_id or given.to_team_id, grant=given.id)


async def _on_team(work: UnitOfWork, team_id: str | None) -> list[Person]:
    return (await work.directory()).with_roles(*TEAM_ROLES, team_id=team_id)


async def _unit_of_subject(
    work: UnitOfWork, who: Member, role: Role, team_id: str, subject_id: str, person: Person
) -> str | None:
    """Return the unit that something granted is about, if it is about one. Raises NotGranted."""
    known = await work.directory()
    if role is Role.EXPERT:
        case = await work.session.get(Case, subject_id)
        if case is None or case.desk != Desk.team(team_id) or not who.knows_of(case):
            raise NotGranted(WhyNot.NO_CASE)
        if person.id in await named_in_case(work.session, case.id):
            raise NotGranted(WhyNot.SHUT_OUT)
        return case.unit_id
    units = {unit.id for unit in units_of_team(known, team_id)} - who.shut_out_of
    if role is Role.TOWNSHIP_OFFICE and subject_id in units:
        return subject_id
    unit_of = {one.id: one.unit_id for one in villages_of_team(known, team_id)}
    if role is Role.MICRO_TEAM and subject_id in unit_of and unit_of[subject_id] not in who.shut_out_of:
        return unit_of[subject_id]
    if role is Role.OBSERVER and subject_id in {one.code for one in known.categories}:
        return None
    raise NotGranted(WhyNot.NO_PLACE)
