"""Days as they are typed to find cases."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.queue_words import folded
from services.cases.search_words import Days, compared, read_days

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("今天", TODAY, TODAY),
        ("昨天", date(2026, 11, 21), date(2026, 11, 21)),
        ("本周", date(2026, 11, 16), TODAY),
        ("上周", date(2026, 11, 9), date(2026, 11, 15)),
        ("上週", date(2026, 11, 9), date(2026, 11, 15)),
        ("本月", date(2026, 11, 1), date(2026, 11, 30)),
        ("上月", date(2026, 10, 1), date(2026, 10, 31)),
        ("3月5日", date(2026, 3, 5), date(2026, 3, 5)),
        ("12月5日", date(2025, 12, 5), date(2025, 12, 5)),
        ("3.5", date(2026, 3, 5), date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5), date(2026, 3, 5)),
        ("2025年12月", date(2025, 12, 1), date(2025, 12, 31)),
        ("9月", date(2026, 9, 1), date(2026, 9, 30)),
        ("3月1日至3月10日", date(2026, 3, 1), date(2026, 3, 10)),
        ("3月10日到3月1日", date(2026, 3, 1), date(2026, 3, 10)),
        ("2026-03-01~2026-03-10", date(2026, 3, 1), date(2026, 3, 10)),
        ("3月5日以来", date(2026, 3, 5), None),
        ("3月5日以前", None, date(2026, 3, 5)),
    ],
)
def test_days_are_read(typed: str, first: date | None, last: date | None) -> None:
    assert read_days(folded(typed), TODAY) == Days(first, last)


@pytest.mark.parametrize("typed", ["低保", "2月30日", "13月", "9999年12月31日", "0001-01-01", "~", "至", "12345678"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_days(folded(typed), TODAY) is None


@given(st.text(alphabet="0123456789年月日号至到~-./今昨天上本周以前起", max_size=14))
def test_whatever_is_typed_is_read_or_none(typed: str) -> None:
    read_days(folded(typed), TODAY)


def test_texts_are_compared_in_one_form() -> None:
    assert compared("低\u200b保 名\n單ＡＢ") == "低保名单ab"
