"""Copies of items (三级抄报): each leader, department and unit has the list that is theirs, and confirms what was read.

A copy says what is to be done, by when, and how it stands: nothing of where it came from, and nothing of who did what.
Whoever a case behind an item names is not shown its copy, as they are not shown the item; the unit's own people and a
county leader whose own item it is read the order all the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select

from models.database import insert_or_ignore
from models.rectification import CopyReceipt, CopyTo, ItemCopy, RectificationItem
from models.staff import DEPARTMENT_ROLES, UNIT_ROLES, Role
from models.states import NotEntitled
from services.access.conflicts import named_behind_items
from services.access.member import Member
from services.directory import Directory, Person
from services.outbox import OutgoingMessage
from services.rectification.list_items import answered_by, is_of_units_of, is_open_to_departments_of, kept_from
from services.rectification.notices import ItemsCopied
from services.unit_of_work import UnitOfWork

LISTED = 10


@dataclass(frozen=True)
class Copies:
    """A page of the copies that somebody gets, the newest first, and how many they have not read of all."""

    items: tuple[RectificationItem, ...]
    read: frozenset[str]
    unread: int
    more_after: str | None


@dataclass(frozen=True)
class Reading:
    """To whom an item is copied, and who has read it for them, and when."""

    copy_to: CopyTo
    recipient: str
    by: tuple[tuple[str, datetime], ...]  # names


def gets_copies(who: Person) -> bool:
    """Whether items can be copied to somebody at all."""
    return who.has(Role.COUNTY_LEADER, *UNIT_ROLES, *DEPARTMENT_ROLES)


def departments_of(who: Person) -> tuple[str, ...]:
    """Return the departments of which somebody is a contact or the head."""
    held = (one.department_id for one in who.roles if one.role in DEPARTMENT_ROLES)
    return tuple(dict.fromkeys(one for one in held if one))


def kept_from_reader(who: Member) -> ColumnElement[bool]:
    """Return the condition under which an item is none of somebody's business, although they would be shown it."""
    return and_(kept_from(who), not_(answered_by(who)))


async def copies_for(work: UnitOfWork, who: Member, after: str | None = None) -> Copies:
    """Return a page of what is copied to somebody, the newest first; `after`: the item behind which it begins."""
    item = RectificationItem
    query = select(item).where(copied_to_reader(who)).order_by(item.issued_on.desc(), item.id)
    # Of what is not copied to them not even the day is told, by where it stands among theirs.
    last = await work.session.scalar(select(item).where(item.id == after, copied_to_reader(who))) if after else None
    if last is not None:
        is_older = or_(item.issued_on < last.issued_on, and_(item.issued_on == last.issued_on, item.id > last.id))
        query = query.where(is_older)
    found = list(await work.session.scalars(query.limit(LISTED + 1)))
    shown = found[:LISTED]
    is_listed = CopyReceipt.item_id.in_([one.id for one in shown])
    read = await work.session.scalars(select(CopyReceipt.item_id).where(CopyReceipt.staff_id == who.id, is_listed))
    more_after = shown[-1].id if len(found) > LISTED else None
    return Copies(tuple(shown), frozenset(read), await count_unread(work, who), more_after)


async def count_unread(work: UnitOfWork, who: Member) -> int:
    """Return how many copies somebody has not read."""
    query = select(func.count()).select_from(RectificationItem).where(copied_to_reader(who), ~_is_read_by(who))
    return await work.session.scalar(query) or 0


async def is_unread(work: UnitOfWork, who: Member, item: RectificationItem) -> bool:
    """Whether an item is copied to somebody who has not confirmed yet that they read it."""
    if not gets_copies(who):
        return False
    query = select(RectificationItem.id).where(
        RectificationItem.id == item.id, copied_to_reader(who), ~_is_read_by(who)
    )
    return await work.session.scalar(query) is not None


