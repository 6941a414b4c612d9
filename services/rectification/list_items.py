"""The items somebody may see, those due first; all that are open, or what a filter leaves of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from models.deadlines import RUNNING
from models.rectification import FIX_ON_SPOT, ItemUnit, RectificationItem
from models.staff import Role
from models.states import ITEM, Actor, ItemState
from services.access.grants import granted_items_condition
from services.access.member import Member
from services.unit_of_work import UnitOfWork

PAGE_SIZE = 8
_LAST_WEEKDAY = 6
# What an item waits for; that it is kept open for longer, or opened again, nobody waits for.
_AWAITED = frozenset({"issue", "acknowledge", "report_progress", "submit", "return", "pass", "countersign", "clear"})
# Nor is what is kept open for longer waited for, nor is what is signed, as long as nothing has changed since.
_NOT_AWAITED_IN = {("submit", ItemState.LONG_TERM), ("countersign", ItemState.COUNTERSIGNED)}


class Due(StrEnum):
    """When items are due; whose clock stands still is never overdue."""

    OVERDUE = "overdue"
    THIS_WEEK = "this_week"
    LATER = "later"


@dataclass(frozen=True)
class ItemFilter:
    """What is wanted of the open items; nothing in particular, where a field says nothing."""

    unit_id: str = ""
    state: ItemState | None = None
    due: Due | None = None
    waits_for_reader: bool = False  # the next step is theirs
    is_fix: bool = False  # ordered while the team is there: 立行立改

    def conditions(self, who: Member, today: date) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on an item, as somebody asks for them on a county day."""
        if self.unit_id:
            yield RectificationItem.unit_id == self.unit_id
        if self.state is not None:
            yield RectificationItem.state == self.state
        if self.due is not None:
            yield _due(self.due, today)
        if self.waits_for_reader:
            yield _waits_for(who)
        if self.is_fix:
            yield RectificationItem.source == FIX_ON_SPOT


@dataclass(frozen=True)
class ItemPage:
    """One page of items, and the last one's id when more follow."""

    items: list[RectificationItem]
    more_after: str | None


async def open_items(
    work: UnitOfWork, who: Member, after: str | None = None, wanted: ItemFilter | None = None
) -> ItemPage:
    """Return a page of the open items that are theirs to see, from behind an item on."""
    query = select(RectificationItem).where(RectificationItem.is_open, theirs(who))
    if wanted is not None:
        query = query.where(*wanted.conditions(who, work.today))
    before = await work.session.get(RectificationItem, after) if after else None
    if before is not None and who.actors_at_item(before):  # of another's item not even its day is told
        query = query.where(
            or_(
                RectificationItem.due_on > before.due_on,
                and_(RectificationItem.due_on == before.due_on, RectificationItem.id > before.id),
            )
        )
    query = query.order_by(RectificationItem.due_on, RectificationItem.id).limit(PAGE_SIZE + 1)
    found = list(await work.session.scalars(query))
    page = found[:PAGE_SIZE]
    return ItemPage(page, page[-1].id if len(found) > PAGE_SIZE else None)


def theirs(who: Member) -> ColumnElement[bool]:
    """Return what Member.actors_at_item says, as a condition."""
    own = answered_by(who)
    reviewed: ColumnElement[bool] = RectificationItem.team_id.in_(who.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER))
    if who.is_office:
        reviewed = true()
    others = or_(
        and_(
            RectificationItem.desk.is_(None),
            or_(
                reviewed,
                granted_items_condition(who),
                RectificationItem.id.in_(who.looks_again_at),
            ),
        ),
        and_(RectificationItem.supervisor.in_(who.departments), is_open_to_departments_of(who)),
        RectificationItem.desk.in_(who.desks),
        RectificationItem.county_leader_id == who.id,
    )
    return or_(own, and_(others, not_(kept_from(who))))


