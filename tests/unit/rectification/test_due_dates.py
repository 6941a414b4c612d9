"""Due dates as people type them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.working_days import WorkingCalendar
from services.rectification.due_dates import Reason, Unclear, read_due, read_past_day
from texts.catalogue import LANGUAGES, Words

TODAY = date(2026, 11, 26)  # a Thursday
CALENDAR = WorkingCalendar(ZoneInfo("Asia/Shanghai"))


def read(typed: str, today: date = TODAY) -> date | Unclear:
    return read_due(typed, today, CALENDAR)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        # a day of the calendar
        ("2026-12-31", date(2026, 12, 31)),
        ("2026/12/31", date(2026, 12, 31)),
        ("2026.12.31", date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)),
        ("2026年12月31日", date(2026, 12, 31)),
        ("27年1月5日", date(2027, 1, 5)),
        (" 12月31日 ", date(2026, 12, 31)),
        ("12月31号", date(2026, 12, 31)),
        ("12月31號", date(2026, 12, 31)),
        ("１２月３１日", date(2026, 12, 31)),
        ("12-31", date(2026, 12, 31)),
        ("12.31", date(2026, 12, 31)),
        ("1月5日", date(2027, 1, 5)),  # the next one to come
        ("11月26日", TODAY),
        ("十二月三十一日", date(2026, 12, 31)),
        ("二〇二七年一月五号", date(2027, 1, 5)),
        ("二零二七年十月二十日", date(2027, 10, 20)),
        ("壹拾贰月叁拾壹日", date(2026, 12, 31)),
        ("明年1月5日", date(2027, 1, 5)),
        ("30号", date(2026, 11, 30)),
        ("15日", date(2026, 12, 15)),
        ("下月5号", date(2026, 12, 5)),
        ("下个月15日", date(2026, 12, 15)),
        # a period, which ends with its last day
        ("明年1月", date(2027, 1, 31)),
        ("12月", date(2026, 12, 31)),
        ("2027年2月", date(2027, 2, 28)),
        ("2027-02", date(2027, 2, 28)),
        ("月底", date(2026, 11, 30)),
        ("本月底前", date(2026, 11, 30)),
        ("這個月底", date(2026, 11, 30)),
        ("下个月底", date(2026, 12, 31)),
        ("1月底", date(2027, 1, 31)),
        ("明年一月底", date(2027, 1, 31)),
        ("12月中旬", date(2026, 12, 20)),
        ("下月", date(2026, 12, 31)),
        ("年底", date(2026, 12, 31)),
        ("明年底", date(2027, 12, 31)),
        ("明年六月底前", date(2027, 6, 30)),
        ("一季度末", date(2027, 3, 31)),
        ("下季度", date(2027, 3, 31)),
        ("明年上半年", date(2027, 6, 30)),
        ("下周", date(2026, 12, 6)),
        # a day of the week
        ("下周五", date(2026, 12, 4)),
        ("下週五", date(2026, 12, 4)),
        ("下星期五", date(2026, 12, 4)),
        ("下个礼拜五", date(2026, 12, 4)),
        ("下下周一", date(2026, 12, 7)),
        ("本周五", date(2026, 11, 27)),
        ("周五", date(2026, 11, 27)),
        ("周三", date(2026, 12, 2)),
        ("周日", date(2026, 11, 29)),
        # so many days from now
        ("今天", TODAY),
        ("明天", date(2026, 11, 27)),
        ("后天", date(2026, 11, 28)),
        ("大後天", date(2026, 11, 29)),
        ("三天后", date(2026, 11, 29)),
        ("三天之內", date(2026, 11, 29)),
        ("再过十天", date(2026, 12, 6)),
        ("31天后", date(2026, 12, 27)),
        ("31 天後", date(2026, 12, 27)),
        ("31天以后", date(2026, 12, 27)),
        ("30天之后", date(2026, 12, 26)),
        ("30天内", date(2026, 12, 26)),
        ("15日内", date(2026, 12, 11)),
        ("三十天", date(2026, 12, 26)),
        ("一百二十天内", date(2027, 3, 26)),
        ("+30", date(2026, 12, 26)),
        ("7", date(2026, 12, 3)),
        ("五个工作日内", date(2026, 12, 3)),
        ("两周后", date(2026, 12, 10)),
        ("一个星期", date(2026, 12, 3)),
        ("一个月后", date(2026, 12, 26)),
        ("一個月後", date(2026, 12, 26)),
        ("3个月内", date(2027, 2, 26)),
        ("半个月", date(2026, 12, 11)),
        ("一个半月内", date(2027, 1, 10)),
        ("半年内", date(2027, 5, 26)),
        ("一年后", date(2027, 11, 26)),
        # with words around it
        ("12月31日前", date(2026, 12, 31)),
        ("12月31號之前", date(2026, 12, 31)),
        ("12月31日前完成", date(2026, 12, 31)),
        ("请于12月31日前完成整改。", date(2026, 12, 31)),
        ("截止12月31日", date(2026, 12, 31)),
        ("最迟下周五", date(2026, 12, 4)),
        ("限30天内整改到位", date(2026, 12, 26)),
        ("下周五就行吧", date(2026, 12, 4)),
        ("期限：12月31日", date(2026, 12, 31)),
        # a holiday that is the same day every year
        ("元旦前", date(2026, 12, 31)),
        ("国庆节前", date(2027, 9, 30)),
        ("五一之前", date(2027, 4, 30)),
        ("明年十一前", date(2027, 9, 30)),
        # in English
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 27)),
        ("the day after tomorrow", date(2026, 11, 28)),
        ("Dec 31", date(2026, 12, 31)),
        ("by December 31st, 2026", date(2026, 12, 31)),
        ("31 December 2026", date(2026, 12, 31)),
        ("5 Jan", date(2027, 1, 5)),
        ("end of January", date(2027, 1, 31)),
        ("10 days", date(2026, 12, 6)),
        ("in three days", date(2026, 11, 29)),
        ("within two weeks", date(2026, 12, 10)),
        ("a month", date(2026, 12, 26)),
        ("in 5 working days", date(2026, 12, 3)),
        ("next Friday", date(2026, 12, 4)),
        ("Friday", date(2026, 11, 27)),
        ("end of the month", date(2026, 11, 30)),
        ("end of next month", date(2026, 12, 31)),
        ("end of year", date(2026, 12, 31)),
    ],
)
def test_a_due_date_is_read_as_it_is_typed(typed: str, day: date) -> None:
    assert read(typed) == day


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Reason.NO_DATE),
        ("尽快", Reason.NO_DATE),
        ("-3", Reason.NO_DATE),
        ("2026-12-31 18:00", Reason.NO_DATE),
        ("三天前", Reason.NO_DATE),  # 'three days ago', or 'before the third day'
        ("12月31日以后", Reason.NO_DATE),
        ("12月1日到12月31日", Reason.NO_DATE),
        ("不要12月31日", Reason.NO_DATE),
        ("month", Reason.NO_DATE),
        ("1231", Reason.BARE_NUMBER),
        ("2027", Reason.BARE_NUMBER),
        ("180", Reason.BARE_NUMBER),
        ("三十", Reason.BARE_NUMBER),
        ("99999999999", Reason.BARE_NUMBER),
        ("2026-02-30", Reason.NO_SUCH_DAY),
        ("11月31日", Reason.NO_SUCH_DAY),
        ("2月30日", Reason.NO_SUCH_DAY),
        ("13月1日", Reason.NO_SUCH_DAY),
        ("0-0", Reason.NO_SUCH_DAY),
        ("31日", Reason.NO_SUCH_DAY),  # of November
        ("明年", Reason.VAGUE),
        ("2027年", Reason.VAGUE),
        ("月初", Reason.VAGUE),
        ("周末", Reason.VAGUE),
        ("春节前", Reason.VAGUE),
        ("过几天", Reason.VAGUE),
        ("十天左右", Reason.VAGUE),
        ("腊月二十", Reason.VAGUE),
        ("9999天后", Reason.TOO_FAR),
        ("2062-12-31", Reason.TOO_FAR),
    ],
)
def test_what_is_no_date_or_may_be_two_is_not_guessed(typed: str, reason: Reason) -> None:
    unclear = read(typed)
    assert isinstance(unclear, Unclear)
    assert unclear.reason is reason


def test_a_leap_day_that_is_years_away_is_asked_about_and_its_year_is_named() -> None:
    assert read("2月29日") == Unclear(Reason.LEAP_DAY, 2028)
    assert read("2月29日", date(2028, 3, 1)) == Unclear(Reason.LEAP_DAY, 2032)
    assert read("2028年2月29日") == date(2028, 2, 29)


def test_a_leap_day_that_is_the_next_to_come_is_read() -> None:
    assert read("2月29日", date(2028, 1, 1)) == date(2028, 2, 29)
    assert read("2月29日", date(2027, 3, 1)) == date(2028, 2, 29)


def test_a_month_later_is_the_last_day_of_a_shorter_month() -> None:
    assert read("一个月后", date(2027, 1, 31)) == date(2027, 2, 28)


def test_a_day_that_is_past_is_returned_as_it_is() -> None:
    assert read("本周一") == date(2026, 11, 23)
    assert read("2026-11-01") == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("11月20日", date(2026, 11, 20)),
        ("11-26", TODAY),
        ("12月20日", date(2025, 12, 20)),
        ("15号", date(2026, 11, 15)),
        ("30日", date(2026, 10, 30)),
        ("去年今天", None),
        ("昨天", date(2026, 11, 25)),
        ("前天", date(2026, 11, 24)),
        ("今天", TODAY),
        ("2026年3月1日", date(2026, 3, 1)),
        ("明天", date(2026, 11, 27)),  # is returned, so that it is said that it is to come
        ("30天后", date(2026, 12, 26)),
        ("下月5号", date(2026, 12, 5)),
        ("2027-11-20", date(2027, 11, 20)),
        ("2月29日", None),
    ],
)
def test_the_day_of_what_has_happened_is_the_last_there_was(typed: str, day: date | None) -> None:
    read_day = read_past_day(typed, TODAY, CALENDAR)
    assert read_day == day if day else isinstance(read_day, Unclear)


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [("30日", date(2026, 3, 15), date(2026, 1, 30)), ("31号", date(2026, 12, 5), date(2026, 10, 31))],
)
def test_a_day_that_last_month_had_not_is_that_of_the_month_before(typed: str, today: date, day: date) -> None:
    assert read_past_day(typed, today, CALENDAR) == day


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_a_sentence_that_says_how_to_write_a_date(language: str) -> None:
    for reason in Reason:
        said = Words(language)(f"item.due_{reason}", typed="1231", year=2028)
        assert "31" in said or "28" in said


@given(st.text(max_size=30))
def test_anything_typed_is_a_day_or_a_reason(typed: str) -> None:
    assert isinstance(read(typed), date | Unclear)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.dates(date(2024, 1, 1), date(2034, 1, 1)))
def test_a_day_written_in_full_is_that_day_whatever_the_day_is_today(today: date, day: date) -> None:
    if day.year <= today.year + 5:
        assert read(f"{day.year}年{day.month}月{day.day}日", today) == read(day.isoformat(), today) == day


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(1, 99))
def test_so_many_days_from_now_are_the_same_in_figures_numerals_and_english(today: date, days: int) -> None:
    tens, ones = divmod(days, 10)
    numeral = ("一二三四五六七八九"[tens - 1] + "十" if tens else "") + ("一二三四五六七八九"[ones - 1] if ones else "")
    assert read(f"{days}天后", today) == read(f"{numeral}天后", today) == read(f"in {days} days", today)
