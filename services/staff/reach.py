"""Who can be reached."""

from typing import Any, cast

from sqlalchemy import CursorResult, update

from models.delivery import OutboxRow, OutboxState
from models.staff import Staff
from services.work import Work


async def reached(work: Work, staff_id: str) -> None:
    """Note that somebody wrote: they can be reached again, and what could not be taken back from them is, now."""
    again = await work.session.execute(
        update(Staff).where(Staff.id == staff_id, Staff.unreachable_since.is_not(None)).values(unreachable_since=None)
    )
    if cast("CursorResult[Any]", again).rowcount:
        await work.session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.recipient == f"staff:{staff_id}",
                OutboxRow.kind == "delete",
                OutboxRow.state == OutboxState.QUEUED,
                OutboxRow.attempts > 0,
            )
            .values(not_before=work.now)
        )
