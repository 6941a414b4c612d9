"""Thanks are no case to decide on: they are taken as such, and may be linked to the item that they praise."""

from sqlalchemy import func, select

from models.audit import Audited
from models.complaints import Case, ItemThanks, MessageKind
from models.rectification import RectificationItem
from models.states import CASE, Actor, Impossible, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.actions import acting_as
from services.cases.case_log import case_seen_by, step
from services.cases.claim import own_if_free
from services.cases.dialogue import say_to_reporter
from services.unit_of_work import UnitOfWork

MOST_ITEMS = 8  # to choose from
_OF_THE_TEAM = frozenset({Actor.TEAM_MEMBER, Actor.TEAM_LEADER, Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR})


async def thanks_to_take(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that the member may take as thanks; raise Impossible, as for a complaint, or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if not case.is_thanks:
        raise Impossible("take_as_thanks", case.state)
    CASE.step(case.state, "take_as_thanks", acting_as(who, case))
    return case


async def items_to_praise(work: UnitOfWork, who: Member, case: Case) -> list[RectificationItem]:
    """Return the items of the case's unit that a member sees, those changed last first."""
    query = select(RectificationItem).where(RectificationItem.unit_id == case.unit_id)
    newest = query.order_by(RectificationItem.state_since.desc(), RectificationItem.id).limit(4 * MOST_ITEMS)
    return [item for item in await work.session.scalars(newest) if _is_seen_by_team(who, item)][:MOST_ITEMS]


async def take_as_thanks(work: UnitOfWork, who: Member, case_id: str, item_id: str | None) -> Case:
    """Take a case as thanks, for an item or for nothing in particular; the reporter is told that they were read."""
    case = await thanks_to_take(work, who, case_id)
    if item_id is not None and item_id not in {item.id for item in await items_to_praise(work, who, case)}:
        raise NotEntitled
    await own_if_free(work, case, who)
    await step(work, case, "take_as_thanks", acting_as(who, case), by=who)
    if item_id is not None:
        work.session.add(ItemThanks(case_id=case.id, item_id=item_id))
    await say_to_reporter(work, case, MessageKind.TEXT, key="thanked")
    await record(work, Audited.TAKEN_AS_THANKS, by=who.id, case_id=case.id, subject=item_id)
    return case


async def count_thanks(work: UnitOfWork, who: Member, item: RectificationItem) -> int:
    """Return how often somebody has thanked for an item, as team and office may know; the unit is told of none."""
    if not _is_seen_by_team(who, item):
        return 0
    query = select(func.count()).select_from(ItemThanks).where(ItemThanks.item_id == item.id)
    return await work.session.scalar(query) or 0


def _is_seen_by_team(who: Member, item: RectificationItem) -> bool:
    return not _OF_THE_TEAM.isdisjoint(who.actors_at_item(item))