async def copy_seen(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item that is copied to somebody; raise NotEntitled when there is none, or it is not."""
    found = await work.session.scalar(
        select(RectificationItem).where(RectificationItem.id == item_id, copied_to_reader(who))
    )
    if found is None:
        raise NotEntitled
    return found


async def confirm_read(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Note that somebody has read their copy; the first time counts. Raises NotEntitled."""
    item = await copy_seen(work, who, item_id)
    await note_read(work, who, item)
    return item


async def note_read(work: UnitOfWork, who: Member, item: RectificationItem) -> None:
    """Note that somebody has read an item, for all that it is copied to and they read for; the first time counts."""
    recipients = _recipients(who)
    for copy in await _copies_of(work, item):
        if copy.recipient_id in recipients[copy.copy_to]:
            key = {"item_id": item.id, "copy_to": copy.copy_to, "recipient_id": copy.recipient_id}
            await insert_or_ignore(work.session, CopyReceipt, **key, staff_id=who.id, read_at=work.now)


async def copied_to(work: UnitOfWork, item: RectificationItem) -> list[str]:
    """Return the names of those to whom an item is copied: leaders, then departments, then units."""
    known = await work.directory()
    return [_name(known, copy) for copy in await _copies_of(work, item)]


async def readings(work: UnitOfWork, item: RectificationItem) -> list[Reading]:
    """Return to whom an item is copied, leaders first, and who has read it for each."""
    query = select(CopyReceipt).where(CopyReceipt.item_id == item.id).order_by(CopyReceipt.read_at)
    known, receipts = await work.directory(), list(await work.session.scalars(query))
    return [
        Reading(
            copy.copy_to,
            _name(known, copy),
            tuple(
                (known.names.get(one.staff_id, one.staff_id), one.read_at)
                for one in receipts
                if (one.copy_to, one.recipient_id) == (copy.copy_to, copy.recipient_id)
            ),
        )
        for copy in await _copies_of(work, item)
    ]


async def tell_of_copies(work: UnitOfWork, item: RectificationItem, *, but: Collection[str]) -> None:
    """Tell whoever gets a copy of a new item, once for all that are issued together; `but`: who knows already."""
    known = await work.directory()
    named = (await named_behind_items(work.session, [item.id])).get(item.id, set())
    readers = dict[str, Person]()
    for copy in await _copies_of(work, item):
        readers |= {one.id: one for one in _readers(known, item, copy)}
    together = f"copies:{work.now.isoformat()}"
    for person in readers.values():
        is_kept_away = person.id in named or not person.shut_out_of.isdisjoint(item.unit_ids)
        if person.id not in but and not is_kept_away and known.is_enrolled(person.id):
            await work.outbox.to_each([person.id], OutgoingMessage(ItemsCopied()), once=together)


def _recipients(who: Person) -> dict[CopyTo, tuple[str, ...]]:
    """Return for whom somebody reads copies."""
    return {
        CopyTo.LEADER: (who.id,) if who.has(Role.COUNTY_LEADER) else (),
        CopyTo.DEPARTMENT: departments_of(who),
        CopyTo.UNIT: who.units(*UNIT_ROLES),
    }


def _readers(known: Directory, item: RectificationItem, copy: ItemCopy) -> list[Person]:
    """Return who reads a copy; a unit that does not answer for the item reads none."""
    match copy.copy_to:
        case CopyTo.LEADER:
            leader = known.people.get(copy.recipient_id)
            return [leader] if leader is not None and leader.has(Role.COUNTY_LEADER) else []
        case CopyTo.DEPARTMENT:
            people = known.with_roles(*sorted(DEPARTMENT_ROLES), department_id=copy.recipient_id)
            return [one for one in people if one.acts_for_department_at(item.desk)]
        case CopyTo.UNIT:
            is_theirs = copy.recipient_id in item.unit_ids
            return list(known.with_roles(*UNIT_ROLES, unit_id=copy.recipient_id)) if is_theirs else []


def copied_to_reader(who: Member) -> ColumnElement[bool]:
    """Return the condition under which somebody reads a copy of an item.

    For a department nobody reads what a desk for one pair of eyes keeps from them elsewhere.
    """
    recipients = _recipients(who)

    def has_copy(copy_to: CopyTo) -> ColumnElement[bool]:
        ids = recipients[copy_to]
        copied = select(ItemCopy.item_id).where(ItemCopy.copy_to == copy_to, ItemCopy.recipient_id.in_(ids))
        return RectificationItem.id.in_(copied) if ids else false()

    is_copied = or_(
        has_copy(CopyTo.LEADER),
        and_(has_copy(CopyTo.DEPARTMENT), is_open_to_departments_of(who)),
        and_(has_copy(CopyTo.UNIT), is_of_units_of(who)),
    )
    return and_(is_copied, not_(kept_from_reader(who)))


def _is_read_by(who: Member) -> ColumnElement[bool]:
    return exists().where(CopyReceipt.item_id == RectificationItem.id, CopyReceipt.staff_id == who.id)


async def _copies_of(work: UnitOfWork, item: RectificationItem) -> list[ItemCopy]:
    rank = list(CopyTo)
    found = await work.session.scalars(select(ItemCopy).where(ItemCopy.item_id == item.id))
    return sorted(found, key=lambda copy: (rank.index(copy.copy_to), copy.recipient_id))


def _name(known: Directory, copy: ItemCopy) -> str:
    match copy.copy_to:
        case CopyTo.LEADER:
            return known.names.get(copy.recipient_id, copy.recipient_id)
        case CopyTo.DEPARTMENT:
            department = known.departments.get(copy.recipient_id)
            return department.name if department else copy.recipient_id
        case CopyTo.UNIT:
            unit = known.units.get(copy.recipient_id)
            return unit.name if unit else copy.recipient_id
