"""What needs a system and cannot be done by a day (建章立制) is kept open for longer, and reported on half-yearly."""

from models.deadlines import Audience
from models.rectification import RectificationItem
from models.states import ITEM
from services.access.member import Member
from services.rectification import item_log
from services.rectification.masking import masked_for_all
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork


async def item_to_keep(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item that somebody may keep open for longer. Raises Impossible or NotEntitled."""
    return await _item_for(work, who, item_id, "keep_long_term")


async def keep_long_term(work: UnitOfWork, who: Member, item_id: str, reason: str) -> RectificationItem:
    """Keep an item open for longer, with the reason that all who see it read; its clock stands from now on.

    Raises Impossible or NotEntitled.
    """
    item = await item_to_keep(work, who, item_id)
    reason = await masked_for_all(work, who, item, reason)
    event = await item_log.step(work, item, "keep_long_term", who.actors_at_item(item), by=who, note=reason)
    item.long_term_since = work.today
    await work.session.flush()
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER, Audience.REVIEWERS)
    return item


async def item_to_report_on(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item that is kept for longer and on which somebody may report. Raises Impossible or NotEntitled."""
    return await _item_for(work, who, item_id, "report_long_term")


async def report_long_term(work: UnitOfWork, who: Member, item_id: str, text: str) -> RectificationItem:
    """Note how far it has come; the next report is due half a year from now. Raises Impossible or NotEntitled."""
    item = await item_to_report_on(work, who, item_id)
    event = await item_log.step(work, item, "report_long_term", who.actors_at_item(item), by=who, note=text)
    await tell(work, item, event, Audience.COUNTY_LEADER, Audience.REVIEWERS, Audience.OFFICE_DIRECTOR)
    return item


async def _item_for(work: UnitOfWork, who: Member, item_id: str, action: str) -> RectificationItem:
    item = await item_log.item_to_change(work, who, item_id)
    ITEM.step(item.state, action, who.actors_at_item(item))
    return item
