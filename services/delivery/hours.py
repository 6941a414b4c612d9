"""What is told in working hours alone waits for the next ones, where it has not gone out in those it was queued in."""

from collections.abc import Sequence

from sqlalchemy import update

from models.delivery import OutboxRow
from services.delivery.marking import this_row
from services.delivery.queue import ClaimedRow
from services.notice import NOTICES
from services.outbox import Priority
from services.unit_of_work import UnitOfWork


async def within_hours(work: UnitOfWork, rows: Sequence[ClaimedRow]) -> list[ClaimedRow]:
    """Return those of the leased rows that may go now; the others wait until working hours begin.

    The bot may have been stopped in the evening, or a channel away until the night.
    """
    keeping = [row for row in rows if _keeps_hours(row)]
    if not keeping:
        return list(rows)
    opening = (await work.calendar()).next_working_moment(work.now)
    if opening == work.now:
        return list(rows)
    await work.session.execute(
        update(OutboxRow).where(*this_row(*keeping)).values(leased_until=None, at_once=False, not_before=opening)
    )
    return [row for row in rows if row not in keeping]


def _keeps_hours(row: ClaimedRow) -> bool:
    notice = NOTICES.get(row.kind)
    return row.priority == Priority.REMINDER and notice is not None and notice.keeps_working_hours
