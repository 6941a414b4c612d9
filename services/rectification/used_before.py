"""Whether a photo was handed in before, for whatever item of the county: also saved anew, or cropped."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.rectification import Evidence, ItemEvent, RectificationItem
from services.access.member import Member
from services.unit_of_work import UnitOfWork

_PORTION = 500  # looks in memory at a time


@dataclass(frozen=True)
class UsedBefore:
    """That a file was handed in before; where and when, for whoever may see that item."""

    item_id: str | None = None
    day: date | None = None


async def used_before(work: UnitOfWork, evidence: Evidence) -> str | None:
    """Return the id of a file that was handed in before and is the same as this one, or the same photo; None: none is.

    Files that are collected for the same item count as well: one photo does not show both how it was and how it is.
    """
    others = select(Evidence).where(
        Evidence.id != evidence.id,
        Evidence.version.is_not(None) | (Evidence.item_id == evidence.item_id),
    )
    same = await work.session.scalar(others.where(Evidence.digest == evidence.digest).order_by(Evidence.id).limit(1))
    if same is not None:
        return same.id
    return await _known_look(work, evidence) if evidence.look is not None else None


async def where_used(work: UnitOfWork, who: Member, evidence: Evidence) -> UsedBefore | None:
    """Return what a reader may know of where a file was used before; None: it was not.

    Of an item that is not theirs to see no more is told than that there is one. To the office, which sees all but what
    is kept from it, nothing is: that there is one would tell of just such an item.
    """
    if evidence.used_before is None:
        return None
    other = await work.session.get(Evidence, evidence.used_before)
    item = await work.session.get(RectificationItem, other.item_id) if other is not None else None
    if other is None or item is None:
        return UsedBefore()
    if not who.actors_at_item(item):
        return None if who.is_office else UsedBefore()
    event = await work.session.get(ItemEvent, (item.id, other.version)) if other.version is not None else None
    return UsedBefore(item.id, event.at.astimezone(work.zone).date() if event is not None else None)


async def _known_look(work: UnitOfWork, evidence: Evidence) -> str | None:
    """Go through the looks of all photos that were handed in, by portions: no index holds alike ones together."""
    from media.look import alike  # what reads pictures is loaded when it is first needed

    after = ""
    while True:
        query = select(Evidence.id, Evidence.look).where(
            Evidence.id > after, Evidence.id != evidence.id, Evidence.look.is_not(None), Evidence.version.is_not(None)
        )
        found = await work.session.execute(query.order_by(Evidence.id).limit(_PORTION))
        rows = [(other, look or b"") for other, look in found]
        for (other, _), is_alike in zip(rows, alike(evidence.look or b"", [look for _, look in rows]), strict=True):
            if is_alike:
                return other
        if len(rows) < _PORTION:
            return None
        after = rows[-1][0]
