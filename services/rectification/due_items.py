"""Which items the clock has to look at: those of which something may have come, and those whose people have changed.

Each item says on which day something may come of it next (`next_look_on`), and the tick asks for these by index. Who is
told depends on people and settings, too: what decides it is kept as a hash for each unit, team and county leader, and
one for the whole county. Where a hash is another one, the open items of that unit, team or leader are looked at once
more; where it is the county's, or the clock was set back, all that are open are.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam, delete, or_, select, true, update
from sqlalchemy.orm.attributes import set_committed_value

from models.base import table_of
from models.database import execute, insert_or_ignore
from models.rectification import AT_ONCE, ItemUnit, RectificationItem, ReminderBasis, ReminderRound
from services.rectification.audiences import WHOLE_COUNTY, PartKind, reminder_bases
from services.unit_of_work import UnitOfWork

PORTION = 500  # items a transaction


@dataclass(frozen=True)
class DueItems:
    """A portion of the items that are to be looked at, locked in the order of their ids."""

    items: list[RectificationItem]
    is_last: bool  # nothing more is to be looked at today


async def due_items(work: UnitOfWork, today: date) -> DueItems:
    """Return the next portion, and note how far it goes."""
    reminder_round = await _reminder_round(work, today)
    is_open = RectificationItem.is_open == true()
    due = select(RectificationItem.id).where(is_open, RectificationItem.next_look_on <= today).limit(PORTION)
    ids = set(await work.session.scalars(due))
    is_last = len(ids) < PORTION
    if reminder_round.looked_to is not None:
        following = select(RectificationItem.id).where(is_open, RectificationItem.id > reminder_round.looked_to)
        found = list(await work.session.scalars(following.order_by(RectificationItem.id).limit(PORTION)))
        reminder_round.looked_to = found[-1] if len(found) == PORTION else None
        is_last = is_last and reminder_round.looked_to is None
        ids.update(found)
    if not ids:
        return DueItems([], is_last)
    # All ticks take items and people in one order, so that two at once wait for each other and never cross.
    query = select(RectificationItem).where(RectificationItem.id.in_(ids)).order_by(RectificationItem.id)
    return DueItems(list(await work.session.scalars(query.with_for_update())), is_last)


async def set_next_looks(work: UnitOfWork, days: Mapping[RectificationItem, date]) -> None:
    """Note of items that were looked at on which day something may come of each next."""
    others = {item: day for item, day in days.items() if item.next_look_on != day}
    if others:
        # Past the ORM, which would weigh each item's every column.
        await execute(work.session, _next_look(), [{"of": item.id, "on": day} for item, day in others.items()])
    for item, day in others.items():
        set_committed_value(item, "next_look_on", day)


@cache
def _next_look() -> Update:
    items = table_of(RectificationItem)
    return update(items).where(items.c.id == bindparam("of")).values(next_look_on=bindparam("on"))


async def _reminder_round(work: UnitOfWork, today: date) -> ReminderRound:
    """Return how far all items were looked at, locked; what is not as it was then is to be looked at again."""
    bases = (await work.directory()).derived("reminder bases", reminder_bases)
    reminder_round = await _locked_round(work)
    if reminder_round.basis != bases.of_all:
        reminder_round.basis = bases.of_all
        if await _look_again(work, bases.by_part):
            reminder_round.looked_to = ""
    if reminder_round.looked_on is not None and today < reminder_round.looked_on:  # the clock was set back
        reminder_round.looked_to = ""
    if reminder_round.looked_on != today:
        reminder_round.looked_on = today
    return reminder_round


async def _locked_round(work: UnitOfWork) -> ReminderRound:
    query = select(ReminderRound).where(ReminderRound.id == 1).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = await work.session.scalar(query)
    if found is None:
        await insert_or_ignore(work.session, ReminderRound, id=1, basis="", looked_to=None, looked_on=None)
        found = (await work.session.scalars(query)).one()
    return found


async def _look_again(work: UnitOfWork, bases: Mapping[str, str]) -> bool:
    """Have the items of all units, teams and leaders looked at where somebody has changed; return whether all are."""
    rows = await work.session.execute(select(ReminderBasis.part, ReminderBasis.basis))
    known = {row.part: row.basis for row in rows}
    changed = {part for part in known.keys() | bases.keys() if known.get(part) != bases.get(part)}
    await work.session.execute(delete(ReminderBasis).where(ReminderBasis.part.in_(changed)))
    work.session.add_all(ReminderBasis(part=part, basis=bases[part]) for part in sorted(changed & bases.keys()))
    if WHOLE_COUNTY in changed:
        return True
    by_kind: dict[PartKind, list[str]] = defaultdict(list)
    for part in changed:
        kind, _, part_id = part.partition(":")
        by_kind[PartKind(kind)].append(part_id)
    for kind, part_ids in by_kind.items():
        concerned = update(RectificationItem).where(RectificationItem.is_open == true(), _concern(kind, part_ids))
        await work.session.execute(concerned.values(next_look_on=AT_ONCE))
    return False


def _concern(kind: PartKind, part_ids: Collection[str]) -> ColumnElement[bool]:
    """Return which items are told to people of these units or teams, or to these county leaders."""
    match kind:
        case PartKind.UNIT:
            others = select(ItemUnit.item_id).where(ItemUnit.unit_id.in_(part_ids))
            return or_(RectificationItem.unit_id.in_(part_ids), RectificationItem.id.in_(others))
        case PartKind.TEAM:
            return RectificationItem.team_id.in_(part_ids)
        case PartKind.COUNTY_LEADER:
            return or_(RectificationItem.county_leader_id.in_(part_ids), RectificationItem.owner_id.in_(part_ids))
