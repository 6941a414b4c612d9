"""What is told of backups."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class BackupFailed(Notice, kind="backup_failed"):
    """To the directors: no backup was made. `error` is the kind of error."""

    error: str
