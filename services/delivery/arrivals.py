"""What is due as a message arrives: its place is remembered, its deletion queued, and it is noted on its trail.

Besides it is noted what came to somebody on the staff of which it is kept whether they have opened it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from models.address import Address
from models.base import coarse
from models.complaints import Case
from models.database import insert_or_ignore
from models.delivery import SentMessage
from models.message_key import MessageKey, Shows
from privacy.trail import Trail
from services.delivery.delivery import Outcome
from services.delivery.notices import ChatCleared
from services.delivery.opened import note_arrival
from services.delivery.queue import ClaimedRow
from services.delivery.recall import forget_card_at, lock_for_arrivals, may_remain
from services.delivery.trail import DELETABLE_FOR, end_trail, store_on_trails
from services.delivery.transport import Sent
from services.notice import CardNotice, CaseNotice, Notice
from services.outbox import DeleteMessage, OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork

_OF_CASE = (Shows.CARD, Shows.DISMISSAL, Shows.EXTENSION)
_SHORT_LIVED = (Shows.QUESTION, Shows.NEWS, Shows.TRANSFER)  # nobody says anything in their place after two days


@dataclass(frozen=True)
class _Arrival:
    """A message that arrived."""

    row: ClaimedRow
    outgoing: OutgoingMessage
    address: Address
    message_id: int
    by_link: bool


async def take_arrivals(work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
    """Remember what must be known of the messages that arrived, and end the trails of the chats that were cleared."""
    arrivals = [arrival for outcome in outcomes if (arrival := _arrival(outcome)) is not None]
    kept = [one for one in arrivals if one.outgoing.key or one.outgoing.delete_after_hours]
    held = await lock_for_arrivals(work, [(one.row.recipient, one.outgoing.content) for one in kept])
    standing = await _standing(work, [one.outgoing.key for one in kept if one.outgoing.key is not None])
    for arrival in kept:
        await _keep_place(work, arrival, standing.get(arrival.outgoing.key) if arrival.outgoing.key else None)
    del held  # the session forgets what nobody holds, and would read it again
    noted = [
        (one.outgoing.trail, one.message_id, one.outgoing.draft_shown)
        for one in arrivals
        if one.outgoing.trail is not None
    ]
    await store_on_trails(work, noted)
    for arrival in arrivals:
        notice = arrival.outgoing.content
        if isinstance(notice, Notice) and not notice.is_said_everywhere:
            await note_arrival(work, arrival.row, notice, by_link=arrival.by_link)
    for outcome in outcomes:
        content = outcome.outgoing.content if outcome.outgoing else None
        if isinstance(content, ChatCleared) and (cleared := Trail.read(content.trail)):
            await end_trail(work, cleared)


def _arrival(outcome: Outcome) -> _Arrival | None:
    if outcome.outgoing is None or outcome.address is None or not isinstance(outcome.answer, Sent):
        return None
    return _Arrival(outcome.row, outcome.outgoing, outcome.address, outcome.answer.message_id, outcome.by_link)


async def _standing(work: UnitOfWork, keys: Sequence[MessageKey]) -> dict[MessageKey, SentMessage]:
    """Return what stands by now under some keys; of each no more than one message is on its way."""
    query = select(SentMessage).where(SentMessage.message_key.in_(keys))
    return {one.message_key: one for one in await work.session.scalars(query)} if keys else {}


async def _keep_place(work: UnitOfWork, arrival: _Arrival, standing: SentMessage | None) -> None:
    """Remember where a message stands, and queue its deletion: at once if it should not have come there any more.

    `standing` is what was said last under its key.
    """
    row, outgoing, address = arrival.row, arrival.outgoing, arrival.address
    # What hung there before was dealt with by whoever decided that it may not; what is new they could not see.
    is_new = standing is None
    if standing is not None and standing.address == address and standing.message_id != arrival.message_id:
        # It could not be changed where it stood: what it says there is not true any more.
        await _delete(work, arrival, standing.message_id, None, after_hours=0)
    too_late = is_new and not await may_remain(work, row.recipient, address, outgoing.content)
    if outgoing.key and not too_late:
        await _remember(work, outgoing.key, address, arrival.message_id, standing)
        if is_new and isinstance(outgoing.content, CardNotice) and await _is_outdated(work, outgoing.content):
            # Whoever changed the case while its card was on the way could not know that it hangs here.
            await work.outbox.again_to(
                row.recipient,
                row.lane,
                replace(outgoing, content=replace(outgoing.content, case_version=None)),
                priority=Priority(row.priority),
                not_before=work.now,
                address=address,
            )
    hours = 0 if too_late else outgoing.delete_after_hours
    if hours is not None:
        content = outgoing.content
        shows = content.case_id if isinstance(content, CaseNotice) and content.holds_words else None
        await _delete(work, arrival, arrival.message_id, shows, after_hours=hours)


async def _delete(work: UnitOfWork, arrival: _Arrival, message_id: int, shows: str | None, *, after_hours: int) -> None:
    """Queue the deletion of a message from the chat in which another has arrived; `shows`: of which case words."""
    await work.outbox.again_to(
        arrival.row.recipient,
        arrival.row.lane,
        OutgoingMessage(DeleteMessage(message_id, shows)),
        not_before=work.now + timedelta(hours=after_hours),
        address=arrival.address,
    )


async def _is_outdated(work: UnitOfWork, card: CardNotice) -> bool:
    """Whether a case has changed since its card was queued."""
    if card.case_version is None:
        return False
    case = await work.session.get(Case, card.case_id)
    return case is not None and case.version != card.case_version


async def _remember(
    work: UnitOfWork, key: MessageKey, address: Address, message_id: int, standing: SentMessage | None
) -> None:
    session = work.session
    at: dict[str, Any] = {"address": address, "message_id": message_id}
    if key.shows in _SHORT_LIVED:
        at["forget_at"] = coarse(work.now) + DELETABLE_FOR
    case = await session.get(Case, key.subject) if key.shows in _OF_CASE else None
    if case is not None:
        at |= {"case_id": case.id, "forget_at": forget_card_at(case)}
    if standing is not None and all(getattr(standing, name) == value for name, value in at.items()):
        return  # as with most cards: it was changed where it stands
    if not await insert_or_ignore(session, SentMessage, message_key=key, **at):
        await session.execute(update(SentMessage).where(SentMessage.message_key == key).values(**at))
