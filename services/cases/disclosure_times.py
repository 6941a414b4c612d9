"""When one side may learn what the other did: on full hours, so that nobody is known by the minute they typed at."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from models.base import coarse
from services.unit_of_work import UnitOfWork

SCATTER_MINUTES = 20  # after a batch
HAZARD_SHARE = 6  # of the time within which anything else is pushed


async def next_batch(work: UnitOfWork, *, village: bool, hazard: bool) -> datetime | None:
    """Return when the team may learn of something that comes now; None when at once, as of any danger.

    `village`: whether villagers may have sent it (`is_from_village`).

    Batches stand on full hours of the county's clock: every hour, or every few from midnight on.
    """
    settings = (await work.settings()).privacy
    hours = settings.release_village_hours if village else settings.release_other_hours
    if hazard or hours <= 0:
        return None
    local, midnight = work.now.astimezone(work.zone), work.midnight
    batch = timedelta(hours=hours)
    return coarse(midnight + ((local - midnight) // batch + 1) * batch)


async def is_from_village(work: UnitOfWork, village_id: str | None, unit_ids: Collection[str | None]) -> bool:
    """Whether something comes from a village: by its own code, or by that of a unit that has villages."""
    if village_id is not None:
        return True
    known = await work.directory()
    return any(known.has_villages(unit_id) for unit_id in unit_ids if unit_id)


async def next_push(work: UnitOfWork, *, village: bool, hazard: bool) -> datetime | None:
    """Return when a reporter may be told what a team does now; None: at once, where the county wants it so.

    Not in the moment, and not on the minute: whoever presses a button and looks round would see whose phone lights up.
    """
    batch = await next_batch(work, village=village, hazard=hazard)
    if batch is not None:
        return batch + timedelta(seconds=secrets.randbelow(SCATTER_MINUTES * 60))
    seconds = (await work.settings()).privacy.push_scatter_minutes * 60
    if hazard:
        seconds //= HAZARD_SHARE
    return work.now + timedelta(seconds=1 + secrets.randbelow(seconds)) if seconds > 0 else None
