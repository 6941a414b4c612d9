"""Due dates as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rectification.due_dates import read_due

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026/12/31", date(2026, 12, 31)),
        ("2026年12月31日", date(2026, 12, 31)),
        (" 12月31日 ", date(2026, 12, 31)),
        ("12月31号", date(2026, 12, 31)),
        ("１２月３１日", date(2026, 12, 31)),
        ("12-31", date(2026, 12, 31)),
        ("1月5日", date(2027, 1, 5)),  # the next one to come
        ("11月22日", TODAY),
        ("31天后", date(2026, 12, 23)),
        ("31 天後", date(2026, 12, 23)),
        ("30天内", date(2026, 12, 22)),
        ("31天以后", date(2026, 12, 23)),
        ("12月31日前", date(2026, 12, 31)),
        ("12月31號之前", date(2026, 12, 31)),
        ("今天", TODAY),
        ("明天", date(2026, 11, 23)),
        ("后天", date(2026, 11, 24)),
        ("大後天", date(2026, 11, 25)),
        ("tomorrow", date(2026, 11, 23)),
        ("月底", date(2026, 11, 30)),
        ("本月底前", date(2026, 11, 30)),
        ("+30", date(2026, 12, 22)),
        ("7", date(2026, 11, 29)),
        ("10 days", date(2026, 12, 2)),
    ],
)
def test_a_due_date_is_read_as_it_is_typed(typed: str, day: date) -> None:
    assert read_due(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "尽快", "2026-02-30", "13月1日", "2月29日", "-3", "2026-12-31 18:00", "0-0"])
def test_what_is_no_date_is_not_guessed(typed: str) -> None:
    assert read_due(typed, TODAY) is None


def test_the_leap_day_is_read_only_when_it_is_the_next() -> None:
    assert read_due("2月29日", date(2028, 1, 1)) == date(2028, 2, 29)
    assert read_due("2月29日", date(2028, 3, 1)) is None


@given(st.text(max_size=30))
def test_anything_typed_is_a_day_or_nothing(typed: str) -> None:
    assert read_due(typed, TODAY) is None or isinstance(read_due(typed, TODAY), date)
