"""What several items show: a common problem (共性问题) of several units, or one unit with many problems.

Whether there is enough of it is asked when an item is issued, of that item's category and unit alone. It is proposed
to the office, which confirms or declines it; what is confirmed is told to the leading group. What lies before one pair
of eyes is not counted: a number would tell of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from models.audit import Audited
from models.letters import Pattern, PatternKind
from models.rectification import ItemKind, RectificationItem
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES
from models.states import PATTERN, Actor, NotEntitled, PatternState
from services.access.member import Member
from services.audit.log import record
from services.outbox import OutgoingMessage
from services.people.office import tell_office
from services.rectification.notices import PatternConfirmed, PatternProposed
from services.unit_of_work import UnitOfWork

PAGE_SIZE = 8
LISTED_ITEMS = 12
_NO_FAULT = "other"  # the category of what has none of its own: that two items have it says nothing


@dataclass(frozen=True)
class PatternSeen:
    """A pattern as somebody may see it: how many items and units there are by now, and some of the items."""

    pattern: Pattern
    items: int
    units: int
    some: Sequence[RectificationItem]


async def note_patterns(work: UnitOfWork, item: RectificationItem) -> None:
    """Propose to the office what an item that was just issued makes enough of."""
    if item.desk is not None:
        return
    settings = (await work.settings()).revisits
    if item.category != _NO_FAULT:
        units = (await _counted(work, PatternKind.COMMON, item.round_id, item.category))[1]
        if units >= settings.common_units:
            await _propose(work, PatternKind.COMMON, item.round_id, item.category, units)
    items = (await _counted(work, PatternKind.MANY, item.round_id, item.unit_id))[0]
    if items >= settings.many_items:
        await _propose(work, PatternKind.MANY, item.round_id, item.unit_id, items)


async def _propose(work: UnitOfWork, kind: PatternKind, round_id: str, subject_id: str, counted: int) -> None:
    """Propose it where it was not yet, or where it was declined and there is twice as much by now."""
    query = select(Pattern).where(Pattern.round_id == round_id, Pattern.kind == kind, Pattern.subject_id == subject_id)
    # Not locked, for whoever decides on one locks it before the head of the audit log, which is held here already and
    # lets only one item at a time be issued. On one that was declined nobody decides.
    pattern = await work.session.scalar(query)
    if pattern is None:
        pattern = Pattern(
            id=token_hex(8),
            kind=kind,
            round_id=round_id,
            subject_id=subject_id,
            state=PatternState.PROPOSED,
            counted=counted,
            proposed_on=work.today,
        )
        work.session.add(pattern)
    elif pattern.state is PatternState.DECLINED and counted >= 2 * pattern.counted:
        pattern.state = PATTERN.step(pattern.state, "propose_again", {Actor.SYSTEM})
        pattern.counted, pattern.proposed_on = counted, work.today
    else:
        return
    await work.session.flush()
    await tell_office(work, PatternProposed(pattern.id))


def _items_of(kind: PatternKind, round_id: str, subject_id: str) -> ColumnElement[bool]:
    about = RectificationItem.category if kind is PatternKind.COMMON else RectificationItem.unit_id
    return and_(RectificationItem.round_id == round_id, about == subject_id, RectificationItem.desk.is_(None))


async def _counted(work: UnitOfWork, kind: PatternKind, round_id: str, subject_id: str) -> tuple[int, int]:
    """Return how many items there are, and at how many units."""
    query = select(func.count(), func.count(RectificationItem.unit_id.distinct())).select_from(RectificationItem)
    row = (await work.session.execute(query.where(_items_of(kind, round_id, subject_id)))).one()
    return row[0], row[1]


# ---- to look at and to decide


def actors_at(who: Member, pattern: Pattern) -> frozenset[Actor]:
    """Return what somebody is at a pattern; the leading group sees what is confirmed."""
    if pattern.kind is PatternKind.MANY and pattern.subject_id in who.shut_out_of:
        return frozenset()
    found = {Actor(held.role) for held in who.roles if held.role in OFFICE_ROLES}
    if who.has(*LEADING_GROUP_ROLES) and pattern.state is PatternState.CONFIRMED:
        found.add(Actor.LEADING_GROUP)
    return frozenset(found)


async def _is_named(work: UnitOfWork, who: Member, pattern: Pattern) -> bool:
    """Whether a case behind one of its items names somebody: the count would tell them of the one they do not see."""
    if not who.shut_out_of_items:
        return False
    of_it = _items_of(pattern.kind, pattern.round_id, pattern.subject_id)
    query = select(RectificationItem.id).where(of_it, RectificationItem.id.in_(who.shut_out_of_items))
    return await work.session.scalar(query.limit(1)) is not None


async def pattern_seen(work: UnitOfWork, who: Member, pattern_id: str) -> PatternSeen:
    """Return a pattern as somebody may see it; raise NotEntitled when they may not."""
    pattern = await work.session.get(Pattern, pattern_id)
    if pattern is None or not actors_at(who, pattern) or await _is_named(work, who, pattern):
        raise NotEntitled
    of_it = _items_of(pattern.kind, pattern.round_id, pattern.subject_id)
    query = select(RectificationItem).where(of_it).order_by(RectificationItem.unit_id, RectificationItem.id)
    some = [item for item in await work.session.scalars(query.limit(LISTED_ITEMS)) if who.actors_at_item(item)]
    items, units = await _counted(work, pattern.kind, pattern.round_id, pattern.subject_id)
    return PatternSeen(pattern, items, units, some)


async def patterns_of(work: UnitOfWork, who: Member, after: str | None = None) -> tuple[list[Pattern], str | None]:
    """Return a page of the patterns that somebody may see, the latest first, and behind which one more follow."""
    query = select(Pattern).order_by(Pattern.proposed_on.desc(), Pattern.id).limit(PAGE_SIZE + 1)
    query = query.where(or_(Pattern.kind != PatternKind.MANY, Pattern.subject_id.not_in(who.shut_out_of)))
    if not who.is_office:
        if not who.has(*LEADING_GROUP_ROLES):
            raise NotEntitled
        query = query.where(Pattern.state == PatternState.CONFIRMED)
    last = await work.session.get(Pattern, after) if after else None
    if last is not None:
        same_day = and_(Pattern.proposed_on == last.proposed_on, Pattern.id > last.id)
        query = query.where(or_(Pattern.proposed_on < last.proposed_on, same_day))
    found = list(await work.session.scalars(query))
    page = [one for one in found[:PAGE_SIZE] if not await _is_named(work, who, one)]
    return page, found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


async def may(work: UnitOfWork, who: Member, pattern_id: str, action: str) -> Pattern:
    """Return a pattern, locked, with which somebody may do something now; raise Impossible or NotEntitled."""
    query = select(Pattern).where(Pattern.id == pattern_id).with_for_update()
    pattern = await work.session.scalar(query.execution_options(populate_existing=True))
    if pattern is None or not actors_at(who, pattern) or await _is_named(work, who, pattern):
        raise NotEntitled
    PATTERN.step(pattern.state, action, actors_at(who, pattern))
    return pattern


async def confirm(work: UnitOfWork, who: Member, pattern_id: str) -> Pattern:
    """Find that it is one: its items are of the common kind, and the leading group is told.

    Raises Impossible or NotEntitled.
    """
    pattern = await _decide(work, who, pattern_id, "confirm")
    if pattern.kind is PatternKind.COMMON:
        of_it = _items_of(pattern.kind, pattern.round_id, pattern.subject_id)
        await work.session.execute(update(RectificationItem).where(of_it).values(kind=ItemKind.COMMON))
    leading = (await work.directory()).with_roles(*LEADING_GROUP_ROLES)
    told = [one.id for one in leading if pattern.subject_id not in one.shut_out_of]
    await work.outbox.to_each(told, OutgoingMessage(PatternConfirmed(pattern.id)))
    await _note(work, who, pattern)
    return pattern


async def decline(work: UnitOfWork, who: Member, pattern_id: str) -> Pattern:
    """Find that it is none. Raises Impossible or NotEntitled."""
    pattern = await _decide(work, who, pattern_id, "decline")
    await _note(work, who, pattern)
    return pattern


async def _decide(work: UnitOfWork, who: Member, pattern_id: str, action: str) -> Pattern:
    pattern = await may(work, who, pattern_id, action)
    pattern.state = PATTERN.step(pattern.state, action, actors_at(who, pattern))
    pattern.decided_by, pattern.decided_on = who.id, work.today
    await work.session.flush()
    return pattern


async def _note(work: UnitOfWork, who: Member, pattern: Pattern) -> None:
    unit = pattern.subject_id if pattern.kind is PatternKind.MANY else None
    await record(work, Audited.PATTERN_DECIDED, by=who.id, pattern=pattern.id, state=pattern.state.value, unit=unit)
