"""A message of the dialogue between a reporter and a team, as it is sealed."""

from typing import Any

from media.kinds import Cleaned
from models.complaints import ComplaintMessage, MessageKind
from privacy.keyring import KeyDestroyed, SealingKey
from services.attachments import ensure_stored_by_itself
from services.unit_of_work import UnitOfWork


async def seal_message(
    work: UnitOfWork, sealing: SealingKey, message_id: str, text: str, attachment: Cleaned | None
) -> bytes:
    """Return what a reporter says in a message, sealed to a key; its file is stored, sealed to a key of its own."""
    file_key = None if attachment is None else await ensure_stored_by_itself(work, message_id, attachment)
    return seal_text(sealing, message_id, text, file_key)


def seal_text(sealing: SealingKey, message_id: str, text: str, file_key: str | None = None) -> bytes:
    """Return what a reporter says in a message, sealed to a key, with what opens its file."""
    return sealing.seal_json(message_id, {"text": text} | ({"file_key": file_key} if file_key else {}))


def opened(work: UnitOfWork, round_id: str, message: ComplaintMessage) -> dict[str, Any] | None:
    """Return what a message says; None when the key of its complaint was destroyed, as in an old copy of the rows."""
    try:
        key = work.keyring.complaint_key(round_id, message.complaint_id)
    except KeyDestroyed:
        return None
    content: dict[str, Any] = key.open_json(message.id, message.sealed)
    return content


def kind_of(attachment: Cleaned | None) -> MessageKind:
    """Return what a message is, by its file."""
    return MessageKind.TEXT if attachment is None else MessageKind(attachment.kind)
