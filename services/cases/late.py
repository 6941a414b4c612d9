"""Cases that nobody has taken up, or decided, within the time that their reporters were told; and who is reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, true

from models.complaints import Case, CaseEvent, LateCaseRound
from models.database import insert_or_ignore
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.settings import ComplaintSettings
from models.staff import Role
from models.states import CaseState
from models.urgency import Urgency
from models.working_days import WorkingCalendar
from services.access.member import Member, member
from services.cases.cards import show_card
from services.cases.case_log import cases_to_change, log_event
from services.cases.crisis_calls import call_of_hazard
from services.cases.notices import LateCases
from services.cases.queues import not_hidden_from
from services.delivery.recall import ListName, list_key, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork

LISTED = 8  # cases in one reminder
COUNTED = 100  # late cases of a team are counted up to so many
HAZARDS_A_TICK = 20
_UNDECIDED = (CaseState.ASSIGNED, CaseState.RESTRICTED, CaseState.PENDING_ASSIGN)
_DANGEROUS = tuple(urgency for urgency in Urgency if urgency != Urgency.NORMAL)
_REMINDED = (Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)
_HAZARD_WAITS = "hazard_waits"  # the event that says that its leader was called


class LateStep(StrEnum):
    """What a reporter was told would be done, by a time that is over."""

    FIRST_LOOK = "first_look"  # nobody has claimed it
    DECISION = "decision"  # nobody has accepted it or not


@dataclass(frozen=True)
class Limits:
    """What came in by these moments is late by now."""

    first_look: datetime
    first_look_of_hazards: datetime
    decision: datetime

    @classmethod
    def at(cls, moment: datetime, settings: ComplaintSettings) -> Self:
        return cls(
            moment - timedelta(hours=settings.first_look_hours),
            moment - timedelta(hours=settings.first_look_emergency_hours),
            moment - timedelta(days=settings.accept_days),
        )

    def late_step(self, case: Case) -> LateStep | None:
        """Return what should have been done to a case by now, if anything."""
        if not case.is_open or case.state not in _UNDECIDED:
            return None
        first_look = self.first_look_of_hazards if case.hazard else self.first_look
        if case.owner_id is None and case.received_at <= first_look:
            return LateStep.FIRST_LOOK
        return LateStep.DECISION if case.received_at <= self.decision else None

    @property
    def newest(self) -> datetime:
        """The last moment by which anything that is late came in."""
        return max(self.first_look, self.first_look_of_hazards, self.decision)

    def condition(self) -> ColumnElement[bool]:
        """Return what `late_step` says, as a condition on what came in by `newest`."""
        hazards = and_(Case.urgency.in_(_DANGEROUS), Case.received_at <= self.first_look_of_hazards)
        unclaimed = and_(Case.owner_id.is_(None), or_(Case.received_at <= self.first_look, hazards))
        return or_(Case.received_at <= self.decision, unclaimed)


@dataclass(frozen=True)
class LateTeam:
    """How many late cases lie with a team, up to COUNTED, and when the oldest came in."""

    team_id: str
    count: int
    oldest: datetime


async def remind_of_late_cases(work: UnitOfWork) -> None:
    """Once a working day, when its hours have begun, remind everybody of the late cases that are theirs.

    Leaders, owners and the office are told of cases, and the director also of teams, how many of theirs were late on
    the working day before already. Boards show the oldest late cases as they stand.
    """
    calendar = WorkingCalendar.of(await work.settings(), work.zone)
    if not calendar.is_working_moment(work.now) or not await insert_or_ignore(
        work.session, LateCaseRound, day=work.today
    ):
        return
    known = await work.directory()
    shown: set[str] = set()
    for person in known.with_roles(*_REMINDED):
        who = await member(work.session, person.id)
        late = await late_cases_of(work, who)
        if known.is_enrolled(who.id) and (late or await late_teams(work, who)):
            await recall_list(work, who.id, ListName.LATE)
            outgoing = OutgoingMessage(LateCases(tuple(who.visibility)), key=list_key(who.id, ListName.LATE))
            await work.outbox.to_staff(who.id, outgoing, priority=Priority.REMINDER)
        for case in late:
            if case.id not in shown:
                shown.add(case.id)
                await show_card(work, case)


async def call_for_hazards(work: UnitOfWork) -> None:
    """Call at once, at any hour, for a hazard that nobody has claimed in time (crisis_calls.CALLS); each case once."""
    settings = (await work.settings()).complaint
    limits = Limits.at(work.now, settings)
    teams = (await work.directory()).teams
    desks = [OFFICE_DESK, DIRECTOR_DESK, *map(Desk.team, teams), *map(Desk.leader, teams)]
    called = select(CaseEvent.case_id).where(CaseEvent.case_id == Case.id, CaseEvent.event == _HAZARD_WAITS)
    waiting = select(Case.id).where(
        Case.desk.in_(desks),
        Case.is_open == true(),
        Case.urgency == Urgency.DANGER,  # of a crisis somebody is called as long as nobody is on it
        Case.received_at <= limits.first_look_of_hazards,
        Case.received_at > limits.first_look,  # older ones are told of every working day
        Case.owner_id.is_(None),
        Case.held_until.is_(None),
        Case.state.in_(_UNDECIDED),
        not_(called.exists()),
    )
    for case in await cases_to_change(work, list(await work.session.scalars(waiting.limit(HAZARDS_A_TICK)))):
        if limits.late_step(case) is LateStep.FIRST_LOOK:
            await log_event(work, case, _HAZARD_WAITS)
            await call_of_hazard(work, case)


async def late_cases_of(work: UnitOfWork, who: Member) -> list[Case]:
    """Return the oldest late cases that are for somebody to see to: on the desks they lead, and their own."""
    limits = Limits.at(work.now, (await work.settings()).complaint)
    found: dict[str, Case] = {}
    for desk in _led(who):
        for case in await _late_on(work, who, desk, limits):
            found[case.id] = case
    own = _visible_to(who).where(
        Case.owner_id == who.id, Case.state.in_(_UNDECIDED), Case.received_at <= limits.decision
    )
    for case in await work.session.scalars(own.order_by(Case.urgency, Case.received_at, Case.id).limit(LISTED + 1)):
        if case.desk in who.desks:
            found[case.id] = case
    return sorted(found.values(), key=lambda case: (case.urgency.rank, case.received_at, case.id))[:LISTED]


async def late_teams(work: UnitOfWork, who: Member) -> list[LateTeam]:
    """Return, for the office director, the teams with cases that were late on the last working day already.

    What lies before a team leader alone is not counted, nor what the director is shut out of.
    """
    if not who.has(Role.OFFICE_DIRECTOR):
        return []
    settings = await work.settings()
    told_then = WorkingCalendar.of(settings, work.zone).last_opening_before(work.now)
    limits = Limits.at(told_then, settings.complaint)
    found = []
    for team_id in (await work.directory()).teams:
        late = await _late_on(work, who, Desk.team(team_id), limits, limit=COUNTED)
        if late:
            found.append(LateTeam(team_id, min(len(late), COUNTED), min(case.received_at for case in late)))
    return found


async def _late_on(work: UnitOfWork, who: Member, desk: Desk, limits: Limits, *, limit: int = LISTED) -> Sequence[Case]:
    """Return the oldest late cases on a desk: each state walks its own index, and stops."""
    found: list[Case] = []
    for state in _UNDECIDED:
        query = _visible_to(who).where(
            Case.desk == desk, Case.state == state, Case.received_at <= limits.newest, limits.condition()
        )
        found += await work.session.scalars(query.order_by(Case.received_at, Case.id).limit(limit))
    return found


def _led(who: Member) -> list[Desk]:
    teams = who.teams(Role.TEAM_LEADER)
    office = [OFFICE_DESK] if who.is_office else []
    director = [DIRECTOR_DESK] if who.has(Role.OFFICE_DIRECTOR) else []
    return [*map(Desk.team, teams), *map(Desk.leader, teams), *office, *director]


def _visible_to(who: Member) -> Select[Case]:
    return select(Case).where(Case.is_open == true(), *not_hidden_from(who))
