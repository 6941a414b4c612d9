"""A message of the dialogue between a reporter and a team, as it is sealed."""

from media.kinds import Cleaned
from models.complaints import MessageKind
from privacy.keyring import RoundKeys, SealingKey
from services.attachments import ensure_stored
from services.unit_of_work import UnitOfWork


async def seal_message(
    work: UnitOfWork, keys: RoundKeys, message_id: str, text: str, attachment: Cleaned | None
) -> bytes:
    """Return the sealed form of a message of the dialogue; its file, sealed too, is stored in the attachment store."""
    if attachment is not None:
        await ensure_stored(work, message_id, attachment, keys.sealing.public)
    return seal_text(keys.sealing, message_id, text)


def seal_text(sealing: SealingKey, message_id: str, text: str) -> bytes:
    """Return the sealed form of what a reporter says in a message."""
    return sealing.seal_json(message_id, {"text": text})


def kind_of(attachment: Cleaned | None) -> MessageKind:
    """Return what a message is, by its file."""
    return MessageKind.TEXT if attachment is None else MessageKind(attachment.kind)
