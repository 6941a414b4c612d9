"""What is told of the docket once a week: to the leading group what waits for it and what it wants to see done, and to
whoever reviews lines of the accountability list that there are some.
"""

from sqlalchemy import func, select

from models.database import insert_or_ignore
from models.docket import Accountability, DocketEntry, Task, TaskKind, WeeklyListRound
from models.staff import LEADING_GROUP_ROLES, Role
from models.states import AccountabilityState, DocketState, TaskState
from models.working_days import monday_of
from services.docket.notices import AccountabilityWaits, WeeklyList
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from services.working_hours import in_working_hours

FOLLOWED = (TaskKind.MATTER, TaskKind.OPINION)


@in_working_hours
async def send_weekly_list(work: UnitOfWork) -> None:
    """Send each of the leading group the list, and each reviewer what they have to review, if there is anything.

    It goes out in the first working hour of the week, once; after a time without the clock later in the same week. When
    the clock begins in the middle of a week, the first list is the next week's.
    """
    if not await _begins(work):
        return
    open_tasks = select(Task.id).where(Task.state == TaskState.OPEN, Task.kind.in_(FOLLOWED)).limit(1)
    waiting = select(DocketEntry.id).where(DocketEntry.state == DocketState.WAITING).limit(1)
    if await work.session.scalar(open_tasks) is not None or await work.session.scalar(waiting) is not None:
        await _tell(work, WeeklyList(), *LEADING_GROUP_ROLES)
    entered = select(Accountability.id).where(Accountability.state == AccountabilityState.ENTERED).limit(1)
    if await work.session.scalar(entered) is not None:  # to whom of these it is to review is asked when it is sent
        await _tell(work, AccountabilityWaits(), *LEADING_GROUP_ROLES, Role.OFFICE_DIRECTOR, Role.TEAM_LEADER)


async def _begins(work: UnitOfWork) -> bool:
    """Note that this week's list is seen to, and return whether it is to go out now."""
    week = monday_of(work.today)
    last = await work.session.scalar(select(func.max(WeeklyListRound.week)))
    if last is not None and last >= week:
        return False
    first_day = (await work.calendar()).first_of_week(week)
    is_new = await insert_or_ignore(work.session, WeeklyListRound, week=week)
    return is_new and (last is not None or work.today == first_day)


async def _tell(work: UnitOfWork, notice: WeeklyList | AccountabilityWaits, *roles: Role) -> None:
    known = await work.directory()
    for person in known.with_roles(*roles):
        key = f"{notice.kind}:{person.id}:{monday_of(work.today)}"
        if known.is_enrolled(person.id):
            await work.outbox.to_staff(person.id, OutgoingMessage(notice), priority=Priority.REMINDER, dedupe_key=key)
