"""Who hears of the clocks of cases: the owner before one ends, those who lead when it has, every morning what is late.

For an urgent case quiet hours are no reason to wait.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, true

from models.clocks import WATCHED, Clock
from models.complaints import Case, CaseClock, CaseDigestRound, LateCaseRound
from models.database import insert_or_ignore
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.urgency import Urgency
from models.working_days import WorkingCalendar
from services.access.conflicts import named_in_case
from services.access.member import Member, member
from services.cases.cards import show_card
from services.cases.case_log import cases_to_change, log_event
from services.cases.clocks import clocks_of, terms_of
from services.cases.crisis_calls import call_of_hazard, leading
from services.cases.departments import tell_of_late_department, warn_department
from services.cases.notices import CasesDue, LateCases
from services.cases.queues import first_by_urgency, not_hidden_from, queue_order
from services.delivery.recall import ListName, list_key, recall_list
from services.directory import Person
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

LISTED = 8  # cases in one message
COUNTED = 100  # late cases of a desk are counted up to so many
PORTION = 100  # clocks a transaction
TOLD_OF_TEAMS = (Role.OFFICE_DIRECTOR, *LEADING_GROUP_ROLES)
REMINDED = (Role.TEAM_LEADER, Role.TEAM_MEMBER, *OFFICE_ROLES)


@dataclass(frozen=True)
class LateTeam:
    """How many late cases lie with a team, up to COUNTED, and since when the first of them is."""

    team_id: str
    count: int
    since: datetime


class _Told:
    """Who is told of which cases by one tick."""

    def __init__(self) -> None:
        self._cases: dict[tuple[str, Priority], list[str]] = defaultdict(list)

    def add(self, people: Collection[Person], case: Case) -> None:
        """Let people be told of a case."""
        priority = Priority.HAZARD if case.hazard else Priority.REMINDER
        for person in people:
            if case.id not in self._cases[person.id, priority]:
                self._cases[person.id, priority].append(case.id)

    async def queue(self, work: UnitOfWork) -> None:
        """Queue a message for each person."""
        known = await work.directory()
        for (staff_id, priority), case_ids in sorted(self._cases.items()):
            if known.is_enrolled(staff_id):
                outgoing = OutgoingMessage(CasesDue(tuple(case_ids)))
                await work.outbox.to_staff(staff_id, outgoing, priority=priority)


async def tell_of_clocks(work: UnitOfWork) -> More | None:
    """Tell whom it concerns of the clocks that end soon or have ended, each of them once.

    What has ended outside working hours stands in the list of the morning (`remind_of_late_cases`), unless people are
    in danger.
    """
    to_tell = select(CaseClock.case_id).where(CaseClock.clock.in_(WATCHED), CaseClock.next_at <= work.now)
    found = list(await work.session.scalars(to_tell.order_by(CaseClock.clock, CaseClock.next_at).limit(PORTION)))
    told = _Told()
    for case in await cases_to_change(work, found):
        # Read only now that the case is ours: another process may have told of them.
        for one in sorted((await clocks_of(work, case)).values(), key=lambda one: one.ends_at):
            if one.clock in WATCHED and one.next_at is not None and one.next_at <= work.now:
                await _tell(work, case, one, told)
    await told.queue(work)
    return More.TO_DO if len(found) == PORTION else None


async def _tell(work: UnitOfWork, case: Case, one: CaseClock, told: _Told) -> None:
    terms = await terms_of(work, case)
    if case.held_until is not None:  # nobody knows of it yet
        one.next_at = max(case.held_until, terms.now + timedelta(hours=1))
    elif not case.hazard and not terms.calendar.is_working_moment(work.now):  # the hours were set anew
        one.next_at = terms.calendar.next_working_moment(work.now)
    elif work.now < one.ends_at:
        one.next_at = terms.end_is_told_at(case, one.ends_at)
        told.add(await _to_be_warned(work, case), case)
        await warn_department(work, case)
    else:
        one.next_at = None
        await log_event(work, case, "clock_ended", clock=one.clock.value)
        await _tell_of_end(work, case, one, terms.calendar, told)
        await tell_of_late_department(work, case)


async def _to_be_warned(work: UnitOfWork, case: Case) -> list[Person]:
    """Return whose case it is; as long as it is nobody's, everybody who may take it."""
    people = await leading(work, case, await named_in_case(work.session, case.id))
    return [one for one in people if one.id == case.owner_id] or people


