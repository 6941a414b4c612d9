"""What is told of scans, and of a complaint that was taken back."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class CodeAlarm(Notice, kind="code_alarm"):
    """To the directors: a code is suddenly scanned from everywhere."""

    serial: str


@dataclass(frozen=True)
class ComplaintRecalled(Notice, kind="complaint_recalled"):
    """To whoever took a complaint back: whether it is deleted on the phones of the staff, too."""

    complaint_id: str
    language: str
