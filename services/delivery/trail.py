"""What lies in a resident's chat: noted for as long as it can be deleted there, and found by the phone alone."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, bindparam, delete, false, or_, select

from models.address import Address
from models.base import coarse, table_of
from models.database import execute, insert_all_or_ignore
from models.delivery import OutboxRow, OutboxState, TrailMessage
from privacy.tags import lane
from privacy.trail import Trail
from services.delivery.notices import ChatCleared
from services.outbox import DeletePreview, OutgoingMessage, PreviewPlace, SayPreview, lanes_of, outgoing_message
from services.unit_of_work import UnitOfWork
from texts.message import Message

DELETABLE_FOR = timedelta(hours=48)  # Telegram lets a bot delete nothing older


async def store_messages(work: UnitOfWork, trail: Trail, message_ids: Iterable[int]) -> None:
    """Note that messages belong to a conversation, so that it can be cleared."""
    await store_on_trails(work, [(trail, message_id, "") for message_id in message_ids])


async def store_on_trails(work: UnitOfWork, messages: Iterable[tuple[Trail, int, str]]) -> None:
    """Note which conversation each of some messages belongs to, and which draft's preview it is, if any."""
    rows = []
    for trail, message_id, draft_id in messages:
        record = trail.record_of(message_id, draft_id)
        expires_at = coarse(work.now) + timedelta(hours=1) + DELETABLE_FOR
        masked = trail.mask(record, message_id)
        rows.append({"id": record, "trail": trail.name, "masked": masked, "expires_at": expires_at})
    await insert_all_or_ignore(work.session, TrailMessage, rows)


async def clear_chat(
    work: UnitOfWork, address: Address, trail: Trail, *, after_hours: int, language: str, draft_waits: bool
) -> None:
    """Queue the deletion of a conversation's messages on both sides, now or at the first full hour after some hours.

    What was queued before is called off, and with a chat that is cleared now all that was still to come to it. Later it
    is done without a word: a message that comes by itself is a trace.
    """
    quietly = after_hours > 0
    await _call_off(work, address, trail, with_what_comes=not quietly)
    notice = ChatCleared(str(trail), language, draft_waits, quietly)
    later = coarse(work.now) + timedelta(hours=after_hours + 1) if quietly else None
    await work.outbox.to_chat(address, OutgoingMessage(notice), not_before=later)


async def _call_off(work: UnitOfWork, address: Address, trail: Trail, *, with_what_comes: bool) -> None:
    own = lanes_of(work.keyring, address)
    waits = and_(OutboxRow.at_once == false(), OutboxRow.not_before > work.now)
    later = or_(OutboxRow.kind == ChatCleared.kind, waits)
    queued = select(OutboxRow).where(OutboxRow.lane.in_(own), OutboxRow.state == OutboxState.QUEUED, later)
    for row in list(await work.session.scalars(queued)):
        waiting = outgoing_message(work.keyring, row)
        clears = isinstance(waiting.content, ChatCleared) and waiting.content.trail == str(trail)
        if clears or (with_what_comes and waiting.trail == trail):
            await work.session.delete(row)
    await work.session.flush()


async def messages_of(work: UnitOfWork, trail: Trail) -> list[int]:
    """Return the numbers of the messages of a conversation that may still be deleted, the oldest first."""
    return sorted({number for number, _ in await _noted_on(work, trail)})


async def previews_of(work: UnitOfWork, trail: Trail, draft_id: str) -> list[int]:
    """Return the numbers of the messages of a conversation in which the preview of a draft stands, or stood."""
    return [number for number, record in await _noted_on(work, trail) if record == trail.record_of(number, draft_id)]


async def _noted_on(work: UnitOfWork, trail: Trail) -> list[tuple[int, str]]:
    """Return the number of each message of a conversation with the name of its record, the oldest first."""
    rows = await work.session.scalars(select(TrailMessage).where(TrailMessage.trail == trail.name))
    return sorted((trail.unmask(row.id, row.masked), row.id) for row in rows)


async def end_trail(work: UnitOfWork, trail: Trail) -> None:
    """Forget the messages of a conversation that was cleared."""
    await work.session.execute(delete(TrailMessage).where(TrailMessage.trail == trail.name))


_WAITING_PREVIEWS = (
    delete(table_of(OutboxRow))
    .where(
        table_of(OutboxRow).c.lane == bindparam("own_lane"),
        table_of(OutboxRow).c.kind == SayPreview.kind,
        table_of(OutboxRow).c.state == OutboxState.QUEUED,
        table_of(OutboxRow).c.leased_until.is_(None),
    )
    .returning(table_of(OutboxRow).c.record_id, table_of(OutboxRow).c.args, table_of(OutboxRow).c.day)
)


async def queue_preview(
    work: UnitOfWork, address: Address, message: Message, place: PreviewPlace, draft_id: str, trail: Trail
) -> None:
    """Queue the preview of a draft. One that still waits to be sent is called off, and this one comes to its place."""
    if place is not PreviewPlace.FIRST:
        for waiting in await _called_off(work, address):
            if place is PreviewPlace.IN_PLACE:
                place = waiting.place
    content = SayPreview(message.text, message.buttons, message.protect, place, draft_id)
    await work.outbox.to_chat(address, OutgoingMessage(content, trail=trail))


async def take_back_preview(
    work: UnitOfWork, address: Address, draft_id: str, trail: Trail, *, but: int | None = None
) -> None:
    """Queue the deletion of the preview of a draft that is gone, unless it stands in the message given."""
    await _called_off(work, address)
    await work.outbox.to_chat(address, OutgoingMessage(DeletePreview(draft_id, but), trail=trail))


async def _called_off(work: UnitOfWork, address: Address) -> list[SayPreview]:
    """Take the previews that wait to be sent to a chat out of the outbox, and return them."""
    own = lane(work.keyring.lane_secret, address)
    rows = await execute(work.session, _WAITING_PREVIEWS, {"own_lane": own})
    contents = [outgoing_message(work.keyring, row).content for row in rows]
    return [content for content in contents if isinstance(content, SayPreview)]


async def forget_trails(work: UnitOfWork) -> None:
    """Forget the messages that cannot be deleted any more."""
    await work.session.execute(delete(TrailMessage).where(TrailMessage.expires_at <= work.now))
