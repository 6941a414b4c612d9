"""The periods a county sets for itself; each has a default, so that a county file may leave it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

_S = TypeVar("_S")


@dataclass(frozen=True)
class ComplaintSettings:
    """Clocks of cases, in days unless the name says otherwise."""

    first_look_hours: int = 24
    first_look_emergency_hours: int = 2
    accept_days: int = 15
    ask_more_wait_days: int = 7
    fix_on_spot_days: int = 7
    follow_up_after_days: int = 7
    reopen_days: int = 30


@dataclass(frozen=True)
class RectificationSettings:
    """The ladder around a due date, in days unless the name says otherwise."""

    remind_before_days: tuple[int, ...] = (20, 10, 3)
    remind_overdue_days: tuple[int, ...] = (1, 3, 5)
    remind_overdue_every_days: int = 7
    acknowledge_working_days: int = 3
    acknowledge_leader_working_days: int = 5
    yellow_overdue_days: int = 5
    red_overdue_days: int = 20
    review_days: int = 7
    closing_days: int = 7  # to sign for what was passed, and to clear what was signed
    long_term_every_days: int = 180
    max_returns_before_card: int = 2


@dataclass(frozen=True)
class PrivacySettings:
    """What is kept, and how long."""

    public_min_count: int = 5
    draft_ttl_hours: int = 24
    # what comes from villages, or by their unit's code, reaches the team in batches so far apart; 0: at once
    release_village_hours: int = 1
    release_other_hours: int = 0  # the same for units without villages, where nobody knows everybody
    # within how long what waits for no batch is pushed to a reporter, at random; a danger in a sixth of it; 0: at once
    push_scatter_minutes: int = 60
    reply_address_days: int = 90
    # how long what was said stays readable once a case has ended, by how it ended
    keep_closed_days: int = 365
    keep_not_accepted_days: int = 180
    keep_invalid_days: int = 30
    keep_withdrawn_days: int = 0


@dataclass(frozen=True)
class AbuseSettings:
    """From where on somebody is slowed, or the office asked; all counts are of one day."""

    complaints_a_day: int = 20  # of one sender; a danger is always taken
    wrong_receipts_a_day: int = 10  # of one sender
    alarm_scans_a_day: int = 150  # of one printed code, by as many senders


@dataclass(frozen=True)
class WorkingHours:
    """When a head may be reminded: hours of the county's clock on working days."""

    start_hour: int = 9
    end_hour: int = 18


@dataclass(frozen=True)
class CountySettings:
    """All of a county's periods."""

    complaint: ComplaintSettings = field(default_factory=ComplaintSettings)
    rectification: RectificationSettings = field(default_factory=RectificationSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    abuse: AbuseSettings = field(default_factory=AbuseSettings)
    working_hours: WorkingHours = field(default_factory=WorkingHours)
    extra_holidays: tuple[str, ...] = ()  # ISO days, for years the calendar does not know
    extra_workdays: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "CountySettings":
        """Read the settings of a county file; what belongs to later parts of the product is passed over."""
        return cls(
            complaint=_section(ComplaintSettings, value.get("complaint", {})),
            rectification=_section(RectificationSettings, value.get("rectification", {})),
            privacy=_section(PrivacySettings, value.get("privacy", {})),
            abuse=_section(AbuseSettings, value.get("abuse", {})),
            working_hours=_section(WorkingHours, value.get("working_hours", {})),
            extra_holidays=tuple(value.get("extra_holidays", ())),
            extra_workdays=tuple(value.get("extra_workdays", ())),
        )


def _section(kind: type[_S], value: Mapping[str, Any]) -> _S:
    names = {entry.name for entry in fields(kind)}  # type: ignore[arg-type]
    known = {name: tuple(entry) if isinstance(entry, list) else entry for name, entry in value.items() if name in names}
    return kind(**known)
