"""The keys of days die with what was sealed with them: what is left of it on the disk is noise from then on."""

import asyncio
from datetime import timedelta
from functools import partial

from sqlalchemy import select, union

from models.complaints import Conversation
from models.database import after_commit
from models.delivery import OutboxRow, OutboxState, WaitingUpdate
from services.unit_of_work import UnitOfWork

_WRITTEN_FOR = timedelta(days=1)  # no transaction that is still open seals anything for a day that is longer past


async def destroy_day_keys(work: UnitOfWork) -> None:
    """Destroy the keys of past days with which no conversation and nothing that waits is sealed any more."""
    past = {day for day in work.keyring.days() if day < work.today - _WRITTEN_FOR}
    if not past:
        return
    queued = select(OutboxRow.day).where(OutboxRow.state == OutboxState.QUEUED, OutboxRow.day.is_not(None))
    needed = set(await work.session.scalars(union(select(Conversation.day), select(WaitingUpdate.day), queued)))
    for day in past - needed:
        after_commit(work.session, partial(asyncio.to_thread, work.keyring.destroy_day, day))
