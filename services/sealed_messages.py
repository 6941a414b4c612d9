"""A message of the dialogue between a reporter and a team, as it is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from media.kinds import Cleaned
from models.complaints import ComplaintMessage, MessageKind
from models.desk import DeskKind
from privacy.keyring import KeyDestroyed, SealingKey
from services.attachments import ensure_stored_by_itself
from services.packing import pack, unpack
from services.unit_of_work import UnitOfWork

_RESTRICTION = "restriction"


@dataclass(frozen=True)
class Restriction:
    """That a message keeps its case from those who have it: for whose eyes it is, and whom it is about."""

    desk: DeskKind  # the team leader's or the office director's
    concerns_head: bool = False
    concerns_team: bool = False

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Restriction | None":
        """Return the restriction that stands in the content of a message, if any does."""
        return unpack(cls, content[_RESTRICTION]) if _RESTRICTION in content else None


async def seal_message(
    work: UnitOfWork,
    sealing: SealingKey,
    message_id: str,
    text: str,
    attachment: Cleaned | None,
    restriction: Restriction | None = None,
) -> bytes:
    """Return what a reporter says in a message, sealed to a key; its file is stored, sealed to a key of its own."""
    file_key = None if attachment is None else await ensure_stored_by_itself(work, message_id, attachment)
    return seal_text(sealing, message_id, text, file_key, restriction)


def seal_text(
    sealing: SealingKey,
    message_id: str,
    text: str,
    file_key: str | None = None,
    restriction: Restriction | None = None,
) -> bytes:
    """Return what a reporter says in a message, sealed to a key, with what opens its file."""
    with_key = {"file_key": file_key} if file_key else {}
    restricted = {_RESTRICTION: pack(restriction)} if restriction else {}
    return sealing.seal_json(message_id, {"text": text} | with_key | restricted)


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
