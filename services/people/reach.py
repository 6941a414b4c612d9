"""Who can be reached."""

from typing import Any, cast

from sqlalchemy import CursorResult, update

from models.staff import Staff
from services.delivery.recall import take_back_late
from services.unit_of_work import Work


async def reached(work: Work, staff_id: str) -> None:
    """Note that somebody wrote: they can be reached again, and what could not be taken back from them is, now."""
    again = await work.session.execute(
        update(Staff).where(Staff.id == staff_id, Staff.unreachable_since.is_not(None)).values(unreachable_since=None)
    )
    if cast("CursorResult[Any]", again).rowcount:
        await take_back_late(work, staff_id)
