"""Once the team has gone, every open item has somebody who sees to it: a department, or the office (日常监督).

They hear of all that is theirs in one message: when they get something to supervise, and every month.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, exists, select, true

from models.database import insert_or_ignore
from models.rectification import OFFICE, RectificationItem, SupervisingBody
from models.settings import EVERYWHERE
from models.staff import DEPARTMENT_ROLES, OFFICE_ROLES
from models.states import OFFICE_ACTORS, Impossible, NotEntitled
from services.access.member import Member
from services.directory import DepartmentRecord, Directory
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.list_items import theirs
from services.rectification.notices import SupervisionDigest
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

PORTION = 100  # items a transaction
_LONGEST_MONTH = timedelta(days=31)


async def give_supervisors(work: UnitOfWork) -> More | None:
    """Give each open item of a round whose teams have left somebody who supervises it, a portion at a time."""
    known = await work.directory()
    left = [one.id for one in known.rounds.values() if one.has_left]
    found = list(await work.session.scalars(unsupervised(left).limit(PORTION).with_for_update()))
    # What each supervises is locked in the order in which all of it is told.
    for supervisor, item in sorted(((_usual_supervisor(known, one), one) for one in found), key=lambda pair: pair[0]):
        await _give(work, known, item, supervisor, by=None)
    return More.TO_DO if len(found) == PORTION else None


def unsupervised(rounds: Sequence[str]) -> Select[RectificationItem]:
    """Return the query for the open items of some rounds that nobody supervises; an index holds them together."""
    item = RectificationItem
    query = select(item).where(item.is_open == true(), item.supervisor.is_(None), item.round_id.in_(rounds))
    return query.order_by(item.round_id, item.id)


@in_working_hours
async def tell_supervisors(work: UnitOfWork) -> None:
    """Tell whoever is to hear by now, in working hours, of all that they supervise; the next time is next month.

    Where nobody of a department is enrolled, the office hears it.
    """
    due = select(SupervisingBody).where(SupervisingBody.hears_next_on <= work.today)
    known = await work.directory()
    for body in list(await work.session.scalars(due.order_by(SupervisingBody.id).with_for_update())):
        body.heard_on, body.hears_next_on = work.today, _first_of_next_month(work.today)
        supervised = exists().where(RectificationItem.is_open == true(), RectificationItem.supervisor == body.id)
        if await work.session.scalar(select(supervised)):
            await _tell(work, known, body.id)
    await work.session.flush()


async def item_to_place(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item of which the office may say who supervises it: an open one, once the team has gone.

    Raises Impossible or NotEntitled.
    """
    item = await item_log.item_to_change(work, who, item_id, by=OFFICE_ACTORS)
    if not may_place(who, item):
        raise Impossible("set_supervisor", item.state)
    return item


def may_place(who: Member, item: RectificationItem) -> bool:
    """Whether somebody may say who supervises an item; what lies on a desk for one pair of eyes stays there."""
    is_supervised = item.is_open and item.supervisor is not None and item.desk is None
    return is_supervised and bool(who.actors_at_item(item) & OFFICE_ACTORS)


async def set_supervisor(work: UnitOfWork, who: Member, item_id: str, supervisor: str) -> RectificationItem:
    """Have a department, or OFFICE, supervise an item from now on. Raises Impossible or NotEntitled."""
    item = await item_to_place(work, who, item_id)
    known = await work.directory()
    if supervisor not in (OFFICE, *(one.id for one in departments_to_supervise(known))):
        raise NotEntitled
    await _give(work, known, item, supervisor, by=who)
    return item


def departments_to_supervise(known: Directory) -> list[DepartmentRecord]:
    """Return the departments that can supervise items, by their ids."""
    return sorted(known.departments.values(), key=lambda one: one.id)


def supervisor_name(known: Directory, supervisor: str) -> str | None:
    """Return the name of the department that supervises; None: the office does."""
    found = known.departments.get(supervisor)
    return None if found is None else found.name


async def supervised_items(work: UnitOfWork, who: Member, supervisor: str) -> list[RectificationItem]:
    """Return the open items that somebody supervises and a reader may see, those due first."""
    item = RectificationItem
    query = select(item).where(item.is_open == true(), item.supervisor == supervisor, theirs(who))
    return list(await work.session.scalars(query.order_by(item.due_on, item.id)))


def _usual_supervisor(known: Directory, item: RectificationItem) -> str:
    """Return who supervises an item as the county has set it; the office, where it has set nothing that is there.

    It does not depend on where the item lies: the unit reads it on its card.
    """
    by_category = known.rectification_settings_of(item.round_id).supervisors
    named = by_category.get(item.category) or by_category.get(EVERYWHERE) or OFFICE
    return named if named in known.departments else OFFICE


async def _give(
    work: UnitOfWork, known: Directory, item: RectificationItem, supervisor: str, *, by: Member | None
) -> None:
    item.supervisor = supervisor
    name = supervisor_name(known, supervisor)
    await item_log.log_event(work, item, "set_supervisor" if name else "set_supervisor_office", by=by, note=name or "")
    await insert_or_ignore(work.session, SupervisingBody, id=supervisor, hears_next_on=work.today, heard_on=None)
    body = await work.session.get_one(SupervisingBody, supervisor, with_for_update=True, populate_existing=True)
    heard_today = body.heard_on is not None and body.heard_on >= work.today
    body.hears_next_on = min(body.hears_next_on, work.today + timedelta(days=int(heard_today)))
    await work.session.flush()


async def _tell(work: UnitOfWork, known: Directory, supervisor: str) -> None:
    people = [] if supervisor == OFFICE else known.with_roles(*sorted(DEPARTMENT_ROLES), department_id=supervisor)
    enrolled = {one.id for one in people if known.is_enrolled(one.id)}
    enrolled = enrolled or {one.id for one in known.with_roles(*OFFICE_ROLES) if known.is_enrolled(one.id)}
    for staff_id in sorted(enrolled):
        outgoing = OutgoingMessage(SupervisionDigest(supervisor))
        key = f"supervision:{supervisor}:{work.today}:{staff_id}"
        await work.outbox.to_staff(staff_id, outgoing, priority=Priority.REMINDER, dedupe_key=key)


def _first_of_next_month(today: date) -> date:
    return (today.replace(day=1) + _LONGEST_MONTH + timedelta(days=1)).replace(day=1)