async def _tell_of_end(work: UnitOfWork, case: Case, one: CaseClock, calendar: WorkingCalendar, told: _Told) -> None:
    if one.clock is Clock.FIRST_LOOK and case.hazard:
        if case.urgency == Urgency.DANGER:  # of a crisis somebody is called as long as nobody is on it
            await call_of_hazard(work, case)
        return
    if case.hazard or one.ends_at > calendar.last_opening(work.now):
        told.add(await leading(work, case, await named_in_case(work.session, case.id)), case)


@in_working_hours
async def remind_of_late_cases(work: UnitOfWork) -> None:
    """Once a working day, when its hours have begun, remind everybody of the late cases that are theirs.

    Leaders, owners and the office are told of cases, and the director also of teams, how many of theirs were late on
    the working day before already. Where the digest of the day told all of it, nobody is told again. Boards show the
    late cases as they stand.
    """
    if not await insert_or_ignore(work.session, LateCaseRound, day=work.today):
        return
    known = await work.directory()
    told = await work.session.get(CaseDigestRound, work.today)  # of what was late by then
    shown: set[str] = set()
    for person in known.with_roles(*REMINDED):
        who = await member(work.session, person.id)
        late = await late_cases_of(work, who)
        is_news = any(case.due_at > told.at for case in late) if told else late or await late_teams(work, who)
        if known.is_enrolled(who.id) and is_news:
            await recall_list(work, who.id, ListName.LATE)
            outgoing = OutgoingMessage(LateCases(tuple(who.visibility)), key=list_key(who.id, ListName.LATE))
            await work.outbox.to_staff(who.id, outgoing, priority=Priority.REMINDER)
        for case in late:
            if case.id not in shown:
                shown.add(case.id)
                await show_card(work, case)


async def late_cases_of(work: UnitOfWork, who: Member, *, limit: int = LISTED) -> list[Case]:
    """Return the late cases that are for somebody to see to, the most urgent first: on desks they lead, their own."""
    found: dict[str, Case] = {}
    for desk in desks_led_by(who):
        found |= {case.id: case for case in await _late(work, who, Case.desk == desk, work.now, limit)}
    own = await _late(work, who, Case.owner_id == who.id, work.now, limit)
    found |= {case.id: case for case in own if case.desk in who.desks}
    return sorted(found.values(), key=queue_order)[:limit]


async def late_teams(work: UnitOfWork, who: Member) -> list[LateTeam]:
    """Return, for director and leading group, the teams with cases that were late on the last working day already.

    What lies before a team leader alone is not counted, nor what they are shut out of.
    """
    if not who.has(*TOLD_OF_TEAMS):
        return []
    told_then = (await work.calendar()).last_opening_before(work.now)
    found = []
    for team_id in (await work.directory()).teams:
        late = await _late(work, who, Case.desk == Desk.team(team_id), told_then, COUNTED)
        if late:
            found.append(LateTeam(team_id, len(late), min(case.due_at for case in late)))
    return found


async def _late(work: UnitOfWork, who: Member, which: ColumnElement[bool], moment: datetime, limit: int) -> list[Case]:
    """Return the cases that were late at a moment, the most urgent first."""
    query = select(Case).where(which, Case.is_open == true(), Case.due_at <= moment, *not_hidden_from(who))
    return await first_by_urgency(work, query, limit)


def desks_led_by(who: Member) -> list[Desk]:
    """Return the desks whose cases somebody sees to as a whole: a leader's teams', the office's, the director's."""
    teams = who.teams(Role.TEAM_LEADER)
    office = [OFFICE_DESK] if who.is_office else []
    director = [DIRECTOR_DESK] if who.has(Role.OFFICE_DIRECTOR) else []
    return [*map(Desk.team, teams), *map(Desk.leader, teams), *office, *director]
