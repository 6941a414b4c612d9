"""What a unit has set up so that what was fixed stays fixed: 建章立制."""

from models.deadlines import Audience
from models.rectification import RectificationItem
from models.states import Actor, Impossible, ItemState, NotEntitled
from services.access.member import Member
from services.rectification import item_log
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork

LONGEST_SYSTEM = 500  # characters
_OWN = frozenset({Actor.UNIT_HEAD, Actor.LIAISON})
_NOT_BEGUN = (ItemState.DRAFT, ItemState.ISSUED)


def may_tell(who: Member, item: RectificationItem) -> bool:
    """Whether somebody may say what their unit has set up: once it has begun, and also when it is cleared."""
    return item.state not in _NOT_BEGUN and bool(who.actors_at_item(item) & _OWN)


async def item_to_tell_of(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item of which somebody may say it. Raises Impossible or NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id)
    if not who.actors_at_item(item) & _OWN:
        raise NotEntitled
    if not may_tell(who, item):
        raise Impossible("tell_system", item.state)
    return item


async def tell_system(work: UnitOfWork, who: Member, item_id: str, text: str) -> RectificationItem:
    """Keep what a unit has set up, in place of what it said before; the reviewers are told.

    Raises Impossible or NotEntitled.
    """
    item = await item_to_tell_of(work, who, item_id)
    item.system_built = text
    event = await item_log.log_event(work, item, "tell_system", by=who, note=text)
    await tell(work, item, event, Audience.REVIEWERS)
    return item
