"""Rows are marked by what became of them: closed, put off, sent elsewhere, or handed to whoever is told of it."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.base import coarse
from models.complaints import Case
from models.database import insert_or_ignore
from models.delivery import OutboxRow, OutboxState, SentMessage
from models.message_key import MessageKey, Shows
from models.recipient import RESIDENT, RecipientKind
from models.rounds import Team
from privacy.trail import Trail
from services.delivery.delivery import Outcome
from services.delivery.notices import ClearChat
from services.delivery.queue import ClaimedRow
from services.delivery.recall import forget_card_at, lock_for_arrivals, may_remain
from services.delivery.retry import DELETION_TRIES, DELETION_WAIT, wait_before_retry
from services.delivery.trail import end_trails, store_on_trails
from services.delivery.transport import Deleted, Later, Moved, Refused, Sent, Unreachable
from services.notice import CaseNotice
from services.outbox import DeleteMessage, OutgoingMessage, PreviewPlace, Priority, SayPreview
from services.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_NAMED = (RecipientKind.STAFF, RecipientKind.BOARD)  # closed rows may tell of these

# Closes the row of somebody who cannot be reached at an address, and tells those who are to know of it.
GiveUp: TypeAlias = Callable[[UnitOfWork, ClaimedRow, Address, str], Awaitable[None]]
# Tells those who are to know that somebody cannot be reached; the row itself is tried again.
NoteUnreachable: TypeAlias = Callable[[UnitOfWork, ClaimedRow, Address], Awaitable[None]]
# Notes that something of a case stays on a phone, where it cannot be deleted.
NoteLeft: TypeAlias = Callable[[UnitOfWork, str], Awaitable[None]]


class Marker:
    """Marks rows in the transaction it is given."""

    def __init__(
        self, give_up: GiveUp, note_unreachable: NoteUnreachable, note_left: NoteLeft, first_wait: timedelta
    ) -> None:
        self._give_up = give_up
        self._note_left = note_left
        self._note_unreachable = note_unreachable
        self._first_wait = first_wait

    async def mark(self, work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
        """Mark rows by what became of them."""
        arrived = []
        for outcome in outcomes:
            row = outcome.row
            match outcome.answer:
                case Sent() | Deleted() | None:
                    arrived.append(outcome)
                case Later(seconds):
                    wait = self.wait(row.attempts) if seconds is None else timedelta(seconds=seconds)
                    await _put_off(work, row, wait)
                case Moved(address):
                    await _follow(work, row, address)
                case Unreachable(reason):
                    await self._unreachable(work, outcome, reason)
                case Refused(reason):
                    await mark_dead(work, row, reason)
            if outcome.left_of_case is not None:
                await self._note_left(work, outcome.left_of_case)
        if arrived:
            await _mark_arrived(work, arrived)

    def wait(self, tries: int) -> timedelta:
        """Return how long to wait after so many tries."""
        return wait_before_retry(self._first_wait, tries)

    async def _unreachable(self, work: UnitOfWork, outcome: Outcome, reason: str) -> None:
        row, address = outcome.row, outcome.address
        if address is None:
            await mark_dead(work, row, reason)
        elif row.kind == DeleteMessage.kind and row.attempts < DELETION_TRIES:
            # A text stays where it should not, because its reader blocked the bot.
            await _put_off(work, row, DELETION_WAIT)
            await self._note_unreachable(work, row, address)
        else:
            await self._give_up(work, row, address, reason)
            content = outcome.outgoing.content if outcome.outgoing else None
            if isinstance(content, DeleteMessage) and content.case_id is not None:
                await self._note_left(work, content.case_id)


def _is(*rows: ClaimedRow) -> tuple[ColumnElement[bool], ...]:
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
        .where(*_is(row))
        .values(
            state=state,
            args=None,
            address=None,
            leased_until=None,
            reason=reason[:200] if reason else None,
            # A closed row tells of a resident neither which chat or complaint it was for, nor the minute.
            recipient=row.recipient if row.recipient.kind in _NAMED else RESIDENT,
            lane="closed",
            not_before=coarse(row.not_before),
        )
    )


async def _mark_arrived(work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
    """Close rows that are done, and note what must be known of the messages that arrived."""
    arrivals = [arrival for outcome in outcomes if (arrival := _arrival(outcome)) is not None]
    kept = [one for one in arrivals if one.outgoing.key or one.outgoing.delete_after_hours]
    held = await lock_for_arrivals(work, [(one.row.recipient, one.outgoing.content) for one in kept])
    for arrival in kept:
        await _keep_place(work, arrival)
    del held  # the session forgets what nobody holds, and would read it again
    await end_trails(work, [trail for outcome in outcomes for trail in _ended_by(outcome)])
    await store_on_trails(work, [noted for one in arrivals for noted in _noted(one)])
    forgotten = [outcome.row for outcome in outcomes if outcome.row.dedupe_key is None]
    if forgotten:
        await work.session.execute(delete(OutboxRow).where(*_is(*forgotten)))
    for outcome in outcomes:
        if outcome.row.dedupe_key is not None:
            await close_row(work.session, outcome.row, OutboxState.SENT)


@dataclass(frozen=True)
class _Arrival:
    """A message that arrived."""

    row: ClaimedRow
    outgoing: OutgoingMessage
    address: Address
    message_id: int


def _ended_by(outcome: Outcome) -> Iterator[Trail]:
    """Yield the trails of which every message that could be deleted is."""
    outgoing = outcome.outgoing
    if outgoing is None:
        return
    if isinstance(outgoing.content, ClearChat) and (cleared := Trail.read(outgoing.content.trail)):
        yield from (cleared, cleared.of_preview)
    if isinstance(outgoing.content, SayPreview) and outgoing.content.place is PreviewPlace.AT_END and outgoing.trail:
        yield outgoing.trail.of_preview


def _noted(arrival: _Arrival) -> Iterator[tuple[Trail, int]]:
    """Yield the trails on which a message that arrived is noted."""
    if (trail := arrival.outgoing.trail) is not None:
        yield trail, arrival.message_id
        if isinstance(arrival.outgoing.content, SayPreview):
            yield trail.of_preview, arrival.message_id


def _arrival(outcome: Outcome) -> _Arrival | None:
    if outcome.outgoing is None or outcome.address is None or not isinstance(outcome.answer, Sent):
        return None
    return _Arrival(outcome.row, outcome.outgoing, outcome.address, outcome.answer.message_id)


async def _keep_place(work: UnitOfWork, arrival: _Arrival) -> None:
    """Remember where a message stands, and owe its deletion: at once if it should not have come there any more."""
    row, outgoing, address = arrival.row, arrival.outgoing, arrival.address
    # What hung there before was dealt with by whoever decided that it may not; what is new they could not see.
    is_new = outgoing.key is None or await work.session.get(SentMessage, str(outgoing.key)) is None
    too_late = is_new and not await may_remain(work, row.recipient, address, outgoing.content)
    if outgoing.key and not too_late:
        await _remember(work.session, outgoing.key, address, arrival.message_id)
        if is_new and await _is_outdated(work, outgoing):
            # Whoever changed the case while its card was on the way could not know that it hangs here.
            await work.outbox.again_to(
                row.recipient,
                row.lane,
                replace(outgoing, case_version=None),
                priority=Priority(row.priority),
                not_before=work.now,
                address=address,
            )
    hours = 0 if too_late else outgoing.delete_after_hours
    if hours is not None:
        content = outgoing.content
        shows = content.case_id if isinstance(content, CaseNotice) and content.shown_messages else None
        await work.outbox.again_to(
            row.recipient,
            row.lane,
            OutgoingMessage(DeleteMessage(arrival.message_id, shows)),
            not_before=work.now + timedelta(hours=hours),
            address=address,
        )


async def _is_outdated(work: UnitOfWork, outgoing: OutgoingMessage) -> bool:
    """Whether the case of a card has changed since the card was owed."""
    if outgoing.key is None or outgoing.case_version is None:
        return False
    case = await work.session.get(Case, outgoing.key.subject)
    return case is not None and case.version != outgoing.case_version


async def _remember(session: AsyncSession, key: MessageKey, address: Address, message_id: int) -> None:
    at: dict[str, Any] = {"address": address, "message_id": message_id}
    case = await session.get(Case, key.subject) if key.shows == Shows.CARD else None
    if case is not None:
        at |= {"case_id": case.id, "forget_at": forget_card_at(case)}
    if not await insert_or_ignore(session, SentMessage, handle=str(key), **at):
        await session.execute(update(SentMessage).where(SentMessage.handle == str(key)).values(**at))


async def send_again(session: AsyncSession, row: ClaimedRow) -> None:
    """Let a row be sent once more, now: its recipient is to be reached elsewhere."""
    await session.execute(update(OutboxRow).where(*_is(row)).values(leased_until=None, attempts=row.attempts + 1))


async def _put_off(work: UnitOfWork, row: ClaimedRow, wait: timedelta) -> None:
    await work.session.execute(
        update(OutboxRow)
        .where(*_is(row))
        .values(leased_until=None, attempts=row.attempts + 1, not_before=work.now + wait)
    )


async def _follow(work: UnitOfWork, row: ClaimedRow, address: Address) -> None:
    """Remember where a team's board is now, and send the row again, there."""
    if row.recipient.team_id is None:
        await mark_dead(work, row, "group chat was upgraded to a supergroup chat")
        return
    await work.session.execute(update(Team).where(Team.id == row.recipient.team_id).values(board_address=address))
    await send_again(work.session, row)
