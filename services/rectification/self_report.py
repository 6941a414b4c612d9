"""A head reports a problem of their own unit, and what is done about it: 主动报告、即知即改."""

from dataclasses import replace

from models.audit import Audited
from models.deadlines import Audience
from models.rectification import ItemSource, RectificationItem
from models.rounds import Unit
from models.staff import Role
from models.states import Actor, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.rectification import item_log
from services.rectification.copies import tell_of_copies
from services.rectification.issue_item import (
    add_item,
    aspects_for,
    checked,
    place_of,
    with_usual_parts,
)
from services.rectification.notify import tell
from services.rectification.order import Incomplete, NewItem, missing
from services.unit_of_work import UnitOfWork


async def units_to_report_of(work: UnitOfWork, who: Member, named: str = "") -> list[Unit]:
    """Return the units that somebody heads, those whose name holds what was typed."""
    units = [await work.session.get_one(Unit, unit_id) for unit_id in who.units(Role.UNIT_HEAD)]
    return [unit for unit in units if named in unit.name]


async def draft_self_report(work: UnitOfWork, who: Member, order: NewItem) -> tuple[RectificationItem, NewItem]:
    """Return the item that a head would open, and all that its order says then.

    Raises Incomplete (where nobody is in charge of the unit, the leader is missing), UnitUnknown, TextUnfit, DueInPast
    or NotEntitled.
    """
    if order.unit_id not in who.units(Role.UNIT_HEAD):
        raise NotEntitled
    place = await place_of(work, order.unit_id)
    order = replace(order, source=ItemSource.SELF_REPORT, head=who.name, is_for_head=True)
    order = await with_usual_parts(work, order, place)
    if lacks := missing(order, await aspects_for(work, order, place.round_id)):
        raise Incomplete(lacks)
    return checked(work, await place.unsaved(work, order)), order


async def open_self_report(work: UnitOfWork, who: Member, order: NewItem) -> RectificationItem:
    """Open an item of one's own unit: it is acknowledged from the start. Raises as `draft_self_report` does."""
    item, order = await draft_self_report(work, who, order)
    await add_item(work, item, order)
    event = await item_log.step(work, item, "self_report", {Actor.UNIT_HEAD}, by=who)
    await record(work, Audited.ITEM_ISSUED, by=who.id, subject=item.id, unit=item.unit_id, source=item.source)
    told = await tell(work, item, event, Audience.LIAISON, Audience.REVIEWERS, Audience.COUNTY_LEADER)
    await tell_of_copies(work, item, but=[*told, who.id])
    return item
