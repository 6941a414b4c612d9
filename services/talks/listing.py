"""Listed supervision (挂牌督办): the county leader in charge watches an item, and hears of it more often."""

from models.audit import Audited
from models.deadlines import Audience
from models.rectification import RectificationItem
from models.states import Actor, Impossible
from services.access.member import Member
from services.audit.log import record
from services.rectification import item_log
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork


async def put_on_list(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Put an item under listed supervision; the unit and its leader are told. Raises Impossible, NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id, by={Actor.OFFICE_DIRECTOR})
    if not item.is_open or item.listed_on is not None:
        raise Impossible("put_on_list", item.state)
    item.listed_on = work.today
    await _log(work, who, item, "listed")
    return item


async def take_off_list(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """End the listed supervision of an item; whoever was told of it hears that, too. Raises Impossible, NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id, by={Actor.OFFICE_DIRECTOR})
    if item.listed_on is None:
        raise Impossible("take_off_list", item.state)
    item.listed_on = None
    await _log(work, who, item, "unlisted")
    return item


async def _log(work: UnitOfWork, who: Member, item: RectificationItem, event: str) -> None:
    entry = await item_log.log_event(work, item, event, by=who)
    await tell(work, item, entry, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)
    await record(work, Audited.LISTED, by=who.id, subject=item.id, step=event, unit=item.unit_id)
