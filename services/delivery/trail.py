"""What lies in a resident's chat: noted for as long as it can be deleted there, and found by the phone alone."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select

from models.address import Address
from models.base import coarse
from models.database import insert_all_or_ignore
from models.delivery import OutboxRow, OutboxState, TrailMessage
from privacy.tags import lane
from privacy.trail import Trail
from services.delivery.notices import ChatCleared
from services.outbox import OutgoingMessage, outgoing_message
from services.unit_of_work import UnitOfWork

DELETABLE_FOR = timedelta(hours=48)  # Telegram lets a bot delete nothing older


async def store_messages(work: UnitOfWork, trail: Trail, message_ids: Iterable[int]) -> None:
    """Note that messages belong to a conversation, so that it can be cleared."""
    await store_on_trails(work, [(trail, message_id) for message_id in message_ids])


async def store_on_trails(work: UnitOfWork, messages: Iterable[tuple[Trail, int]]) -> None:
    """Note which conversation each of some messages belongs to."""
    rows = []
    for trail, message_id in messages:
        record = trail.record_of(message_id)
        expires_at = coarse(work.now) + timedelta(hours=1) + DELETABLE_FOR
        masked = trail.mask(record, message_id)
        rows.append({"id": record, "trail": trail.name, "masked": masked, "expires_at": expires_at})
    await insert_all_or_ignore(work.session, TrailMessage, rows)


async def clear_chat(
    work: UnitOfWork, address: Address, trail: Trail, *, after_hours: int, language: str, draft_waits: bool
) -> None:
    """Queue the deletion of a conversation's messages on both sides, now or at the first full hour after some hours.

    What was queued before is called off. Later it is done without a word: a message that comes by itself is a trace.
    """
    await _call_off(work, address, trail)
    quietly = after_hours > 0
    notice = ChatCleared(str(trail), language, draft_waits, quietly)
    later = coarse(work.now) + timedelta(hours=after_hours + 1) if quietly else None
    await work.outbox.to_chat(address, OutgoingMessage(notice), not_before=later)


async def _call_off(work: UnitOfWork, address: Address, trail: Trail) -> None:
    own = lane(work.keyring.lane_secret, address)
    queued = select(OutboxRow).where(
        OutboxRow.lane == own, OutboxRow.kind == ChatCleared.kind, OutboxRow.state == OutboxState.QUEUED
    )
    for row in list(await work.session.scalars(queued)):
        notice = outgoing_message(work.keyring, row).content
        if isinstance(notice, ChatCleared) and notice.trail == str(trail):
            await work.session.delete(row)
    await work.session.flush()


async def messages_of(work: UnitOfWork, trail: Trail) -> list[int]:
    """Return the numbers of the messages of a conversation that may still be deleted, the oldest first."""
    rows = await work.session.scalars(select(TrailMessage).where(TrailMessage.trail == trail.name))
    return sorted(trail.unmask(row.id, row.masked) for row in rows)


async def end_trail(work: UnitOfWork, trail: Trail) -> None:
    """Forget the messages of a conversation that was cleared."""
    await work.session.execute(delete(TrailMessage).where(TrailMessage.trail == trail.name))


async def forget_trails(work: UnitOfWork) -> None:
    """Forget the messages that cannot be deleted any more."""
    await work.session.execute(delete(TrailMessage).where(TrailMessage.expires_at <= work.now))
