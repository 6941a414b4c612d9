"""A message of the dialogue between a reporter and a team, as it is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from media.kinds import Cleaned
from models.complaints import MessageKind
from models.desk import DeskKind
from privacy.keyring import RoundKeys
from services.attachments import ensure_stored
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
    keys: RoundKeys,
    message_id: str,
    text: str,
    attachment: Cleaned | None,
    restriction: Restriction | None = None,
) -> bytes:
    """Return the sealed form of a message of the dialogue; its file, sealed too, is stored in the attachment store."""
    if attachment is not None:
        await ensure_stored(work, message_id, attachment, keys.sealing.public)
    restricted = {_RESTRICTION: pack(restriction)} if restriction else {}
    return keys.sealing.seal_json(message_id, {"text": text} | restricted)


def kind_of(attachment: Cleaned | None) -> MessageKind:
    """Return what a message is, by its file."""
    return MessageKind.TEXT if attachment is None else MessageKind(attachment.kind)
