"""Failed updates: each failure is counted; at the third the update is set aside and its sender told."""

import logging
from collections.abc import Mapping
from typing import Any

from channels.telegram.address import is_private
from handlers.resident.messages import Choice
from handlers.resident.rendering import button
from models.address import Address
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

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
MAX_ATTEMPTS = 3


async def count_failure(
    resources: Resources, raw: Mapping[str, Any], update_id: int, address: Address | None, error: Exception
) -> bool:
    """Count a failure; at the third set the update aside, tell its sender, and return True."""
    log.warning("update failed: %s", type(error).__name__, exc_info=error)
    try:
        return await _counted(resources, raw, update_id, address, error)
    except Exception as counting_error:  # what cannot be counted comes again
        log.error("a failure could not be counted: %s", type(counting_error).__name__, exc_info=counting_error)
        return False


async def _counted(
    resources: Resources, raw: Mapping[str, Any], update_id: int, address: Address | None, error: Exception
) -> bool:
    now = coarse(resources.now())
    async with resources.database.transaction() as session:
        failed = await session.get(FailedUpdate, update_id)
        if failed is None:
            failed = FailedUpdate(
                update_id=update_id,
                attempts=0,
                first_failed_at=now,
                reason=type(error).__name__,
                sealed=resources.keyring.outbox.seal(f"update:{update_id}", str(address).encode()),
            )
            session.add(failed)
        failed.attempts += 1
        failed.reason = type(error).__name__
        if failed.attempts < MAX_ATTEMPTS:
            return False
        failed.set_aside_at = now
        await insert_or_ignore(session, ProcessedUpdate, update_id=update_id, done_on=now)
        if address is not None and is_private(address):
            await _tell_sender(resources.work(session), address, raw)
    log.error("update set aside after %d tries; `doctor` lists it", MAX_ATTEMPTS)
    return True


async def _tell_sender(work: UnitOfWork, address: Address, raw: Mapping[str, Any]) -> None:
    """Tell a sender that their update failed; the messages of it can be cleared like all others."""
    words, trail = Words(language_of(_language_of(raw))), Trail.fresh()
    message = raw.get("message") or raw.get("edited_message")
    if isinstance(message, dict) and isinstance(message.get("message_id"), int):
        await store_messages(work, trail, [message["message_id"]])
    rows = ((button(words, Choice("clear", "clear", str(trail))),),)
    await work.outbox.to_chat(address, say(Message(words("common.set_aside"), rows), trail=trail))


def _language_of(raw: Mapping[str, Any]) -> str | None:
    for kind in KINDS:
        part = raw.get(kind)
        if isinstance(part, dict) and isinstance(part.get("from"), dict):
            code = part["from"].get("language_code")
            return code if isinstance(code, str) else None
    return None
