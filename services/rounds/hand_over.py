"""When its teams have left, what is still open of a round goes to the office, and those who reported it are told."""

from collections.abc import Collection, Iterable

from sqlalchemy import Select, exists, select, true

from models.complaints import Case, CaseComplaint, CaseEvent, MessageKind
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.rounds import Round
from models.staff import OFFICE_ROLES, Role
from models.states import STAYING_ROUNDS
from services.access.member import member
from services.cases.case_log import cases_to_change, complaints_of, log_event
from services.cases.dialogue import say_to_reporter
from services.cases.to_office import CAME_TO_OFFICE, bring_to_office
from services.delivery.recall import ListName, recall_list
from services.outbox import OutgoingMessage
from services.rounds.notices import CasesCameToOffice, CasesLeftBehind
from services.unit_of_work import More, UnitOfWork

PORTION = 25  # cases a transaction
LISTED = 40  # cases in one message
TEAM_LEFT = "team_left"  # the event that the reporters of a case were told; each case has it once
_AT_OFFICE = (OFFICE_DESK, DIRECTOR_DESK)


async def hand_over_cases(work: UnitOfWork) -> More | None:
    """Bring the open cases of a round whose teams have left to the office, a portion at a time.

    Their reporters are told, once each; at the end the office, and the leaders which cases are no longer theirs.
    """
    left = Round.state.not_in(STAYING_ROUNDS), Round.is_handed_over != true()
    round_ = await work.session.scalar(select(Round).where(*left).order_by(Round.id).limit(1).with_for_update())
    if round_ is None:
        return None
    known = await work.directory()
    teams = [team.id for team in known.teams.values() if team.round_id == round_.id]
    found = list(await work.session.scalars(_still_to_hand_over(round_.id, teams)))
    if found:
        await _hand_over(work, await cases_to_change(work, found))
    else:
        await _tell_staff(work, round_.id)
        round_.is_handed_over = True
        await work.session.flush()
    return More.TO_DO


def _still_to_hand_over(round_id: str, teams: Collection[str]) -> Select[str]:
    """Return the query for the next portion; by its desks, which are an index, it finds the few that are open."""
    desks = [*map(Desk.team, teams), *map(Desk.leader, teams), *_AT_OFFICE]
    told = exists().where(CaseEvent.case_id == Case.id, CaseEvent.event == TEAM_LEFT)
    query = select(Case.id).where(Case.desk.in_(desks), Case.is_open == true(), Case.round_id == round_id, ~told)
    return query.order_by(Case.id).limit(PORTION)


async def _hand_over(work: UnitOfWork, cases: Iterable[Case]) -> None:
    lost_some: set[str] = set()  # ids of the staff
    for case in cases:
        if not case.is_open:
            continue
        lost_some.update(one.id for one in await bring_to_office(work, case))
        await _tell_reporters(work, case)
    for staff_id in sorted(lost_some):
        for name in ListName:
            await recall_list(work, staff_id, name)


async def _tell_reporters(work: UnitOfWork, case: Case) -> None:
    """Tell the reporters of a case that it goes on, but for those who were told so of another case of theirs."""
    query = (
        select(CaseComplaint.complaint_id)
        .join(CaseEvent, CaseEvent.case_id == CaseComplaint.case_id)
        .where(
            CaseComplaint.complaint_id.in_([complaint.id for complaint in await complaints_of(work, case)]),
            CaseEvent.event == TEAM_LEFT,
        )
    )
    told = set(await work.session.scalars(query))
    await log_event(work, case, TEAM_LEFT, renew=False)
    await say_to_reporter(work, case, MessageKind.TEXT, key="team_left", but=told)


async def _tell_staff(work: UnitOfWork, round_id: str) -> None:
    query = (
        select(Case, CaseEvent.detail)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(Case.desk.in_(_AT_OFFICE), Case.round_id == round_id, CaseEvent.event == CAME_TO_OFFICE)
        .order_by(Case.urgency, Case.received_at, Case.id)
    )
    came = [(case, detail.get("team")) for case, detail in await work.session.execute(query)]
    if not came:
        return
    known = await work.directory()
    for leader in known.with_roles(Role.TEAM_LEADER):
        who = await member(work.session, leader.id)
        own = [case.id for case, team in came if team in who.teams(Role.TEAM_LEADER) and not who.is_shut_out(case)]
        for first in range(0, len(own), LISTED) if known.is_enrolled(who.id) else ():
            listed = CasesLeftBehind(tuple(own[first : first + LISTED]))
            await work.outbox.to_staff(who.id, OutgoingMessage(listed))
    for person in known.with_roles(*OFFICE_ROLES):
        if known.is_enrolled(person.id):
            await work.outbox.to_staff(person.id, OutgoingMessage(CasesCameToOffice(round_id)))
