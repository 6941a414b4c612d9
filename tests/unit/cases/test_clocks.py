"""The clocks of cases as rules: which run in which state, when they end, and when somebody is warned."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clocks import CLOCKS, WATCHED, Clock, ClockRule, Period, Unit, warned_at
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


@pytest.mark.parametrize(
    ("clock", "begun", "ends", "warned"),
    [
        (Clock.FIRST_LOOK, at(19, 16), at(20, 16), at(20, 10)),  # six hours before
        (Clock.FIRST_LOOK, at(19, 10), at(20, 10), at(19, 17)),  # not at four in the night, but before that
        (Clock.FIRST_LOOK, at(20, 19), at(21, 19), None),  # from a Friday evening to a Saturday's nobody works
        (Clock.DECISION, at(9), at(25, 0), at(20, 9)),  # three days before is a Sunday: on Friday morning
        (Clock.QUESTION, at(9), at(16), None),
    ],
)
def test_somebody_is_warned_in_working_hours_before_a_clock_ends(
    clock: Clock, begun: datetime, ends: datetime, warned: datetime | None
) -> None:
    assert warned_at(CLOCKS[clock], SETTINGS, begun, ends, CALENDAR) == warned


@given(st.sampled_from(WATCHED), st.integers(0, 24 * 300), st.booleans())
def test_a_warning_lies_in_working_hours_before_the_end(clock: Clock, hour: int, urgent: bool) -> None:
    rule = CLOCKS[clock]
    begun = at(1, 0, month=1) + timedelta(hours=hour)
    ends = rule.period(SETTINGS, urgent).after(begun, CALENDAR)
    warned = warned_at(rule, SETTINGS, begun, ends, CALENDAR)
    assert warned is None or (begun < warned < ends and CALENDAR.is_working_moment(warned))


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


def depends_on(decides: Callable[..., Period], name: str) -> bool:
    """Whether a setting decides about a period."""
    if not isinstance(getattr(SETTINGS, name), int):
        return False
    other = replace(SETTINGS, **{name: getattr(SETTINGS, name) + 1})
    urgencies = ((False,), (True,)) if decides.__code__.co_argcount > 1 else ((),)
    return any(decides(SETTINGS, *urgency) != decides(other, *urgency) for urgency in urgencies)