def kept_from(who: Member) -> ColumnElement[bool]:
    """Return what Member.is_shut_out_of_item says, as a condition."""
    return or_(
        RectificationItem.unit_id.in_(who.shut_out_of),
        _has_other(who.shut_out_of),
        RectificationItem.id.in_(who.shut_out_of_items),
    )


def is_open_to_departments_of(who: Member) -> ColumnElement[bool]:
    """Return what Person.acts_for_department_at says, as a condition."""
    return RectificationItem.desk.is_(None) if who.is_kept_to_desks else true()


def answered_by(who: Member) -> ColumnElement[bool]:
    """Return that somebody is among those who answer for an item: of its units, or its owner."""
    return or_(is_of_units_of(who), RectificationItem.owner_id.is_not_distinct_from(who.id))


def is_of_units_of(who: Member) -> ColumnElement[bool]:
    """Return that an item is of a unit of which somebody is the head or the liaison: that leads, or answers along."""
    units = who.units(Role.UNIT_HEAD, Role.LIAISON)
    return or_(RectificationItem.unit_id.in_(units), _has_other(units))


def _has_other(units: Collection[str]) -> ColumnElement[bool]:
    """Return that one of some units answers for an item along with the one that leads."""
    if not units:
        return false()
    return RectificationItem.id.in_(select(ItemUnit.item_id).where(ItemUnit.unit_id.in_(units)))


def _due(due: Due, today: date) -> ColumnElement[bool]:
    end_of_week = today + timedelta(days=_LAST_WEEKDAY - today.weekday())
    match due:
        case Due.OVERDUE:
            return and_(RectificationItem.due_on < today, RectificationItem.state.in_(RUNNING))
        case Due.THIS_WEEK:
            return RectificationItem.due_on.between(today, end_of_week)
        case Due.LATER:
            return RectificationItem.due_on > end_of_week


def _waits_for(who: Member) -> ColumnElement[bool]:
    """Return what `Member.actors_at_item` and the arrows say together: that the next step is theirs."""
    item, own = RectificationItem, answered_by(who)
    heads, has_owner = who.units(Role.UNIT_HEAD), RectificationItem.owner_id.is_not(None)
    at_teams: ColumnElement[bool] = item.team_id.in_(who.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER))
    at_office = or_(at_teams, item.team_id.is_(None)) if who.is_office else at_teams
    everywhere = {role: true() if who.has(role) else false() for role in (Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR)}
    reviewing: dict[Actor, ColumnElement[bool]] = {
        Actor.TEAM_LEADER: item.team_id.in_(who.teams(Role.TEAM_LEADER)),
        Actor.TEAM_MEMBER: at_office,
        Actor.OFFICE_STAFF: everywhere[Role.OFFICE_STAFF],
        Actor.OFFICE_DIRECTOR: everywhere[Role.OFFICE_DIRECTOR],
    }
    # A desk for one pair of eyes makes its holder all of these at once.
    places = {
        actor: and_(not_(own), or_(and_(item.desk.is_(None), place), item.desk.in_(who.desks)))
        for actor, place in reviewing.items()
    }
    places |= {
        Actor.UNIT_HEAD: or_(
            and_(not_(has_owner), item.unit_id.in_(heads)), item.owner_id.is_not_distinct_from(who.id)
        ),
        Actor.LIAISON: or_(
            item.unit_id.in_(who.units(Role.LIAISON)),
            and_(has_owner, item.unit_id.in_(heads)),
            _has_other(who.units(Role.UNIT_HEAD, Role.LIAISON)),
        ),
        Actor.COUNTY_LEADER: and_(not_(own), item.county_leader_id == who.id),
    }
    return or_(*(and_(place, item.state.in_(_states_awaiting(actor))) for actor, place in places.items()))


def _states_awaiting(actor: Actor) -> list[ItemState]:
    """Return the states in which an item waits for what somebody may do to it."""
    arrows = [arrow for arrow in ITEM.transitions if arrow.action in _AWAITED and actor in arrow.by]
    states = {state for arrow in arrows for state in arrow.sources if (arrow.action, state) not in _NOT_AWAITED_IN}
    return sorted(states)
