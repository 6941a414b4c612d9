"""Keeps sealed attachments in a bucket of an S3-compatible server, under names that tell nothing about them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from storage.bucket_address import BucketAddress
from storage.folder import ATTACHMENT_ID, SUFFIX, AttachmentGone, StoreUnavailable, file_name

# For one call; an update or a message that fails is tried again later.
_TIMEOUT = timedelta(seconds=60)
_RETRIES = 2


class BucketStore:
    """The attachment store in a bucket: one object for each, at the bucket's top.

    The server keeps the time at which an object came, and sees the sealed bytes alone. What came within an hour is
    written anew together, so that its times tell no more (services.retention.housekeeping); a server that keeps
    versions does.
    """

    def __init__(self, address: BucketAddress) -> None:
        insecure = (address.endpoint or "").startswith("http://")
        self._store = S3Store(
            address.bucket,
            endpoint=address.endpoint,
            region=address.region,
            access_key_id=address.access_key_id,
            secret_access_key=address.secret_access_key,
            client_options={"allow_http": insecure, "timeout": _TIMEOUT},
            retry_config={"max_retries": _RETRIES, "retry_timeout": _TIMEOUT},
        )

    def put(self, attachment_id: str, sealed: bytes) -> None:
        """Stores one attachment durably, whole or not at all; an earlier one of this id is replaced."""
        with _store_errors():
            obstore.put(self._store, file_name(attachment_id), sealed)

    def get(self, attachment_id: str) -> bytes:
        """Gives the sealed bytes; raises AttachmentGone."""
        try:
            with _store_errors():
                return bytes(obstore.get(self._store, file_name(attachment_id)).bytes())
        except FileNotFoundError:
            raise AttachmentGone(f"Attachment {attachment_id} is not in the store.") from None

    def delete(self, attachment_id: str) -> None:
        """Removes an attachment; one that is gone already is no error."""
        try:
            with _store_errors():
                obstore.delete(self._store, file_name(attachment_id))
        except FileNotFoundError:
            return

    def renew(self, attachment_id: str) -> None:
        """Writes an attachment anew, so that the storage shows it to have come now; one that is gone stays gone."""
        with suppress(AttachmentGone):  # one that is deleted right now comes back, and is swept away
            self.put(attachment_id, self.get(attachment_id))

    def drop_unfinished(self) -> None:
        """Deletes nothing: an object is there as a whole or not at all."""

    def ids(self) -> Iterator[str]:
        """Gives the ids of all that is stored, in no order that means anything."""
        for attachment_id, _ in self._objects():
            yield attachment_id

    def ids_since(self, moment: datetime) -> Iterator[str]:
        """Gives the ids of what the storage itself shows to have come since then."""
        for attachment_id, came in self._objects():
            if came >= moment:
                yield attachment_id

    def _objects(self) -> Iterator[tuple[str, datetime]]:
        with _store_errors():
            for page in obstore.list(self._store):
                for entry in page:
                    name = str(entry["path"]).removesuffix(SUFFIX)
                    if ATTACHMENT_ID.fullmatch(name):
                        yield name, entry["last_modified"]


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        # Its text would name the address of the bucket.
        raise StoreUnavailable(f"The bucket cannot be used: {type(error).__name__}.") from None
