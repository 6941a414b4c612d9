"""Failed updates: each failure is counted; at the third the update is set aside and its sender told."""

import logging

from channels.base import Channel, ReceivedUpdate
from channels.waiting import drop_waiting
from handlers.resident.messages import Choice
from handlers.resident.rendering import button
from models.base import coarse
from models.database import insert_or_ignore
from models.delivery import FailedUpdate, ProcessedUpdate
from privacy.trail import Trail
from services.delivery.trail import store_messages
from services.outbox import say
from services.resources import Resources
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words, language_of
from texts.message import Message

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


class CannotCount(Exception):
    """That an update failed cannot be noted."""


async def count_failure(resources: Resources, channel: Channel, received: ReceivedUpdate, error: Exception) -> bool:
    """Count a failure; at the third set the update aside, tell its sender, and return True.

    What makes an update fail may make telling its sender fail, too: then it is set aside without a word. Raises
    CannotCount when not even that can be done, however often it is tried.
    """
    log.warning("update failed: %s", type(error).__name__, exc_info=error)
    for tells_sender in (True, False):
        try:
            return await _counted(resources, channel, received, error, tells_sender=tells_sender)
        except Exception as counting_error:
            log.error("a failure could not be counted: %s", type(counting_error).__name__, exc_info=counting_error)
            if channel.is_transient(counting_error):
                return False  # it comes again
    raise CannotCount


async def _counted(
    resources: Resources, channel: Channel, received: ReceivedUpdate, error: Exception, *, tells_sender: bool
) -> bool:
    now, reason = coarse(resources.now()), type(error).__name__
    async with resources.database.transaction() as session:
        failed = await session.get(FailedUpdate, (channel.name, received.id))
        if failed is None:
            failed = FailedUpdate(
                channel=channel.name,
                update_id=received.id,
                attempts=0,
                first_failed_at=now,
                reason=reason,
                sealed=resources.keyring.outbox.seal(f"update:{received.id}", str(received.origin.chat).encode()),
            )
            session.add(failed)
        if failed.set_aside_at is not None:  # delivered once more, and its sender knows
            return True
        failed.attempts += 1
        failed.reason = reason
        if failed.attempts < MAX_ATTEMPTS:
            return False
        failed.set_aside_at = now
        await drop_waiting(session, channel.name, received.id)
        await insert_or_ignore(session, ProcessedUpdate, channel=channel.name, update_id=received.id, done_on=now)
        if tells_sender:
            await _tell_sender(resources.work(session), channel, received)
    log.error("update set aside after %d tries; `doctor` lists it", MAX_ATTEMPTS)
    return True


async def _tell_sender(work: UnitOfWork, channel: Channel, received: ReceivedUpdate) -> None:
    """Tell a sender that their update failed; the messages of it can be cleared like all others."""
    origin = received.origin
    if origin.chat is None or not origin.is_private:
        return
    capabilities, trail = channel.transport.capabilities, Trail.fresh()
    words = Words(language_of(origin.language_code), capabilities.lacking)
    if origin.message_id is not None:
        await store_messages(work, trail, [origin.message_id])
    rows = ((button(words, Choice("clear", "clear", str(trail))),),) if capabilities.deletion else ()
    await work.outbox.to_chat(origin.chat, say(Message(words("common.set_aside"), rows), trail=trail))
