"""What was cleared is opened again: it has come back, or somebody looked again and it is not so."""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from models.deadlines import Audience, interim_due
from models.rectification import FIX_ON_SPOT, RectificationItem
from models.states import ITEM, Actor
from services.access.member import Member
from services.rectification import item_log
from services.rectification.masking import masked_for_all
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork

_TOLD = (
    Audience.UNIT_HEAD,
    Audience.LIAISON,
    Audience.COUNTY_LEADER,
    Audience.OFFICE_DIRECTOR,
    Audience.REVIEWERS,
)


class ReopenReason(StrEnum):
    """Why an item is opened again."""

    RECURRED = "recurred"  # 边改边犯: what was fixed is as it was
    NOT_SO = "not_so"  # somebody looked again, and it is not so


async def item_to_reopen(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return a cleared item that somebody may open again, as the office director. Raises Impossible or NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id, by={Actor.OFFICE_DIRECTOR})
    ITEM.step(item.state, "reopen", {Actor.OFFICE_DIRECTOR})
    return item


async def reopen_item(
    work: UnitOfWork, who: Member, item_id: str, reason: ReopenReason, words: str
) -> RectificationItem:
    """Open a cleared item again, with the reason and words that the unit reads. Raises Impossible or NotEntitled."""
    item = await item_to_reopen(work, who, item_id)
    words = await masked_for_all(work, who, item, words)
    days = await days_for(work, item)
    return await open_again(work, item, who.actors_at_item(item), days, by=who, reason=reason, note=words)


async def open_again(
    work: UnitOfWork,
    item: RectificationItem,
    actors: Collection[Actor],
    days: int,
    *,
    by: Member | None,
    reason: ReopenReason | None = None,
    note: str = "",
) -> RectificationItem:
    """Open an item that is locked again: the unit has so many days for it at least, and a new ladder begins.

    Raises Impossible, or NotEntitled when none of the actors may.
    """
    detail = {} if reason is None else {"reason": reason.value}
    event = await item_log.step(work, item, "reopen", actors, by=by, note=note, **detail)
    item.due_on = max(item.due_on, work.today + timedelta(days=days))
    item.deadline_version += 1
    if item.interim_due_on is not None:  # people are in danger as they were before
        item.interim_due_on = interim_due(await item_log.ladder_of(work, item), work.today, item.due_on)
        item.interim_on = None
    await work.session.flush()
    await tell(work, item, event, *_TOLD)
    return item


async def days_for(work: UnitOfWork, item: RectificationItem) -> int:
    """Return how many days a unit has at least for what is opened again."""
    known = await work.directory()
    if item.source == FIX_ON_SPOT:
        return known.complaint_settings_of(item.round_id).fix_on_spot_days
    return known.rectification_settings_of(item.round_id).reopened_days
