"""Reads a due date as people type it: in figures or numerals, simplified or traditional, in Chinese or English."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.working_days import WorkingCalendar
from services.intake.folding import plain
from services.rectification.english_dates import from_english

LONGEST_TERM_YEARS = 5
_HALF_A_MONTH = timedelta(days=15)
_LAST_DAY = 31  # of a month, cut to the days that it has
_MONTHS = 12
_SUNDAY = 7


class Reason(StrEnum):
    """Why what was typed is not taken as a day; each has a sentence that says how to write it instead."""

    NO_DATE = "no_date"
    NO_SUCH_DAY = "no_such_day"
    LEAP_DAY = "leap_day"  # 2月29日, and the next one is years away
    BARE_NUMBER = "bare_number"  # 1231 or 2027: a day, a year, or days from now
    VAGUE = "vague"  # a time that may be several days, or is another day every year
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class Unclear:
    """Why there is no due date in what was typed. `year` is the one that it would lead to, if any."""

    reason: Reason
    year: int | None = None


class _NotMeant(Exception):
    """What was typed is written like a day, and is none that could be meant."""

    def __init__(self, reason: Reason, year: int | None = None) -> None:
        super().__init__()
        self.unclear = Unclear(reason, year)


def read_due(text: str, today: date, calendar: WorkingCalendar) -> date | Unclear:
    """Return the day somebody typed, or why it is none. A day in the past is returned as it is.

    A day without a year is the next to come, and a period (明年1月, 下周, 年底) ends with its last day. With 前 behind
    it a day of the calendar is still the last one. What can be read in two ways is not guessed.
    """
    typed = " ".join(plain(text).split()).strip(" ,.!。~")
    core = _in_figures(_without_words_around(from_english(typed).replace(" ", "")))
    readings: tuple[Callable[[], date | None], ...] = (
        lambda: _days_on(core, typed, today),
        lambda: _holiday(core, today),
        lambda: _day_of_calendar(core, today),
        lambda: _part_of_year(core, today),
        lambda: _day_of_week(core, today),
        lambda: _term(core, today, calendar),
    )
    try:
        found = next((day for read in readings if (day := read()) is not None), None)
    except _NotMeant as error:
        return error.unclear
    except (ValueError, OverflowError):
        return Unclear(Reason.NO_SUCH_DAY)
    if found is None:
        return _why_none(core)
    return Unclear(Reason.TOO_FAR, found.year) if found.year > today.year + LONGEST_TERM_YEARS else found


def read_past_day(text: str, today: date, calendar: WorkingCalendar) -> date | Unclear:
    """Return the day of what has happened as somebody typed it, or why it is none. A day to come is returned as it is.

    A day without a year, or without a month, is the last there was.
    """
    typed = " ".join(plain(text).split()).strip(" ,.!。~")
    if found := re.fullmatch(r"([昨前])[天日]", typed):
        return today - timedelta(days=_PAST[found[1]])
    day = read_due(text, today, calendar)
    if isinstance(day, Unclear) or day <= today or _FROM_NOW.search(typed):
        return day
    # A day of the calendar is the next to come: what it is, seen from a month or a year ago.
    before = [read_due(text, _months_on(today, -months) + timedelta(days=1), calendar) for months in (1, 2, _MONTHS)]
    past = (one for one in before if isinstance(one, date) and one <= today and one.day == day.day)
    return next(past, day)


_FROM_NOW = re.compile(r"[后内下明来+a-z]")
_VAGUE = re.compile(
    r"[年月周]初|周末|春节|过年|除夕|(?<!\d)年前|清明|端午|中秋|元宵|农历|阴历|正月|腊月|初\d|近期|最近|过几天|过些天|左右|上下"
    r"|[几数多]个?[天周月年]|^(?:今|本|明|后|\d{4})年"
)


def _why_none(core: str) -> Unclear:
    if core.isdecimal():
        return Unclear(Reason.BARE_NUMBER)
    return Unclear(Reason.VAGUE if _VAGUE.search(core) else Reason.NO_DATE)


# ---- what is around a date, and numerals

_MUST = "请|须|需|要|得|应当|应|必须|务必|尽量|争取|力争|确保|就|吧"
_WORDS_BEFORE = re.compile(
    rf"^(?:{_MUST}|限期|限|完成|整改|时间|时限|期限|定在|定到|改成|改为|改到|那|是|为|在|于|到|至|截至|截止|最迟|最晚|不晚于|不迟于"
    r"|[:,])+"
)
_WORDS_AFTER = re.compile(
    rf"(?:{_MUST}|为止|止|全部|完成|做完|弄完|改完|办完|整改|办结|到位|解决|上报|报送|提交|交|修好|落实|公示|行|可以|[,.!。])+$"
)
_DIGITS = "零一二三四五六七八九"
_OTHER_NUMERALS = str.maketrans("〇○两壹贰叁肆伍陆柒捌玖拾佰", "零零二一二三四五六七八九十百")
_NUMERAL = re.compile(r"[零一二三四五六七八九十百]+")


def _without_words_around(typed: str) -> str:
    return _WORDS_AFTER.sub("", _WORDS_BEFORE.sub("", typed))


def _in_figures(typed: str) -> str:
    """Return what was typed with its numerals as figures, but for those that name a holiday, as 五一 does."""
    core = typed.translate(_OTHER_NUMERALS).replace("廿", "二十").replace("卅", "三十")
    core = _HOLIDAY_NUMERAL.sub(lambda name: name[1] + _HOLIDAY_NUMERALS[name[2]], core)
    return _NUMERAL.sub(lambda numeral: str(_number(numeral[0])), core)


def _number(numeral: str) -> str:
    """Return a numeral in figures: 二十三, 一百二十 and 二零二七 alike."""
    if not set(numeral) & {"十", "百"}:
        return "".join(str(_DIGITS.index(sign)) for sign in numeral)
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = _DIGITS.index(sign)
    return str(total + digit)


# ---- each way to write a day; all return None for what is written in another way

_UNTIL = r"(?:之前|以前|前)?"
_WITHIN = r"(?:以后|之后|后|以内|之内|内)"
_PAST = {"昨": 1, "前": 2}
_NAMED = {"今": 0, "明": 1, "后": 2, "大后": 3}


def _days_on(core: str, typed: str, today: date) -> date | None:
    """Read 明天, +30, and a number of two figures, which can be nothing but days."""
    if found := re.fullmatch(rf"(今|明|后|大后)[天日]{_UNTIL}", core):
        return today + timedelta(days=_NAMED[found[1]])
    found = re.fullmatch(r"\+(\d{1,4})|(\d{1,2})", typed)
    return today + timedelta(days=int(found[1] or found[2])) if found else None


_HOLIDAYS = {"元旦": (1, 1), "劳动节": (5, 1), "建党节": (7, 1), "国庆": (10, 1)}
_HOLIDAY_NUMERALS = {"五一": "劳动节", "七一": "建党节", "十一": "国庆"}
_HOLIDAY_NUMERAL = re.compile(r"^((?:.{1,4}年)?)(五一|十一|七一)(?=前|之前|以前|劳动|国庆|建党|$)")
_HOLIDAY = re.compile(rf"(?P<year>(?:\d{{4}}|今|明|后)年)?(?:{'|'.join(_HOLIDAYS)})+节?(?P<before>之前|以前|前)?")


def _holiday(core: str, today: date) -> date | None:
    """Read a holiday that is the same day every year; before it is the day before."""
    found = _HOLIDAY.fullmatch(core)
    if found is None:
        return None
    month, day = next(day for name, day in _HOLIDAYS.items() if name in core)
    holiday = _in_month(_year(found["year"], today), month, day, today)
    return holiday - timedelta(days=1) if found["before"] else holiday


_YEAR = r"(?P<year>(?:\d{4}|\d{2}|今|本|当|明|来|后)年)"
_WITH_MARKS = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"), r"\1年\2月\3日"),
    (re.compile(r"(20\d\d)(\d\d)(\d\d)"), r"\1年\2月\3日"),
    (re.compile(r"(\d{4})[-/.](\d{1,2})"), r"\1年\2月"),
    (re.compile(r"(\d{1,2})[-/.](\d{1,2})"), r"\1月\2日"),
)
_PARTS_OF_MONTH = {"上旬": 10, "中": 15, "中旬": 20}
_PART_OF_MONTH = r"(?P<part>月?底|月?末|[上中下]旬|中)"
_DAY_OF_CALENDAR = re.compile(
    rf"{_YEAR}?(?P<month>\d{{1,2}})月份?(?:(?P<day>\d{{1,2}})[日号]?|{_PART_OF_MONTH})?{_UNTIL}"
)
_DAY_OF_NEAR_MONTH = re.compile(
    rf"(?P<which>本|这个?|当|下个?|下下个?)?月份?(?:(?P<day>\d{{1,2}})[日号]?|{_PART_OF_MONTH})?(?:以内|之内|内)?{_UNTIL}"
)
_DAY_OF_MONTH = re.compile(rf"(\d{{1,2}})[日号]{_UNTIL}")


def _day_of_calendar(core: str, today: date) -> date | None:
    """Read a day of the calendar, and the end of a month or of a part of it."""
    bare = re.sub(r"[日号]?(?:之前|以前|前)?$", "", core)
    core = next((pattern.sub(spelled, bare) for pattern, spelled in _WITH_MARKS if pattern.fullmatch(bare)), core)
    if found := _DAY_OF_CALENDAR.fullmatch(core):
        return _in_month(_year(found["year"], today), int(found["month"]), _day(found), today)
    if found := _DAY_OF_MONTH.fullmatch(core):
        day = int(found[1])
        first = _months_on(today.replace(day=1), int(day < today.day))
        return _in_month(first.year, first.month, day, today)
    found = _DAY_OF_NEAR_MONTH.fullmatch(core)
    if found is None or not (found["which"] or found["part"]):
        return None
    first = _months_on(today.replace(day=1), (found["which"] or "").count("下"))
    return _in_month(first.year, first.month, _day(found), today)


def _day(found: re.Match[str]) -> int | None:
    """Return the day of a month that is named; None: its last."""
    return int(found["day"]) if found["day"] else _PARTS_OF_MONTH.get(found["part"] or "")


def _year(named: str | None, today: date) -> int | None:
    if named is None:
        return None
    if named[:-1].isdecimal():
        return int(named[:-1]) + (2000 if len(named) == len("27年") else 0)
    return today.year + {"明": 1, "来": 1, "后": 2}.get(named[0], 0)


def _in_month(year: int | None, month: int, day: int | None, today: date) -> date:
    """Return a day of a month, without a day its last, without a year the next to come."""
    if not 1 <= month <= _MONTHS:
        raise _NotMeant(Reason.NO_SUCH_DAY)
    if year is None:
        year = today.year + int((month, day or _LAST_DAY) < (today.month, today.day))
        if (month, day) == (2, 29) and monthrange(year, month)[1] < 29:
            raise _NotMeant(Reason.LEAP_DAY, next(y for y in range(year, year + 9) if monthrange(y, 2)[1] == 29))
    return date(year, month, day or monthrange(year, month)[1])


_PART_OF_YEAR = re.compile(
    rf"{_YEAR}?(?P<part>年底|年末|年中|年内|底|末|内|上半年|下半年|(?:第?(?P<quarter>[1-4])|(?P<which>本|这个?|下个?))季度[底末]?){_UNTIL}"
)


def _part_of_year(core: str, today: date) -> date | None:
    """Read the end of a year, of half of one, or of a quarter."""
    found = _PART_OF_YEAR.fullmatch(core)
    if found is None or (found["year"] is None and found["part"] in ("底", "末", "内")):
        return None
    if found["which"]:
        first = _months_on(today.replace(day=1), 2 - (today.month - 1) % 3 + 3 * found["which"].count("下"))
        return _in_month(first.year, first.month, None, today)
    month = int(found["quarter"]) * 3 if found["quarter"] else 6 if found["part"] in ("年中", "上半年") else _MONTHS
    return _in_month(_year(found["year"], today), month, None, today)


_DAY_OF_WEEK = re.compile(rf"(本|这个?|下个?|下下个?|)(?:周|星期|礼拜)([1-6日天7]|)(?:以内|之内|内)?{_UNTIL}")


def _day_of_week(core: str, today: date) -> date | None:
    """Read a day of this week, of one to come, or the next to come; without a day, the Sunday that ends the week."""
    found = _DAY_OF_WEEK.fullmatch(core)
    if found is None or not (found[1] or found[2]):
        return None
    weekday = int(found[2]) if found[2].isdecimal() else _SUNDAY
    day = today + timedelta(days=weekday - today.isoweekday(), weeks=found[1].count("下"))
    return day + timedelta(weeks=1) if not found[1] and day < today else day


_TERM = re.compile(
    rf"(?:再?过)?(?P<count>\d{{1,4}}|半)"
    rf"(?P<unit>天|日(?={_WITHIN})|个?工作日|个?周|个?星期|个?礼拜|个半?月|个季度|年半|年(?={_WITHIN}|$)){_WITHIN}?"
)


def _term(core: str, today: date, calendar: WorkingCalendar) -> date | None:
    """Read so many days, working days, weeks, months or years from now."""
    found = _TERM.fullmatch(core)
    if found is None or (found["unit"] == "年" and len(found["count"]) > 1):
        return None
    unit = found["unit"].removeprefix("个")
    if found["count"] == "半":
        return {"月": today + _HALF_A_MONTH, "年": _months_on(today, _MONTHS // 2)}.get(unit)
    count = int(found["count"])
    match unit:
        case "天" | "日":
            return today + timedelta(days=count)
        case "工作日":
            return calendar.add(today, min(count, _MONTHS * _LAST_DAY))
        case "周" | "星期" | "礼拜":
            return today + timedelta(weeks=count)
        case "月" | "季度":
            return _months_on(today, count * (1 if unit == "月" else 3))
        case "半月":
            return _months_on(today, count) + _HALF_A_MONTH
        case _:
            return _months_on(today, count * _MONTHS + (_MONTHS // 2 if unit == "年半" else 0))


def _months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last one."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
