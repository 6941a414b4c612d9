"""A sheet of secrets, one of which each complaint of a round has a share in: it can be destroyed by itself.

A file of fixed size, made with the round and never grown, so that a copy that was made at once holds all that is ever
needed. Which secret is a complaint's follows from its id. A secret is destroyed in two steps: closed, so that no new
complaint takes it, and overwritten once no complaint needs it any more.
"""

import os
import secrets
from pathlib import Path

from storage.disk import write_whole

SECRETS = 1 << 16
_BYTES = 16
_GONE = bytes(_BYTES)
_CLOSED = b"\1"
_DIGITS = 4  # of an id in hex: as many as there are secrets


class KeySheet:
    """The sheet of one round. Nothing of it is kept in memory: another process may have destroyed a part."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def create(cls, path: Path) -> "KeySheet":
        """Make a new sheet; raise FileExistsError when there is one."""
        write_whole(path, secrets.token_bytes(SECRETS * _BYTES) + bytes(SECRETS), replace=False)
        return cls(path)

    @property
    def exists(self) -> bool:
        """Whether this round has a sheet; those of earlier versions have none."""
        return self._path.exists()

    def secret_of(self, record_id: str) -> bytes | None:
        """Return the secret that a record has a share in; None once it is destroyed."""
        found = self._read(slot_of(record_id) * _BYTES, _BYTES)
        return None if found == _GONE else found

    def is_closed(self, record_id: str) -> bool:
        """Whether no new record may take the secret of this one."""
        return self._read(_flag_at(record_id), 1) == _CLOSED

    def close(self, record_id: str) -> None:
        """Let no new record take the secret of this one."""
        self._write(_flag_at(record_id), _CLOSED)

    def destroy(self, record_id: str) -> None:
        """Overwrite the secret of a record, where it lies."""
        self._write(slot_of(record_id) * _BYTES, secrets.token_bytes(_BYTES))
        self._write(slot_of(record_id) * _BYTES, _GONE)

    def _read(self, place: int, size: int) -> bytes:
        descriptor = os.open(self._path, os.O_RDONLY)
        try:
            found = os.pread(descriptor, size, place)
        finally:
            os.close(descriptor)
        if len(found) != size:
            raise OSError(f"{self._path} was cut short")
        return found

    def _write(self, place: int, content: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY)
        try:
            os.pwrite(descriptor, content, place)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def slot_of(record_id: str) -> int:
    """Return the place on the sheet of the secret that a record has a share in."""
    return int(record_id[:_DIGITS], 16)


def same_slot(record_id: str) -> tuple[str, str]:
    """Return between which ids all lie that share a secret with this one: from the first on, and before the second."""
    prefix = record_id[:_DIGITS]
    return prefix, f"{prefix}g"  # which comes after every digit


def _flag_at(record_id: str) -> int:
    return SECRETS * _BYTES + slot_of(record_id)
