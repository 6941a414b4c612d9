"""The county's working days and hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.settings import CountySettings, WorkingHours
from models.working_days import WorkingCalendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(ZONE)

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 22), False),
        (date(2026, 10, 1), False),  # the national holiday, a Thursday
        (date(2026, 10, 10), True),  # a Saturday worked for it
    ],
)
def test_holidays_and_their_make_up_days_are_known(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


def test_a_year_that_is_not_announced_has_its_weekends_and_says_so() -> None:
    assert CALENDAR.knows(2026)
    assert not CALENDAR.knows(2040)
    assert not CALENDAR.is_working_day(date(2040, 1, 1))  # a Sunday
    assert CALENDAR.is_working_day(date(2040, 10, 1))  # nobody has announced it yet


def test_the_countys_own_table_fills_an_unknown_year() -> None:
    settings = CountySettings.from_json({"extra_holidays": ["2040-10-01"], "extra_workdays": ["2040-10-06"]})
    calendar = WorkingCalendar.of(settings, ZONE)
    assert calendar.knows(2040)
    assert not calendar.is_working_day(date(2040, 10, 1))
    assert calendar.is_working_day(date(2040, 10, 6))  # a Saturday


def test_working_days_are_counted_over_weekends_and_the_end_of_a_year() -> None:
    assert CALENDAR.add(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert CALENDAR.add(date(2026, 11, 22), 3) == date(2026, 11, 25)
    assert CALENDAR.add(date(2026, 11, 22), 0) == date(2026, 11, 22)
    assert CALENDAR.add(date(2026, 12, 31), 1) == date(2027, 1, 1)  # 2027 is not known: Friday is worked


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(2026, 11, 22, 9, 0), at(2026, 11, 23, 9, 0)),  # Sunday waits for Monday
        (at(2026, 11, 23, 9, 0), at(2026, 11, 23, 9, 0)),
        (at(2026, 11, 23, 17, 59), at(2026, 11, 23, 17, 59)),
        (at(2026, 11, 23, 18, 0), at(2026, 11, 24, 9, 0)),
        (at(2026, 11, 24, 0, 1), at(2026, 11, 24, 9, 0)),
        (at(2026, 9, 30, 20, 0), at(2026, 10, 8, 9, 0)),
    ],
)
def test_the_next_working_moment_lies_in_working_hours(now: datetime, expected: datetime) -> None:
    assert CALENDAR.next_working_moment(now) == expected


@given(MOMENTS)
def test_the_next_working_moment_is_one_and_never_lies_before(now: datetime) -> None:
    moment = CALENDAR.next_working_moment(now)
    assert moment >= now
    assert moment.tzinfo is UTC
    assert CALENDAR.is_working_moment(moment)
    assert CALENDAR.is_working_day(moment.astimezone(ZONE).date())


@given(MOMENTS, MOMENTS)
def test_later_moments_never_get_earlier_working_moments(one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    assert CALENDAR.next_working_moment(earlier) <= CALENDAR.next_working_moment(later)


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.integers(0, 30), st.integers(0, 30))
def test_working_days_add_up(day: date, some: int, more: int) -> None:
    assert CALENDAR.add(CALENDAR.add(day, some), more) == CALENDAR.add(day, some + more)


def test_a_day_begins_with_its_working_hours() -> None:
    calendar = WorkingCalendar(ZONE, WorkingHours(start_hour=8, end_hour=17))
    assert calendar.day_begun(at(2026, 11, 22, 7, 59)) == date(2026, 11, 21)
    assert calendar.day_begun(at(2026, 11, 22, 8, 0)) == date(2026, 11, 22)
    assert calendar.next_working_moment(at(2026, 11, 23, 7, 0)) - timedelta(hours=1) == at(2026, 11, 23, 7, 0)
