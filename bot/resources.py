"""What the bot and its commands work with, made from the settings."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.config import Config, FilesSettings
from models.database import Database
from privacy.keyring import Keyring
from services.resources import Resources
from storage.folder import AttachmentStore, FolderStore


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def make_resources(config: Config, now: Callable[[], datetime]) -> Resources:
    """Return database, keyring and attachment store; nothing is connected yet. Raises KeyringError and OSError."""
    keyring = Keyring.open(config.keyring.path)
    keyring.round_ids()  # an error now rather than at every update
    store, zone = make_attachment_store(config.files), config.county.time_zone
    url, has_mail = config.web.public_url, config.mail.host is not None
    return Resources(Database(config.database.url), keyring, store, zone, now, public_url=url, has_mail=has_mail)


def make_attachment_store(files: FilesSettings) -> AttachmentStore:
    """Return where attachments are kept."""
    if files.address is None:
        return FolderStore(files.path)
    from storage.bucket import BucketStore

    return BucketStore(files.address)
