"""Rows are marked by what became of them: closed, put off, sent elsewhere, or handed to whoever is told of it."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.base import coarse
from models.delivery import OutboxRow, OutboxState
from models.recipient import RESIDENT, RecipientKind
from privacy.tags import lane
from services.delivery.arrivals import take_arrivals
from services.delivery.delivery import Outcome
from services.delivery.queue import ClaimedRow
from services.delivery.retry import DELETION_TRIES, DELETION_WAIT, wait_before_retry
from services.delivery.transport import Deleted, Later, Sent, Unreachable
from services.outbox import DeleteMessage, OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_NAMED = (RecipientKind.STAFF, RecipientKind.BOARD)  # closed rows may tell of these

# Closes the row of a message that could not be delivered, or has it sent elsewhere, and tells whoever can mend it.
FollowUp: TypeAlias = Callable[[UnitOfWork, Outcome], Awaitable[None]]
# Tells those who are to know that somebody cannot be reached; the row itself is tried again.
NoteUnreachable: TypeAlias = Callable[[UnitOfWork, ClaimedRow, Address], Awaitable[None]]
# Notes that somebody is reached again at an address of theirs.
NoteReached: TypeAlias = Callable[[UnitOfWork, Address], Awaitable[None]]
# Notes that something of a case stays on a phone, where it cannot be deleted.
NoteLeft: TypeAlias = Callable[[UnitOfWork, str], Awaitable[None]]


class Marker:
    """Marks rows in the transaction it is given."""

    def __init__(
        self,
        follow_up: FollowUp,
        note_unreachable: NoteUnreachable,
        note_reached: NoteReached,
        note_left: NoteLeft,
        first_wait: timedelta,
    ) -> None:
        self._follow_up = follow_up
        self._note_reached = note_reached
        self._note_left = note_left
        self._note_unreachable = note_unreachable
        self._first_wait = first_wait

    async def mark(self, work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
        """Mark rows by what became of them."""
        arrived = []
        for outcome in outcomes:
            row = outcome.row
            await _tell_besides(work, outcome)
            if outcome.is_back and outcome.address is not None:
                await self._note_reached(work, outcome.address)
            match outcome.answer:
                case Sent() | Deleted() | None:
                    arrived.append(outcome)
                    if outcome.left_of_case is not None:
                        await self._note_left(work, outcome.left_of_case)
                case Later(seconds):
                    wait = self.wait(row.attempts) if seconds is None else timedelta(seconds=seconds)
                    await _put_off(work, row, wait)
                case _:
                    await self._undelivered(work, outcome)
        if arrived:
            await _mark_arrived(work, arrived)

    def wait(self, tries: int) -> timedelta:
        """Return how long to wait after so many tries."""
        return wait_before_retry(self._first_wait, tries)

    async def _undelivered(self, work: UnitOfWork, outcome: Outcome) -> None:
        row, address = outcome.row, outcome.address
        is_gone = isinstance(outcome.answer, Unreachable)
        if is_gone and address is not None and row.kind == DeleteMessage.kind and row.attempts < DELETION_TRIES:
            # A text stays where it should not, because its reader blocked the bot.
            await _put_off(work, row, DELETION_WAIT)
            await self._note_unreachable(work, row, address)
            return
        await self._follow_up(work, outcome)
        if outcome.deletes_of_case is not None:
            await self._note_left(work, outcome.deletes_of_case)


def this_row(*rows: ClaimedRow) -> tuple[ColumnElement[bool], ...]:
    """Return what finds these rows and no others.

    A row may be called off while it is sent, and SQLite gives the number of the last row anew, but no record id.
    """
    numbers, records = [row.id for row in rows], [row.record_id for row in rows]
    return OutboxRow.id.in_(numbers), OutboxRow.record_id.in_(records)


async def mark_dead(work: UnitOfWork, row: ClaimedRow, reason: str) -> None:
    """Close a row that will never be sent."""
    log.error("a message is dead: %s (%s)", row.kind, reason)
    await close_row(work.session, row, OutboxState.DEAD, reason)


async def close_row(session: AsyncSession, row: ClaimedRow, state: OutboxState, reason: str | None = None) -> None:
    """Close a row that must be remembered: nothing of what it said stays."""
    await session.execute(
        update(OutboxRow)
        .where(*this_row(row))
        .values(
            state=state,
            args=None,
            address=None,
            day=None,
            leased_until=None,
            reason=reason[:200] if reason else None,
            # A closed row tells of a resident neither which chat or complaint it was for, nor the minute.
            recipient=row.recipient if row.recipient.kind in _NAMED else RESIDENT,
            lane="closed",
            not_before=coarse(row.not_before),
        )
    )


async def _mark_arrived(work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
    """Close rows that are done, and do what is due as their messages arrive."""
    await take_arrivals(work, outcomes)
    forgotten = [outcome.row for outcome in outcomes if outcome.row.dedupe_key is None]
    if forgotten:
        await work.session.execute(delete(OutboxRow).where(*this_row(*forgotten)))
    for outcome in outcomes:
        if outcome.row.dedupe_key is not None:
            await close_row(work.session, outcome.row, OutboxState.SENT)


async def _tell_besides(work: UnitOfWork, outcome: Outcome) -> None:
    """Queue what is urgent for the other addresses at which it is told, too, each in an order of its own."""
    if outcome.outgoing is None:
        return
    told = replace(outcome.outgoing, key=None, edit=None, delete_after_hours=None)
    for address in outcome.also:
        await say_at(work, outcome.row, address, told)


async def say_at(work: UnitOfWork, row: ClaimedRow, address: Address, outgoing: OutgoingMessage) -> None:
    """Queue what a row was to say for one address of its reader's, in an order of its own."""
    own_lane, priority = lane(work.keyring.lane_secret, address), Priority(row.priority)
    await work.outbox.again_to(
        row.recipient, own_lane, outgoing, priority=priority, not_before=work.now, address=address
    )


async def send_again(session: AsyncSession, row: ClaimedRow) -> None:
    """Let a row be sent once more, now: its recipient is to be reached elsewhere."""
    await session.execute(update(OutboxRow).where(*this_row(row)).values(leased_until=None, attempts=row.attempts + 1))


async def _put_off(work: UnitOfWork, row: ClaimedRow, wait: timedelta) -> None:
    await work.session.execute(
        update(OutboxRow)
        .where(*this_row(row))
        .values(leased_until=None, attempts=row.attempts + 1, at_once=False, not_before=work.now + wait)
    )
