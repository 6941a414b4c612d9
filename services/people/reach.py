"""Who can be reached."""

from typing import Any, cast

from sqlalchemy import CursorResult, update

from models.staff import Staff
from services.delivery.recall import recall_overdue
from services.unit_of_work import UnitOfWork


async def mark_reachable(work: UnitOfWork, staff_id: str) -> None:
    """Note that somebody wrote: they can be reached again, and what could not be taken back from them is, now."""
    again = await work.session.execute(
        update(Staff).where(Staff.id == staff_id, Staff.unreachable_since.is_not(None)).values(unreachable_since=None)
    )
    if cast("CursorResult[Any]", again).rowcount:
        await recall_overdue(work, staff_id)
