"""Keeps sealed attachments in a folder that tells nothing about them but their size."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from privacy.disk import flush_directory, write_whole

# Every file and folder shows this moment, 2000-01-01T00:00:00Z. The file system keeps a change time of its own that no
# program can set: what came within an hour is written anew together, in no order (services.housekeeping).
_MOMENT_NS = 946_684_800 * 10**9
_ID = re.compile(r"[0-9a-f]{8,64}")


class AttachmentGone(Exception):
    """An attachment that is not in the store: it was deleted, or never arrived."""


class StoreAway(OSError):
    """The store does not answer, or not as it should: what was to be stored, read or deleted there comes later."""


class AttachmentStore(Protocol):
    """Where sealed attachments lie; ids are random lower-case hex of 8 to 64 characters.

    Besides what is said below, everything raises OSError while the store cannot be used.
    """

    def put(self, attachment_id: str, sealed: bytes) -> None:
        """Stores one attachment durably, whole or not at all; an earlier one of this id is replaced."""

    def get(self, attachment_id: str) -> bytes:
        """Gives the sealed bytes; raises AttachmentGone."""

    def delete(self, attachment_id: str) -> None:
        """Removes an attachment; one that is gone already is no error."""

    def ids(self) -> Iterator[str]:
        """Gives the ids of all that is stored, in no order that means anything."""

    def ids_since(self, moment: datetime) -> Iterator[str]:
        """Gives the ids of what the storage itself shows to have come since then."""


class Vault:
    """The attachment store in a local folder: `ab/cd/abcd….age`, directories 0700, files 0600."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, attachment_id: str, sealed: bytes) -> None:
        """Stores one attachment durably, whole or not at all; an earlier one of this id is replaced."""
        path = self._path(attachment_id)
        for folder in (self._directory, path.parent.parent, path.parent):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                flush_directory(folder.parent)
        write_whole(path, sealed, replace=True, time_ns=_MOMENT_NS)
        self._hide_times(path)

    def get(self, attachment_id: str) -> bytes:
        """Gives the sealed bytes; raises AttachmentGone."""
        try:
            return self._path(attachment_id).read_bytes()
        except FileNotFoundError:
            raise AttachmentGone(f"Attachment {attachment_id} is not in the store.") from None

    def delete(self, attachment_id: str) -> None:
        """Removes an attachment; one that is gone already is no error."""
        path = self._path(attachment_id)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            flush_directory(path.parent)
            self._hide_times(path)

    def ids(self) -> Iterator[str]:
        """Gives the ids of all that is stored, in no order that means anything."""
        for path in self._directory.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/[!.]*.age"):
            yield path.stem

    def ids_since(self, moment: datetime) -> Iterator[str]:
        """Gives the ids of what the storage itself shows to have come since then."""
        for attachment_id in self.ids():
            with suppress(FileNotFoundError):  # deleted meanwhile
                if self._path(attachment_id).stat().st_ctime >= moment.timestamp():
                    yield attachment_id

    def _path(self, attachment_id: str) -> Path:
        if not _ID.fullmatch(attachment_id):
            raise ValueError("an attachment id is 8 to 64 characters of lower-case hex")
        return self._directory / attachment_id[:2] / attachment_id[2:4] / f"{attachment_id}.age"

    def _hide_times(self, path: Path) -> None:
        for folder in (path.parent, path.parent.parent, self._directory):
            os.utime(folder, ns=(_MOMENT_NS, _MOMENT_NS))
