"""The clocks of cases as rules: which run in which state, when they end, and when somebody is warned."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clocks import CLOCKS, WATCHED, Clock, ClockRule, Haste, Period, Unit, warned_at
from models.settings import ComplaintSettings
from models.states import CLOSED_CASES, CaseState
from models.working_days import WorkingCalendar
from tests.deployment import ZONE

CALENDAR = WorkingCalendar(ZONE)
SETTINGS = ComplaintSettings()


def at(day: int, hour: int = 9, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("period", "begun", "ends"),
    [
        (Period(24, Unit.HOURS), at(20, 16), at(21, 16)),
        (Period(15, Unit.DAYS), at(9, 10), at(25, 0)),  # the fifteenth day counts to its end
        (Period(0, Unit.DAYS), at(9, 10), at(10, 0)),
        (Period(5, Unit.WORKING_DAYS), at(30, 10, month=9), at(14, 0, month=10)),  # over the National Day's week
    ],
)
def test_a_period_ends(period: Period, begun: datetime, ends: datetime) -> None:
    assert period.after(begun, CALENDAR) == ends


SLOW, FAST = Haste(), Haste(is_fast_track=True)


def warned(clock: Clock, haste: Haste, begun: datetime, ends: datetime) -> datetime | None:
    warning = CLOCKS[clock].warning
    assert warning is not None
    return warned_at(warning(SETTINGS, haste), begun, ends, CALENDAR)


@pytest.mark.parametrize(
    ("clock", "haste", "begun", "ends", "at_last"),
    [
        (Clock.FIRST_LOOK, SLOW, at(19, 16), at(20, 16), at(20, 10)),  # six hours before
        (Clock.FIRST_LOOK, SLOW, at(19, 10), at(20, 10), at(19, 17)),  # not at four in the night, but before that
        (Clock.FIRST_LOOK, SLOW, at(20, 19), at(21, 19), None),  # from a Friday evening to a Saturday's nobody works
        (Clock.DECISION, SLOW, at(9), at(25, 0), at(20, 9)),  # three days before is a Sunday: on Friday morning
        (Clock.DECISION, FAST, at(19), at(24, 0), at(23, 9)),  # on the morning of the last day
    ],
)
def test_somebody_is_warned_in_working_hours_before_a_clock_ends(
    clock: Clock, haste: Haste, begun: datetime, ends: datetime, at_last: datetime | None
) -> None:
    assert warned(clock, haste, begun, ends) == at_last


HASTE = st.builds(Haste, st.booleans(), st.booleans())


@given(st.sampled_from(WATCHED), st.integers(0, 24 * 300), HASTE)
def test_a_warning_lies_in_working_hours_before_the_end(clock: Clock, hour: int, haste: Haste) -> None:
    begun = at(1, 0, month=1) + timedelta(hours=hour)
    ends = CLOCKS[clock].period(SETTINGS, haste).after(begun, CALENDAR)
    found = warned(clock, haste, begun, ends)
    assert found is None or (begun < found < ends and CALENDAR.is_working_moment(found))


@given(st.sampled_from(Clock), st.integers(0, 24 * 300), HASTE)
def test_nothing_takes_longer_because_it_is_urgent_or_on_the_fast_track(clock: Clock, hour: int, haste: Haste) -> None:
    begun, period = at(1, 0, month=1) + timedelta(hours=hour), CLOCKS[clock].period
    assert period(SETTINGS, haste).after(begun, CALENDAR) <= period(SETTINGS, SLOW).after(begun, CALENDAR)


def running(state: CaseState, rule: ClockRule) -> bool:
    return state in rule.runs_in


@pytest.mark.parametrize("state", sorted(set(CaseState) - {CaseState.RECEIVED}))
def test_in_every_open_state_a_clock_runs_and_in_no_other(state: CaseState) -> None:
    assert any(running(state, rule) for rule in CLOCKS.values()) == (state not in CLOSED_CASES)


def test_the_page_about_reminders_shows_every_clock_with_its_states_and_settings() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reminders.md").read_text(encoding="utf-8").partition("## Cases\n")[2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    shown = {cells[0]: cells[1:] for cells in rows[2:]}
    assert list(shown) == list(CLOCKS)
    named = {field.name for field in fields(ComplaintSettings)}
    for clock, (where, how_long, warning) in shown.items():
        rule = CLOCKS[Clock(clock)]
        runs, _, stands = where.partition(";")
        assert {state for state in CaseState if state in re.findall(r"\w+", runs)} == rule.runs_in
        assert {state for state in CaseState if state in re.findall(r"\w+", stands)} == rule.stands_in
        for words, decides in ((how_long, rule.period), (warning, rule.warning)):
            deciding = [name for name in named if decides is not None and depends_on(decides, name)]
            assert set(deciding) <= set(re.findall(r"\w+", words)), (clock, words)
            assert (words == "") == (decides is None)


def depends_on(decides: Callable[[ComplaintSettings, Haste], Period], name: str) -> bool:
    """Whether a setting decides about a period."""
    if not isinstance(getattr(SETTINGS, name), int):
        return False
    other = replace(SETTINGS, **{name: getattr(SETTINGS, name) + 1})
    return any(decides(SETTINGS, haste) != decides(other, haste) for haste in (SLOW, FAST, Haste(is_urgent=True)))
