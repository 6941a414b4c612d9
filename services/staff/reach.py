"""Who can be reached."""

from sqlalchemy import update

from models.staff import Staff
from services.work import Work


async def reached(work: Work, staff_id: str) -> None:
    """Note that somebody wrote: they can be reached again."""
    await work.session.execute(
        update(Staff).where(Staff.id == staff_id, Staff.unreachable_since.is_not(None)).values(unreachable_since=None)
    )
