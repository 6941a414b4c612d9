"""A case that turns out to be about who leads the unit, or about the team, goes to a desk for one pair of eyes."""

from models.audit import CLOCK, Audited
from models.complaints import Case
from models.desk import DIRECTOR_DESK, Desk, DeskKind
from models.staff import OFFICE_ROLES
from models.states import Actor, CaseState
from services.access.visibility import readers
from services.audit.log import record
from services.cases.case_log import log_event, move, step
from services.cases.texts_on_phones import recall_case_texts
from services.delivery.recall import ListName, recall_list
from services.sealed_messages import Restriction
from services.unit_of_work import UnitOfWork

NOT_BEGUN = (CaseState.PENDING_ASSIGN, CaseState.ASSIGNED, CaseState.RESTRICTED)


async def restrict(work: UnitOfWork, case: Case, restriction: Restriction) -> bool:
    """Lay a case on the desk that something added to it asks for, unless it is as strict there already.

    Cards, lists and opened texts are taken back from whoever had it. Returns whether it was moved.
    """
    case.concerns_head = case.concerns_head or restriction.concerns_head
    case.concerns_team = case.concerns_team or restriction.concerns_team
    is_for_leader = restriction.desk is DeskKind.LEADER and case.team_id is not None
    desk, team_id = (Desk.leader(case.team_id or ""), case.team_id) if is_for_leader else (DIRECTOR_DESK, None)
    if not desk.is_stricter_than(case.desk):
        return False
    had_it = await readers(work, case)
    await move(work, case, desk, team_id)
    if case.state in NOT_BEGUN:
        await step(work, case, "restrict", {Actor.SYSTEM})
    else:
        await log_event(work, case, "restrict")
    if case.held_until is not None:  # nobody knew of it
        return True
    have_it = await readers(work, case)
    losing = [one.id for one in had_it if one not in have_it]
    office = (await work.directory()).with_roles(*OFFICE_ROLES)  # reads the working papers on every team's items
    await recall_case_texts(work, [case], {*losing, *(one.id for one in office if one not in have_it)})
    for staff_id in losing:
        for name in ListName:
            await recall_list(work, staff_id, name)
    await record(work, Audited.TRANSFERRED, by=CLOCK, case_id=case.id, subject=str(desk))
    return True
