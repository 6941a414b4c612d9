"""Notices that the clock was set back, and makes due what had been put off until a moment of the old time."""

import logging
from datetime import timedelta

from sqlalchemy import update

from models.complaints import Case
from models.database import insert_or_ignore
from models.delivery import ClockReading, OutboxRow, OutboxState
from services.delivery.directors import tell_directors
from services.outbox import OutgoingMessage
from services.retention.notices import ClockSetBack
from services.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

NOTICED_FROM = timedelta(minutes=2)  # the clocks of several machines may differ by less


async def notice_set_back(work: UnitOfWork) -> None:
    """Compare the clock with the last reading. Once it was set back, try again now what waits for its next try.

    What waits for a day or an hour of the calendar goes on waiting for it. The directors are told: deadlines and
    reminders of the hours in between are for a person to look at.
    """
    now = work.now.replace(second=0, microsecond=0)
    if await insert_or_ignore(work.session, ClockReading, id=1, read_at=now):
        return
    reading = await work.session.get_one(ClockReading, 1, with_for_update=True)
    back, reading.read_at = reading.read_at - now, now
    if back < NOTICED_FROM:
        return
    minutes = int(back.total_seconds()) // 60
    log.error("the clock was set back by %d minutes", minutes)
    reading.set_back_at, reading.set_back_minutes = now, minutes
    retried = (OutboxRow.state == OutboxState.QUEUED, OutboxRow.attempts > 0, OutboxRow.not_before > work.now)
    await work.session.execute(update(OutboxRow).where(*retried).values(at_once=True, not_before=work.now))
    await work.session.execute(update(Case).where(Case.next_call_at > work.now).values(next_call_at=work.now))
    told = OutgoingMessage(ClockSetBack(minutes))
    await tell_directors(work, told, once=f"clock:{work.today}:{minutes}")
