"""Reads a due date as people type it."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号號]?")
_DAYS = re.compile(r"\+?(\d{1,4})(?:天(?:以?后|以?後|内|內|之内|之內)?|日(?:后|後|内|內)|days?)?")

_BEFORE = re.compile(r"(?:之|以)?前$")  # 12月31日前: that day is the last
_NAMED = {"今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2, "後天": 2, "大后天": 3, "大後天": 3}
_END_OF_MONTH = ("月底", "本月底", "这个月底", "這個月底")


def read_due(text: str, today: date) -> date | None:
    """Return the day somebody typed; None when it is not one.

    Taken are 2026-12-31, 2026年12月31日, 12月31日 and 12-31 (the next to come), 31天后, +30, 30, 明天 and 月底;
    those of the calendar also with 前 behind them.
    """
    typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
    typed = _BEFORE.sub("", typed)
    if typed in _NAMED:
        return today + timedelta(days=_NAMED[typed])
    if typed in _END_OF_MONTH:
        return today.replace(day=monthrange(today.year, today.month)[1])
    try:
        if found := _ISO.fullmatch(typed):
            return date(*map(int, found.groups()))
        if found := _DAY_OF_YEAR.fullmatch(typed):
            return _next(int(found[1]), int(found[2]), today)
        if found := _DAYS.fullmatch(typed):
            return today + timedelta(days=int(found[1]))
    except ValueError:
        return None
    return None


def _next(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)
