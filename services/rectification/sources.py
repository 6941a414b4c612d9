"""Where items come from: how many of each source, how many are for the heads themselves, and how far each is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from models.origins import Campaign, HandDown
from models.rectification import RectificationItem
from models.states import ItemState
from services.access.member import Member
from services.rectification.list_items import theirs
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Count:
    """How many of all are done."""

    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class HandDownCounts:
    """What was handed down: each kind of matter, and each aspect with its parts, with how many are done."""

    hand_down: HandDown
    kinds: Sequence[tuple[str, Count]]
    aspects: Sequence[tuple[str, Count, Sequence[tuple[str, Count]]]]


@dataclass(frozen=True)
class CampaignCounts:
    """A campaign: the units that have items of its topic, with how many of these are done."""

    campaign: Campaign
    units: Sequence[tuple[str, Count]]


@dataclass(frozen=True)
class Share:
    """How many of all items are for the heads themselves: 直接交办."""

    for_heads: int
    total: int

    @property
    def per_cent(self) -> int:
        """How many of a hundred, rounded down."""
        return self.for_heads * 100 // self.total if self.total else 0


async def by_source(work: UnitOfWork, who: Member) -> dict[str, Count]:
    """Return of each source how many items there are that are somebody's to see, and how many of these are done."""
    return await _counted(work, RectificationItem.source, theirs(who))


async def share_for_heads(work: UnitOfWork, who: Member) -> Share:
    """Return how many items are for the heads of their units, or a county leader's own, of those they may see."""
    query = select(RectificationItem.is_for_head, func.count()).where(theirs(who))
    counts = {row[0]: row[1] for row in await work.session.execute(query.group_by(RectificationItem.is_for_head))}
    return Share(counts.get(True, 0), sum(counts.values()))


async def hand_down_counts(work: UnitOfWork, who: Member) -> list[HandDownCounts]:
    """Return what was handed down, the newest first, with how far it is."""
    query = select(HandDown).order_by(HandDown.came_on.desc(), HandDown.id)
    return [await counts_of_hand_down(work, who, one) for one in await work.session.scalars(query)]


async def campaign_counts(work: UnitOfWork, who: Member) -> list[CampaignCounts]:
    """Return the campaigns, the newest first, with how far each unit is."""
    query = select(Campaign).order_by(Campaign.begins_on.desc(), Campaign.id)
    return [await counts_of_campaign(work, who, one) for one in list(await work.session.scalars(query))]


async def counts_of_campaign(work: UnitOfWork, who: Member, campaign: Campaign) -> CampaignCounts:
    """Return how far each unit is with a campaign, of the items that are somebody's to see."""
    units, of_campaign = (await work.directory()).units, RectificationItem.campaign_id == campaign.id
    counts = await _counted(work, RectificationItem.unit_id, theirs(who), of_campaign)
    return CampaignCounts(campaign, sorted((units[unit_id].name, count) for unit_id, count in counts.items()))


async def counts_of_hand_down(work: UnitOfWork, who: Member, one: HandDown) -> HandDownCounts:
    """Return how far each kind and aspect of what was handed down is, of the items that are somebody's to see."""
    counts = await _counted(work, RectificationItem.aspect, theirs(who), RectificationItem.hand_down_id == one.id)
    done = sum(count.done for count in counts.values())
    # Kinds that are no items here, as letters are, are counted by hand.
    kinds = [(kind["name"], Count(done if kind["items"] else kind["done"], kind["total"])) for kind in one.kinds]
    aspects = []
    for aspect in one.aspects:
        parts = [(name, counts.get(name, Count())) for name in aspect["parts"]]
        own = [counts.get(aspect["name"], Count()), *(count for _, count in parts)]
        total = Count(sum(count.done for count in own), sum(count.total for count in own))
        aspects.append((aspect["name"], total, parts))
    return HandDownCounts(one, kinds, aspects)


async def _counted(
    work: UnitOfWork, column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]
) -> dict[str, Count]:
    done = func.sum(case((RectificationItem.state == ItemState.CLEARED, 1), else_=0))
    query = select(column, done, func.count()).where(*conditions).group_by(column)
    return {row[0]: Count(int(row[1]), row[2]) for row in await work.session.execute(query)}
