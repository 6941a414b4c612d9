"""What is to be done about a case until a day: an instruction, or a visit to see how it goes on (跟踪走访).

Whoever is to do it is told before, or on the day; once it is late they hear it again, with who leads and who set it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from models.case_tasks import CaseTask, CaseTaskKind
from models.complaints import Case
from models.states import Actor, Impossible, NotEntitled
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.cases.actions import acting_as
from services.cases.case_log import case_seen_by, cases_to_change, log_event
from services.cases.crisis_calls import leading
from services.cases.notices import CaseTaskDue, CaseTaskLate, InstructionLate
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

PORTION = 50  # tasks a transaction
MOST_DAYS = 180  # until a visit
_TOLD_BEFORE = {CaseTaskKind.INSTRUCTION: timedelta(days=2), CaseTaskKind.VISIT: timedelta(0)}


class DayUnfit(Exception):
    """The day of a visit is over, or too far away."""


async def set_task(
    work: UnitOfWork, case: Case, kind: CaseTaskKind, due_on: date, *, by: Member, owner_id: str | None = None
) -> None:
    """Keep until when something is to be done, in place of what was kept of its kind."""
    tell_on = max(due_on - _TOLD_BEFORE[kind], min(work.today + timedelta(days=1), due_on))
    await work.session.merge(
        CaseTask(case_id=case.id, kind=kind, due_on=due_on, owner_id=owner_id, by_id=by.id, tell_on=tell_on)
    )
    await work.session.flush()


async def task_of(work: UnitOfWork, case: Case, kind: CaseTaskKind) -> CaseTask | None:
    """Return what is to be done about a case of some kind; None where nothing is."""
    return await work.session.get(CaseTask, (case.id, kind))


async def case_to_visit(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return an open case on which somebody works, to go there again. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if Actor.TEAM_MEMBER not in acting_as(who, case):
        raise NotEntitled
    if not case.is_open:
        raise Impossible("plan_visit", case.state)
    return case


async def plan_visit(work: UnitOfWork, who: Member, case_id: str, day: date) -> Case:
    """Set the day until which the owner of a case, or whoever plans it, goes there again.

    Raises DayUnfit, and what `case_to_visit` does.
    """
    case = await case_to_visit(work, who, case_id)
    if not work.today <= day <= work.today + timedelta(days=MOST_DAYS):
        raise DayUnfit
    await set_task(work, case, CaseTaskKind.VISIT, day, by=who, owner_id=case.owner_id or who.id)
    await log_event(work, case, "plan_visit", by=who, until=day.isoformat())
    return case


async def end_visit(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Note that somebody went there again. Raises what `case_to_visit` does, and Impossible where none was planned."""
    case = await case_to_visit(work, who, case_id)
    task = await task_of(work, case, CaseTaskKind.VISIT)
    if task is None:
        raise Impossible("end_visit", case.state)
    await work.session.delete(task)
    await log_event(work, case, "end_visit", by=who)
    return case


@in_working_hours
async def tell_of_tasks(work: UnitOfWork) -> More | None:
    """Tell, in working hours, of what is to be done soon, and once of what was not done in time."""
    due = select(CaseTask.case_id).where(CaseTask.tell_on <= work.today).order_by(CaseTask.tell_on).limit(PORTION)
    ids = list(await work.session.scalars(due))
    for case in await cases_to_change(work, set(ids)):
        tasks = select(CaseTask).where(CaseTask.case_id == case.id, CaseTask.tell_on <= work.today)
        for task in list(await work.session.scalars(tasks.with_for_update().order_by(CaseTask.kind))):
            await _tell(work, case, task)
    await work.session.flush()
    return More.TO_DO if len(ids) == PORTION else None


async def _tell(work: UnitOfWork, case: Case, task: CaseTask) -> None:
    if not case.is_open:
        task.tell_on = None
        return
    leaders = await leading(work, case, await named_in_case(work.session, case.id))
    doing = [one for one in leaders if one.id == (task.owner_id or case.owner_id)] or leaders
    if work.today <= task.due_on:
        task.tell_on = task.due_on + timedelta(days=1)
        await _send(work, [one.id for one in doing], CaseTaskDue(case.id, task.kind))
    else:
        task.tell_on = None
        await _send(work, [one.id for one in leaders], CaseTaskLate(case.id, task.kind))
        if task.kind is CaseTaskKind.INSTRUCTION:
            await _send(work, [task.by_id], InstructionLate(case.id))


async def _send(work: UnitOfWork, people: Iterable[str], notice: CaseTaskDue | CaseTaskLate | InstructionLate) -> None:
    for staff_id in dict.fromkeys(people):
        await work.outbox.to_staff(staff_id, OutgoingMessage(notice), priority=Priority.REMINDER)
