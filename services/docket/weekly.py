"""The weekly list: on Mondays the leading group is told what waits for it and what it wants to see done."""

from sqlalchemy import select

from models.docket import DocketEntry, Task, TaskKind
from models.staff import LEADING_GROUP_ROLES
from models.states import DocketState, TaskState
from services.docket.notices import WeeklyList
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from services.working_hours import in_working_hours

FOLLOWED = (TaskKind.MATTER, TaskKind.OPINION)
_MONDAY = 0


@in_working_hours
async def send_weekly_list(work: UnitOfWork) -> None:
    """Send each of the leading group the list once on a Monday, within working hours, as long as there is anything.

    A Monday on which the county does not work is passed over.
    """
    if work.today.weekday() != _MONDAY:
        return
    open_tasks = select(Task.id).where(Task.state == TaskState.OPEN, Task.kind.in_(FOLLOWED)).limit(1)
    waiting = select(DocketEntry.id).where(DocketEntry.state == DocketState.WAITING).limit(1)
    if await work.session.scalar(open_tasks) is None and await work.session.scalar(waiting) is None:
        return
    known = await work.directory()
    for person in known.with_roles(*LEADING_GROUP_ROLES):
        key = f"weekly_list:{person.id}:{work.today}"
        if known.is_enrolled(person.id):
            outgoing = OutgoingMessage(WeeklyList())
            await work.outbox.to_staff(person.id, outgoing, priority=Priority.REMINDER, dedupe_key=key)
