"""Items of a department's field over all units, which it urges (条线督促): a press, once in so many days."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from models.deadlines import RUNNING, Audience
from models.rectification import ItemEvent, RectificationItem
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.rectification.copies import copied_to_reader, departments_of, kept_from_reader
from services.rectification.item_log import ladder_of, log_event
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork

LISTED = 10
_URGED = "urge"


class UrgedAlready(Exception):
    """Somebody has urged the item; `again_on`: from when it can be urged anew."""

    def __init__(self, again_on: date) -> None:
        super().__init__(str(again_on))
        self.again_on = again_on


@dataclass(frozen=True)
class FieldItems:
    """A page of the open items of somebody's departments, due first, and behind which one the next begins."""

    items: tuple[RectificationItem, ...]
    more_after: str | None


async def field_items(work: UnitOfWork, who: Member, after: str | None = None) -> FieldItems:
    """Return a page of the open items of somebody's departments' fields, over all units."""
    item = RectificationItem
    is_theirs = await _of_field(work, who)
    query = select(item).where(is_theirs).order_by(item.due_on, item.id)
    last = await work.session.scalar(select(item).where(item.id == after, is_theirs)) if after else None
    if last is not None:
        query = query.where(or_(item.due_on > last.due_on, and_(item.due_on == last.due_on, item.id > last.id)))
    found = list(await work.session.scalars(query.limit(LISTED + 1)))
    shown = found[:LISTED]
    return FieldItems(tuple(shown), shown[-1].id if len(found) > LISTED else None)


async def field_item_seen(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an open item of somebody's field; raise NotEntitled when there is none, or it is not theirs to see."""
    query = select(RectificationItem).where(RectificationItem.id == item_id, await _of_field(work, who))
    found = await work.session.scalar(query)
    if found is None:
        raise NotEntitled
    return found


async def may_urge(work: UnitOfWork, who: Member, item: RectificationItem) -> bool:
    """Whether somebody can urge an item now."""
    try:
        await field_item_seen(work, who, item.id)
    except NotEntitled:
        return False
    return item.state in RUNNING and await _urged_until(work, item) is None


async def urge(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Urge the unit of an item: its head and its liaison are told, and it stands among what happened to the item.

    Raises NotEntitled, UrgedAlready, or Impossible when it does not lie with the unit.
    """
    query = select(RectificationItem).where(RectificationItem.id == item_id, await _of_field(work, who))
    item = await work.session.scalar(
        query.with_for_update(of=RectificationItem).execution_options(populate_existing=True)
    )
    if item is None:
        raise NotEntitled
    if item.state not in RUNNING:
        raise Impossible(_URGED, item.state)
    if again_on := await _urged_until(work, item):
        raise UrgedAlready(again_on)
    known = await work.directory()
    of_field = [known.departments[one] for one in departments_of(who) if item.category in known.departments[one].fields]
    event = await log_event(work, item, _URGED, by=who, note=of_field[0].name)
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON)
    return item


async def _of_field(work: UnitOfWork, who: Member) -> ColumnElement[bool]:
    """Return the condition under which an open item is of the field of somebody's departments.

    What lies on a desk for one pair of eyes is of the field of whom it is copied to.
    """
    item, known = RectificationItem, await work.directory()
    fields = {field for one in departments_of(who) for field in known.departments[one].fields}
    is_shown = or_(item.desk.is_(None), copied_to_reader(who))
    return and_(item.category.in_(sorted(fields)), item.is_open, is_shown, ~kept_from_reader(who))


async def _urged_until(work: UnitOfWork, item: RectificationItem) -> date | None:
    """Return from when an item can be urged anew; None: now."""
    query = select(func.max(ItemEvent.at)).where(ItemEvent.item_id == item.id, ItemEvent.event == _URGED)
    last = await work.session.scalar(query)
    if last is None:
        return None
    again_on = last.astimezone(work.zone).date() + timedelta(days=(await ladder_of(work, item)).urge_every_days)
    return again_on if again_on > work.today else None
