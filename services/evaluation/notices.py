"""What is told of grades, of how rectification stands each week, and of the process itself."""

from dataclasses import dataclass
from enum import StrEnum

from services.notice import Notice


@dataclass(frozen=True)
class GradesConfirmed(Notice, kind="grades_confirmed"):
    """To leaders: the grades of a round are confirmed; the ranking of its units."""

    brief = "grades"

    round_id: str


@dataclass(frozen=True)
class ReportCardReleased(Notice, kind="report_card_released"):
    """To the head and the liaison of a unit: its own report card."""

    brief = "grades"

    card_id: str


class RoundFileKind(StrEnum):
    """What can be taken along of how a round is rectified."""

    SUMMARY = "summary"  # numbers, laggards, cases: a document
    SLIDE = "slide"  # the laggards, for a screen
    ITEMS = "items"  # the ledger of items, for a spreadsheet

    @property
    def suffix(self) -> str:
        """How the name of such a file ends."""
        return {"summary": "pdf", "slide": "png", "items": "xlsx"}[self]


@dataclass(frozen=True)
class RoundFile(Notice, kind="round_file"):
    """To whoever asked for it: a file about how a round is rectified."""

    brief = "grades"

    round_id: str
    file: RoundFileKind


@dataclass(frozen=True)
class RatesPicture(Notice, kind="rates_picture"):
    """To whoever asked for it: the rates of the rounds side by side, as a picture."""

    brief = "grades"


@dataclass(frozen=True)
class WeeklyDigest(Notice, kind="weekly_digest"):
    """To each level, once a week: how rectification stands, in numbers and as a picture."""

    brief = "weekly"


@dataclass(frozen=True)
class ProcessAlarms(Notice, kind="process_alarms"):
    """To the office directors, and to a team's leader where it is theirs: what does not go well since a day."""

    brief = "process"

    day: str  # ISO
