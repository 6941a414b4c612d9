"""Files lie in the store before the transaction that comes to know them: none waits for a disk or a bucket.

What no row comes to know after all is swept away (services.retention.housekeeping).
"""

import asyncio
import hashlib
from dataclasses import dataclass, field

from media.kinds import Cleaned
from models.base import random_id
from privacy.keyring import Keyring
from privacy.seal import SealingKey, seal_to
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentGone, AttachmentStore


@dataclass(frozen=True)
class StoredAttachment(Cleaned):
    """A file that lies in the store already, sealed to a round, or to the key that is given: its own."""

    file_id: str
    round_id: str
    key: str | None = field(default=None, repr=False)


async def store(
    keyring: Keyring, store: AttachmentStore, round_id: str, file: Cleaned, *, own_key: bool = False
) -> StoredAttachment:
    """Seal a file to a round, or to a key of its own, and store it, under an id that no row has yet."""
    file_id, key = random_id(), SealingKey.generate() if own_key else None
    await _store(store, file_id, file, (key or keyring.round(round_id).sealing).public)
    identity = None if key is None else str(key.identity)
    return StoredAttachment(file.kind, file.data, file_id, round_id, identity, is_whole=file.is_whole)


def id_for(file: Cleaned | None, round_id: str) -> str:
    """Return the id for what comes with a file: the one it lies under, if it is sealed to this round."""
    return file.file_id if isinstance(file, StoredAttachment) and file.round_id == round_id else random_id()


async def ensure_stored(work: UnitOfWork, file_id: str, file: Cleaned, public_key: str) -> None:
    """Store a file under an id, unless it lies there: it was taken for another round's, or for nobody's."""
    if not isinstance(file, StoredAttachment) or file.file_id != file_id:
        await _store(work.attachment_store, file_id, file, public_key)


async def ensure_stored_by_itself(work: UnitOfWork, file_id: str, file: Cleaned) -> str | None:
    """Store a file under an id, sealed to a key of its own, unless it lies there; return the key that opens it.

    None: it lies there sealed to its round.
    """
    if isinstance(file, StoredAttachment) and file.file_id == file_id:
        return file.key
    key = SealingKey.generate()
    await _store(work.attachment_store, file_id, file, key.public)
    return str(key.identity)


async def open_stored(work: UnitOfWork, file_id: str, round_id: str, key: str | None = None) -> bytes:
    """Return what a file holds that lies sealed to a round, or to a key of its own. Raises AttachmentGone."""
    sealing = SealingKey.from_identity(key) if key else work.keyring.round(round_id).sealing
    sealed = await asyncio.to_thread(work.attachment_store.get, file_id)
    return await asyncio.to_thread(sealing.open, file_id, sealed)


async def open_unchanged(work: UnitOfWork, file_id: str, round_id: str, digest: str | None) -> bytes:
    """Return what a file holds that lies sealed to a round.

    Raises AttachmentGone, also when it is not what was stored: `digest` is the SHA-256 of that, where it is known.
    """
    data = await open_stored(work, file_id, round_id)
    if digest is not None and hashlib.sha256(data).hexdigest() != digest:
        raise AttachmentGone
    return data


async def _store(store: AttachmentStore, file_id: str, file: Cleaned, public_key: str) -> None:
    sealed = await asyncio.to_thread(seal_to, public_key, file_id, file.data)
    await asyncio.to_thread(store.put, file_id, sealed)
