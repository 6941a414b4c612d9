"""The clocks of a case: how long it may stand in a state, for whom it runs, and when somebody hears that it ends soon.

CLOCKS is the whole of it, a line for each clock. The numbers are the county's own (ComplaintSettings), of the version
that the round of the case began under.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from models.settings import ComplaintSettings
from models.states import CaseState
from models.working_days import WorkingCalendar

NO_END = datetime(9000, 1, 1, tzinfo=UTC)
"""When the first clock of a case ends in which none runs that somebody must meet; so that it comes last by index."""


class Clock(StrEnum):
    """What a clock of a case measures."""

    FIRST_LOOK = "first_look"  # until somebody has claimed it
    DECISION = "decision"  # until it is accepted or not
    NOTICE = "notice"  # the same, where somebody stands by it with their name
    QUESTION = "question"  # how long the reporter is waited for
    SIGNING = "signing"  # until the department has signed for what was passed on to it
    CHECK = "check"  # on the fast track: until a fix is ordered, or it is answered
    RESULT = "result"  # the same once it is verified, where somebody stands by it with their name
    HANDLING = "handling"  # until it is answered
    FOLLOW_UP = "follow_up"  # how long the reporter may say that it is not solved


class Unit(StrEnum):
    """What a period is counted in."""

    HOURS = "hours"
    DAYS = "days"  # of the calendar; the last one counts to its end
    WORKING_DAYS = "working_days"  # the same, without the days on which the county does not work


@dataclass(frozen=True)
class Period:
    """How long a clock runs, or how long before its end somebody is warned."""

    count: int
    unit: Unit

    def after(self, moment: datetime, calendar: WorkingCalendar) -> datetime:
        """Return when a period ends that begins at a moment."""
        if self.unit is Unit.HOURS:
            return moment + timedelta(hours=self.count)
        day = calendar.day_of(moment)
        last = calendar.add(day, self.count) if self.unit is Unit.WORKING_DAYS else day + timedelta(days=self.count)
        return calendar.end_of(last)


@dataclass(frozen=True)
class Haste:
    """What makes the clocks of a case shorter."""

    is_urgent: bool = False  # people are in danger, or may be
    is_fast_track: bool = False


@dataclass(frozen=True)
class ClockRule:
    """When a clock runs, and how long."""

    runs_in: frozenset[CaseState]
    period: Callable[[ComplaintSettings, Haste], Period]
    warning: Callable[[ComplaintSettings, Haste], Period] | None = None  # how long before its end somebody is told
    stands_in: frozenset[CaseState] = frozenset()  # it stands still there: nobody can do anything about it
    until_claimed: bool = False
    until_signed: bool = False  # by the department to which it was passed on
    only_fast_track: bool = False
    only_named: bool = False
    since_receipt: bool = False  # it begins with the receipt of the case, else when it begins to run
    goes_on_by_itself: bool = False  # at its end the product does what follows, and nobody is late


def _first_look(settings: ComplaintSettings, haste: Haste) -> Period:
    hours = settings.first_look_emergency_hours if haste.is_urgent else settings.first_look_hours
    return Period(hours, Unit.HOURS)


def _days(count: int, haste: Haste, fast_working_days: int) -> Period:
    """Return a period of days, or on the fast track one of working days."""
    return Period(fast_working_days, Unit.WORKING_DAYS) if haste.is_fast_track else Period(count, Unit.DAYS)


def _full_days(count: int) -> Period:
    # Moments are known to the hour: that in which it begins has to be over too, or somebody would lose a part of it.
    return Period(count * 24 + 1, Unit.HOURS)


_S = CaseState
_UNDECIDED = frozenset({_S.PENDING_ASSIGN, _S.ASSIGNED, _S.RESTRICTED})
_BEING_HANDLED = frozenset({_S.ACCEPTED, _S.VERIFYING, _S.FIXING, _S.TRANSFERRED, _S.REOPENED})

_FAST_WARNING_DAYS = 1

CLOCKS = {
    Clock.FIRST_LOOK: ClockRule(
        _UNDECIDED,
        _first_look,
        lambda settings, _: Period(settings.first_look_warn_hours, Unit.HOURS),
        until_claimed=True,
    ),
    Clock.DECISION: ClockRule(
        _UNDECIDED,
        lambda settings, haste: _days(settings.accept_days, haste, settings.fast_accept_working_days),
        lambda settings, haste: _days(settings.accept_warn_days, haste, _FAST_WARNING_DAYS),
        stands_in=frozenset({_S.NEED_INFO}),
        since_receipt=True,
    ),
    Clock.NOTICE: ClockRule(
        _UNDECIDED,
        lambda settings, _: Period(settings.named_notice_working_days, Unit.WORKING_DAYS),
        lambda settings, _: Period(settings.accept_warn_days, Unit.DAYS),
        stands_in=frozenset({_S.NEED_INFO}),
        only_named=True,
        since_receipt=True,
    ),
    Clock.QUESTION: ClockRule(
        frozenset({_S.NEED_INFO}), lambda settings, _: _full_days(settings.ask_more_wait_days), goes_on_by_itself=True
    ),
    Clock.CHECK: ClockRule(
        frozenset({_S.ACCEPTED, _S.VERIFYING, _S.REOPENED}),
        lambda settings, _: Period(settings.fast_check_working_days, Unit.WORKING_DAYS),
        lambda _settings, _haste: Period(_FAST_WARNING_DAYS, Unit.WORKING_DAYS),
        only_fast_track=True,
    ),
    Clock.RESULT: ClockRule(
        frozenset({_S.VERIFYING}),
        lambda settings, _: Period(settings.named_result_working_days, Unit.WORKING_DAYS),
        lambda settings, _: Period(settings.handle_warn_days, Unit.DAYS),
        only_named=True,
    ),
    Clock.SIGNING: ClockRule(
        frozenset({_S.TRANSFERRED}),
        lambda settings, haste: _days(settings.transfer_accept_days, haste, settings.fast_accept_working_days),
        lambda settings, haste: _days(settings.transfer_warn_days, haste, _FAST_WARNING_DAYS),
        until_signed=True,
    ),
    Clock.HANDLING: ClockRule(
        _BEING_HANDLED,
        lambda settings, haste: _days(settings.handle_days, haste, settings.fast_handle_working_days),
        lambda settings, haste: _days(settings.handle_warn_days, haste, _FAST_WARNING_DAYS),
    ),
    Clock.FOLLOW_UP: ClockRule(
        frozenset({_S.ANSWERED}), lambda settings, _: _full_days(settings.follow_up_after_days), goes_on_by_itself=True
    ),
}

WATCHED = tuple(clock for clock, rule in CLOCKS.items() if not rule.goes_on_by_itself)
"""The clocks that somebody must meet."""

_SHOWN_AS = {Clock.NOTICE: Clock.DECISION, Clock.RESULT: Clock.HANDLING}


def shown_as(clock: Clock) -> Clock:
    """Return as which clock one reads: those of a named case as what every case has, or lists would tell which are."""
    return _SHOWN_AS.get(clock, clock)


def warned_at(warning: Period, began_at: datetime, ends_at: datetime, calendar: WorkingCalendar) -> datetime | None:
    """Return when somebody is told that a clock ends soon: in working hours, as late as they let it.

    None: there is no such moment between its beginning and its end.
    """
    if warning.unit is Unit.HOURS:
        moment = calendar.last_working_moment(ends_at - timedelta(hours=warning.count))
    elif warning.unit is Unit.DAYS:
        moment = calendar.last_opening(ends_at - timedelta(days=warning.count))
    else:
        moment = ends_at
        for _ in range(warning.count):
            moment = calendar.last_opening_before(moment)
    return moment if began_at < moment < ends_at else None
