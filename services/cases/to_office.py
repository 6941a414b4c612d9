"""What a team leaves behind is the office's to finish: each case goes on as it stands, and its clocks run on."""

from sqlalchemy import select, true, update

from models.audit import CLOCK, Audited
from models.complaints import Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, DeskKind
from models.rectification import AT_ONCE, CaseItem, RectificationItem
from models.states import Actor, CaseState
from services.access.visibility import may_read
from services.audit.log import record
from services.cases.case_log import log_event, move, step
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.texts_on_phones import recall_case_texts
from services.directory import Person
from services.unit_of_work import UnitOfWork

CAME_TO_OFFICE = "come_to_office"  # the event; with it stands the team that had the case
_OF_TEAMS = (DeskKind.TEAM, DeskKind.LEADER)


async def team_has_left(work: UnitOfWork, case: Case) -> bool:
    """Whether the teams of the round of a case have left."""
    return (await work.directory()).rounds[case.round_id].has_left


async def bring_to_office(work: UnitOfWork, case: Case) -> list[Person]:
    """Lay a case of a team that has left before the office, and what is for one pair of eyes before its director.

    The items that were ordered because of it are reviewed there, too. Cards and opened texts are taken back. Returns
    who had it until now: nobody, when it lies at the office already.
    """
    if case.state == CaseState.PENDING_ASSIGN:  # there is no team left that it could wait for
        await step(work, case, "assign", {Actor.SYSTEM})
    if case.desk.kind not in _OF_TEAMS:
        return []
    had_it = await may_read(work, case)
    await shut_out_named(work, case)
    at_office = Case(id=case.id, desk=OFFICE_DESK, unit_id=case.unit_id)  # asked about, never stored
    is_for_director = case.desk.is_for_one or not await may_read(work, at_office)
    desk = DIRECTOR_DESK if is_for_director else OFFICE_DESK
    team_id = case.team_id
    await move(work, case, desk, None)
    await work.session.execute(
        update(RectificationItem)
        .where(
            RectificationItem.id.in_(select(CaseItem.item_id).where(CaseItem.case_id == case.id)),
            RectificationItem.is_open == true(),
        )
        .values(team_id=None, next_look_on=AT_ONCE)
        .execution_options(synchronize_session="fetch")
    )
    # What is not urgent is told of in one message.
    await log_event(work, case, CAME_TO_OFFICE, renew=case.hazard, team=team_id)
    if case.held_until is None:  # else nobody knew of it
        await recall_case_texts(work, [case], [one.id for one in had_it])
        await record(work, Audited.TRANSFERRED, by=CLOCK, case_id=case.id, subject=str(desk))
    return had_it
