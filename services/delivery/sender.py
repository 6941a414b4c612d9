"""Empties the outbox: rows are claimed, delivered side by side, and marked together with the next claim.

No channel has a key against doubling: when the process dies between the channel's answer and our mark, or loses the
database there, that one message is sent twice. It is the only doubling.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from models.duty_lock import DutyLock
from models.transient_errors import is_transient
from services.delivery.delivery import Delivery, Outcome
from services.delivery.hours import within_hours
from services.delivery.marking import Marker
from services.delivery.queue import ClaimedRow, claim_rows, free_leases
from services.delivery.transport import Later, MaySend, Refused
from services.resources import Resources

log = logging.getLogger(__name__)

MOST_AT_ONCE = 32
IDLE_SECONDS = 1.0
SHUTDOWN_SECONDS = 5.0


class Sender:
    """Sends what is queued. Only the process on duty does, so that the limits hold for all of them."""

    def __init__(self, resources: Resources, delivery: Delivery, marker: Marker, duty: DutyLock) -> None:
        self._resources = resources
        self._delivery = delivery
        self._marker = marker
        self._duty = duty
        self._on_duty = False
        self._news = asyncio.Event()
        self._sending: dict[asyncio.Task[None], int] = {}  # and which row
        self._outcomes: list[Outcome] = []  # of rows that are to be marked
        self._failures = 0  # of the database, one after another

    def wake(self) -> None:
        """Say that there may be something to send."""
        self._resources.activity.begin(self)
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what is being sent by then is finished and marked."""
        try:
            while not stop.is_set():
                self._news.clear()
                self._resources.activity.begin(self)
                await self._mark_and_send()
                if not (self._sending or self._outcomes or self._news.is_set()):
                    self._resources.activity.end(self)
                await self._rest(stop)
        finally:
            await self._finish()
            await self._duty.release()
            self._resources.activity.end(self)

    async def claim(self) -> list[ClaimedRow]:
        """Mark what was sent meanwhile, and lease what may go now, in one transaction."""
        return await self._mark_and_claim(MOST_AT_ONCE - len(self._sending))

    async def _mark_and_send(self) -> None:
        try:
            claimed = await self._mark_and_claim(MOST_AT_ONCE - len(self._sending) if await self._take_duty() else 0)
        except Exception as error:  # the database may be away for a while; the rows are safe there
            log.error("the outbox cannot be read or marked: %s", type(error).__name__, exc_info=error)
            await asyncio.sleep(min(self._marker.wait(self._failures).total_seconds(), IDLE_SECONDS))
            self._failures += 1
            self._news.set()
            return
        self._failures = 0
        for row in claimed:
            task = asyncio.create_task(self._send(row, partial(self._duty.is_ours, self._duty.term)))
            self._sending[task] = row.id
            task.add_done_callback(self._finished)

    async def _mark_and_claim(self, room: int) -> list[ClaimedRow]:
        pending, self._outcomes = self._outcomes, []
        try:
            await self._mark_alone(pending, [outcome for outcome in pending if outcome.is_rare])
            together = list(pending)
            if not together and room <= 0:
                return []
            try:
                async with self._duty.transaction() as session:
                    if together:
                        await self._marker.mark(self._resources.work(session), together)
                    claimed = await self._claimed(session, room)
            except Exception as error:
                if not together or is_transient(error):
                    raise
                await self._mark_alone(pending, together)
                return []
            pending.clear()
            return claimed
        finally:
            self._outcomes = pending + self._outcomes
            if self._outcomes:
                self._news.set()

    async def _claimed(self, session: AsyncSession, room: int) -> list[ClaimedRow]:
        if room <= 0:
            return []
        on_their_way = {*self._sending.values(), *(outcome.row.id for outcome in self._outcomes)}
        rows = await claim_rows(session, self._resources.now(), most=room, on_their_way=on_their_way)
        return await within_hours(self._resources.work(session), rows)

    async def _mark_alone(self, pending: list[Outcome], which: Sequence[Outcome]) -> None:
        """Mark each of some in a transaction of its own; one that cannot be marked is dead, or it would be sent again.

        What is marked is taken from those that are pending.
        """
        for outcome in which:
            try:
                async with self._duty.transaction() as session:
                    await self._marker.mark(self._resources.work(session), [outcome])
            except Exception as error:
                if is_transient(error):
                    raise
                log.error("a mark cannot be made: %s", type(error).__name__, exc_info=error)
                if not isinstance(outcome.answer, Refused):  # else the row stays leased, and is tried again after that
                    self._outcomes.append(Outcome(outcome.row, Refused(type(error).__name__)))
            pending.remove(outcome)

    async def _take_duty(self) -> bool:
        """Whether this process sends. On coming on duty it frees what a killed one had under way."""
        if (
            self._on_duty and self._duty.is_held and not self._failures
        ):  # the last claim was made on the lock's connection
            return True
        was_on_duty, self._on_duty = self._on_duty, await self._duty.hold()
        if self._on_duty and not was_on_duty:
            async with self._duty.transaction() as session:
                await free_leases(session)
        return self._on_duty

    async def _send(self, row: ClaimedRow, may_send: MaySend) -> None:
        try:
            outcome = await self._delivery.deliver(row, may_send)
        except Exception as error:
            if is_transient(error):
                log.warning("a message waits: %s", type(error).__name__)
                outcome = Outcome(row, Later())
            else:
                log.error("a message cannot be made: %s", type(error).__name__, exc_info=error)
                outcome = Outcome(row, Refused(type(error).__name__), address=self._delivery.address_of(row))
        self._outcomes.append(outcome)

    def _finished(self, task: asyncio.Task[None]) -> None:
        del self._sending[task]
        self._news.set()

    async def _rest(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.create_task(self._news.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    async def _finish(self) -> None:
        """Mark what is sent within the last seconds; the rest is safe, and goes out after the next start."""
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=SHUTDOWN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_SECONDS):
                while self._outcomes:
                    await self._mark_last()

    async def _mark_last(self) -> None:
        try:
            await self._mark_and_claim(0)
        except Exception as error:
            log.error("the outbox cannot be marked: %s", type(error).__name__, exc_info=error)
            await asyncio.sleep(self._marker.wait(0).total_seconds())
