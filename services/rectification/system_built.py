"""What a unit has set up so that what was fixed stays fixed: 建章立制."""

from sqlalchemy import func, select

from models.deadlines import Audience
from models.rectification import RectificationItem
from models.states import UNIT_ACTORS, Impossible, ItemState
from services.access.member import Member
from services.rectification import item_log
from services.rectification.list_items import theirs
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork

LONGEST_SYSTEM = 500  # characters
_NOT_BEGUN = (ItemState.DRAFT, ItemState.ISSUED)


def may_tell(who: Member, item: RectificationItem) -> bool:
    """Whether somebody may say what their unit has set up: once it has begun, and also when it is cleared."""
    return item.state not in _NOT_BEGUN and bool(who.actors_at_item(item) & UNIT_ACTORS)


async def item_to_tell_of(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item of which somebody may say it. Raises Impossible or NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id, by=UNIT_ACTORS)
    if not may_tell(who, item):
        raise Impossible("tell_system", item.state)
    return item


async def tell_system(work: UnitOfWork, who: Member, item_id: str, text: str) -> RectificationItem:
    """Keep what a unit has set up, one a line, in place of what it said before; the reviewers are told.

    Raises Impossible or NotEntitled.
    """
    item = await item_to_tell_of(work, who, item_id)
    item.system_built, item.system_not_needed = text, None
    item.systems_built = systems_in(text)
    event = await item_log.log_event(work, item, "tell_system", by=who, note=text)
    await tell(work, item, event, Audience.REVIEWERS)
    return item


async def tell_not_needed(work: UnitOfWork, who: Member, item_id: str, reason: str) -> RectificationItem:
    """Keep why nothing has to be set up, in place of what was said before; the reviewers are told.

    Raises Impossible or NotEntitled.
    """
    item = await item_to_tell_of(work, who, item_id)
    item.system_built, item.system_not_needed, item.systems_built = None, reason, 0
    event = await item_log.log_event(work, item, "tell_not_needed", by=who, note=reason)
    await tell(work, item, event, Audience.REVIEWERS)
    return item


def systems_in(text: str) -> int:
    """Return how many systems a text names: one a line."""
    return sum(bool(line.strip()) for line in text.splitlines())


async def systems_by_field(work: UnitOfWork, who: Member) -> dict[str, int]:
    """Return how many systems were set up in each field, of the items that are somebody's to see; the most first."""
    counted = func.sum(RectificationItem.systems_built)
    query = select(RectificationItem.category, counted).where(RectificationItem.systems_built > 0, theirs(who))
    rows = await work.session.execute(query.group_by(RectificationItem.category))
    found = {category: int(number) for category, number in rows}
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
