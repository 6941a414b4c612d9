"""Files lie in the store before the transaction that comes to know them: none waits for a disk or a bucket.

What no row comes to know after all is swept away (services.retention.housekeeping).
"""

import asyncio
from dataclasses import dataclass

from media.kinds import Cleaned
from models.base import random_id
from privacy.keyring import Keyring
from privacy.seal import seal_to
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentStore


@dataclass(frozen=True)
class StoredAttachment(Cleaned):
    """A file that lies in the store already, sealed to a round."""

    file_id: str
    round_id: str


async def store(keyring: Keyring, store: AttachmentStore, round_id: str, file: Cleaned) -> StoredAttachment:
    """Seal a file to a round and store it, under an id that no row has yet."""
    file_id = random_id()
    await _store(store, file_id, file, keyring.round(round_id).sealing.public)
    return StoredAttachment(file.kind, file.data, file_id, round_id, is_whole=file.is_whole)


def id_for(file: Cleaned | None, round_id: str) -> str:
    """Return the id for what comes with a file: the one it lies under, if it is sealed to this round."""
    return file.file_id if isinstance(file, StoredAttachment) and file.round_id == round_id else random_id()


async def ensure_stored(work: UnitOfWork, file_id: str, file: Cleaned, public_key: str) -> None:
    """Store a file under an id, unless it lies there: it was taken for another round's, or for nobody's."""
    if not isinstance(file, StoredAttachment) or file.file_id != file_id:
        await _store(work.attachment_store, file_id, file, public_key)


async def _store(store: AttachmentStore, file_id: str, file: Cleaned, public_key: str) -> None:
    sealed = await asyncio.to_thread(seal_to, public_key, file_id, file.data)
    await asyncio.to_thread(store.put, file_id, sealed)
