"""What is told of backups and of the server's clock."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class BackupFailed(Notice, kind="backup_failed"):
    """To the directors: no backup was made. `error` is the kind of error."""

    is_said_everywhere = True

    error: str


@dataclass(frozen=True)
class ClockSetBack(Notice, kind="clock_set_back"):
    """To the directors: the server's clock was set back."""

    is_said_everywhere = True

    minutes: int
