"""Units that answer for an item along with the one that leads: each acknowledges it for itself."""

from models.deadlines import Audience
from models.rectification import ItemUnit, RectificationItem
from models.staff import Role
from models.states import Impossible, ItemState, NotEntitled
from services.access.member import Member
from services.rectification import item_log
from services.rectification.copies import note_read
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork


def may_acknowledge_along(who: Member, item: RectificationItem) -> bool:
    """Whether somebody heads a unit that answers along and has not acknowledged the item yet."""
    return item.state != ItemState.CLEARED and any(one.acknowledged_on is None for one in _headed(who, item))


async def acknowledge_along(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Note that the head of a unit that answers along has read the order. Raises Impossible or NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id)
    headed = _headed(who, item)
    if not headed:
        raise NotEntitled
    if not may_acknowledge_along(who, item):
        raise Impossible("acknowledge_along", item.state)
    for one in headed:
        one.acknowledged_on, one.acknowledged_by_id = work.today, who.id
    units = (await work.directory()).units
    note = "、".join(units[one.unit_id].name for one in headed)
    event = await item_log.log_event(work, item, "acknowledge_along", by=who, note=note)
    await note_read(work, who, item)
    await tell(work, item, event, Audience.REVIEWERS)
    return item


def _headed(who: Member, item: RectificationItem) -> list[ItemUnit]:
    return [one for one in item.others if one.unit_id in who.units(Role.UNIT_HEAD)]
