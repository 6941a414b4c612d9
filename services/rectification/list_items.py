"""The items somebody may see, those due first."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, not_, or_, select, true

from models.rectification import RectificationItem
from models.staff import Role
from services.access.member import Member
from services.unit_of_work import UnitOfWork

PAGE_SIZE = 8


@dataclass(frozen=True)
class ItemPage:
    """One page of items, and the last one's id when more follow."""

    items: list[RectificationItem]
    more_after: str | None


async def open_items(work: UnitOfWork, who: Member, after: str | None = None) -> ItemPage:
    """Return a page of the open items that are theirs to see, from behind an item on."""
    query = select(RectificationItem).where(RectificationItem.is_open, _theirs(who))
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


def _theirs(who: Member) -> ColumnElement[bool]:
    """Return what Member.actors_at_item says, as a condition."""
    own = RectificationItem.unit_id.in_(who.units(Role.UNIT_HEAD, Role.LIAISON))
    reviewed: ColumnElement[bool] = RectificationItem.team_id.in_(who.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER))
    if who.is_office:
        reviewed = true()
    others = or_(
        and_(RectificationItem.desk.is_(None), reviewed),
        RectificationItem.desk.in_(who.desks),
        RectificationItem.county_leader_id == who.id,
    )
    shut_out = or_(
        RectificationItem.unit_id.in_(who.shut_out_of),
        RectificationItem.id.in_(who.shut_out_of_items),
    )
    return or_(own, and_(others, not_(shut_out)))
