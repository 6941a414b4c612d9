"""Keeps sealed attachments in a folder that tells nothing about them but their size."""

import os
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.disk import flush_directory, write_whole

# Every file and folder shows this moment, 2000-01-01T00:00:00Z. The file system keeps a change time of its own that no
# program can set: what came within an hour is written anew together, in no order (services.retention.housekeeping).
_FIXED_TIME_NS = 946_684_800 * 10**9
ATTACHMENT_ID = re.compile(r"[0-9a-f]{8,64}")
SUFFIX = ".age"
_UNFINISHED_SECONDS = 3600.0  # no file takes so long to be written

_shuffle = secrets.SystemRandom().shuffle


class AttachmentGone(Exception):
    """An attachment that is not in the store: it was deleted, or never arrived."""


class StoreUnavailable(OSError):
    """The store does not answer, or not as it should; the call can be tried again later."""


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

    def renew(self, attachment_id: str) -> None:
        """Writes an attachment anew, so that the storage shows it to have come now; one that is gone stays gone."""

    def ids(self) -> Iterator[str]:
        """Gives the ids of all that is stored, in no order that means anything."""

    def ids_since(self, moment: datetime) -> Iterator[str]:
        """Gives the ids of what the storage itself shows to have come since then."""

    def drop_unfinished(self) -> None:
        """Deletes what a process that was killed had half written."""


def file_name(attachment_id: str) -> str:
    """Gives the name under which an attachment lies, which tells nothing about it; raises ValueError for no id."""
    if not ATTACHMENT_ID.fullmatch(attachment_id):
        raise ValueError("an attachment id is 8 to 64 characters of lower-case hex")
    return attachment_id + SUFFIX


class FolderStore:
    """The attachment store in a local folder: `abcd….age`, the folder 0700, files 0600.

    One folder for all: a folder of its own would go on telling when the first file came there.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._deleting = threading.Lock()
        self._flatten()

    def put(self, attachment_id: str, sealed: bytes) -> None:
        """Stores one attachment durably, whole or not at all; an earlier one of this id is replaced."""
        path = self._path(attachment_id)
        if not self._directory.is_dir():
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            flush_directory(self._directory.parent)
        write_whole(path, sealed, replace=True, time_ns=_FIXED_TIME_NS)
        self._hide_times()

    def get(self, attachment_id: str) -> bytes:
        """Gives the sealed bytes; raises AttachmentGone."""
        try:
            return self._path(attachment_id).read_bytes()
        except FileNotFoundError:
            raise AttachmentGone(f"Attachment {attachment_id} is not in the store.") from None

    def delete(self, attachment_id: str) -> None:
        """Removes an attachment; one that is gone already is no error."""
        path = self._path(attachment_id)
        with self._deleting:
            path.unlink(missing_ok=True)
        if self._directory.is_dir():
            flush_directory(self._directory)
            self._hide_times()

    def renew(self, attachment_id: str) -> None:
        """Writes an attachment anew, so that the storage shows it to have come now; one that is gone stays gone."""
        # Not while one is being deleted, or it would come back. What another process deletes then is swept away.
        with self._deleting, suppress(AttachmentGone):
            self.put(attachment_id, self.get(attachment_id))

    def ids(self) -> Iterator[str]:
        """Gives the ids of all that is stored, in no order that means anything."""
        for path in self._directory.glob("[!.]*.age"):
            yield path.stem

    def ids_since(self, moment: datetime) -> Iterator[str]:
        """Gives the ids of what the storage itself shows to have come since then."""
        for attachment_id in self.ids():
            with suppress(FileNotFoundError):  # deleted meanwhile
                if self._path(attachment_id).stat().st_ctime >= moment.timestamp():
                    yield attachment_id

    def drop_unfinished(self) -> None:
        """Deletes what a process that was killed had half written."""
        for path in self._directory.glob(".*.age.*"):
            with suppress(FileNotFoundError):  # finished meanwhile
                if time.time() - path.stat().st_ctime > _UNFINISHED_SECONDS:
                    path.unlink()

    def _path(self, attachment_id: str) -> Path:
        return self._directory / file_name(attachment_id)

    def _hide_times(self) -> None:
        os.utime(self._directory, ns=(_FIXED_TIME_NS, _FIXED_TIME_NS))

    def _flatten(self) -> None:
        """Move files out of the folders in which earlier versions kept them, each with the time of its first file."""
        nested = list(self._directory.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/[!.]*.age"))
        _shuffle(nested)
        for path in nested:
            self.put(path.stem, path.read_bytes())
            path.unlink()
            for folder in (path.parent, path.parent.parent):
                with suppress(OSError):  # not empty yet
                    folder.rmdir()
