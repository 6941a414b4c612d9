"""Puts a due date typed in English into the Chinese that says the same."""

import re
from collections.abc import Callable

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_UNITS = {"working day": "工作日", "business day": "工作日", "day": "天", "week": "周", "month": "个月", "year": "年"}
_ENDS = {"week": "周日", "month": "月底", "quarter": "季度末"}
_WHICH = {"this ": "本", "next ": "下", "": ""}


def from_english(typed: str) -> str:
    """Return an English date, typed in small letters, in Chinese as `due_dates` reads it; anything else as it is."""
    core = _BEFORE.sub("", typed)
    for pattern, in_chinese in _TRANSLATIONS:
        if found := pattern.fullmatch(core):
            return in_chinese(found)
    return typed


def _day(found: re.Match[str]) -> str:
    named = found.groupdict()
    year = f"{named['year']}年" if named["year"] else ""
    day = f"{named['day']}日" if named.get("day") else ""
    return f"{year}{_place(_MONTHS, named['month'] or '')}月{day}"


def _term(found: re.Match[str]) -> str:
    count = "1" if found[1] in ("a", "an") else str(_NUMBERS.index(found[1])) if found[1] in _NUMBERS else found[1]
    return f"{count}{_UNITS[found[2]]}后"


def _weekday(found: re.Match[str]) -> str:
    return f"{_WHICH[found[1]]}周{_place(_DAYS, found[2])}"


def _period(found: re.Match[str]) -> str:
    return _WHICH[found[1]] + {"week": "周", "month": "月"}[found[2]]


def _end(found: re.Match[str]) -> str:
    which, period = found[1], found[2]
    if period == "year":
        return f"{'明' if which == 'next ' else '今'}年底"
    return f"{_WHICH[which] or '本'}{_ENDS[period]}"


def _place(names: list[str], short: str) -> int:
    """Return the place of a name among others, the first being 1; its first three letters are enough."""
    return next(place for place, name in enumerate(names, 1) if name.startswith(short[:3]))


def _any(names: list[str]) -> str:
    """Return a pattern for names, whole or by their first three or four letters."""
    return "|".join(f"{name}|{name[:4]}|{name[:3]}" for name in names)


_BEFORE = re.compile(r"^(?:(?:due|by|before|until|on|in|within|no later than|the) )+")
_MONTH = rf"(?P<month>{_any(_MONTHS)})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? ?(?P<year>\d{4}))?"
_TRANSLATIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile("today"), lambda _: "今天"),
    (re.compile("tomorrow"), lambda _: "明天"),
    (re.compile("day after tomorrow"), lambda _: "后天"),
    (re.compile(rf"{_MONTH} {_DAY}{_YEAR}"), _day),
    (re.compile(rf"{_DAY}(?: of)? {_MONTH}{_YEAR}"), _day),
    (re.compile(rf"(?:end of )?{_MONTH}{_YEAR}"), _day),
    (re.compile(rf"(\d{{1,4}}|an?|{'|'.join(_NUMBERS)}) ?({'|'.join(_UNITS)})s?(?: from (?:now|today))?"), _term),
    (re.compile(rf"(this |next |)({_any(_DAYS)})"), _weekday),
    (re.compile("(this |next )(week|month)"), _period),
    (re.compile("end of (?:the )?(this |next |)(week|month|quarter|year)"), _end),
)
