"""What is told of scans."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class CodeAlarm(Notice, kind="code_alarm"):
    """To the directors: a code is suddenly scanned from everywhere."""

    serial: str
