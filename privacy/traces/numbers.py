"""Finds numbers that lead to a person: cards, telephones, plates, accounts."""

import re
from collections.abc import Iterator
from datetime import date

from privacy.traces.kinds import TraceKind
from privacy.traces.runs import GAP, Run, runs

# The regions with which the number of an identity card begins.
_REGIONS_WRITTEN = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83
"""
_REGIONS = frozenset(_REGIONS_WRITTEN.split())
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ID_YEARS = range(1900, 2100)
_LAST_X = re.compile(rf"{GAP}[Xx](?![A-Za-z\d])")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:(?:00)?86)?0?(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}")

# What stands right before a number and says what it is.
_NUMBER_IS = r"(?:号码|號碼|号|號|number|no\.?|is)?[\s:是为為.,(\[+]{0,4}$"
_PLUS = re.compile(r"\+$")
_COUNTRY_FOLLOWS = re.compile(rf"(?<!\d)(?<!\d[ ])\+{GAP}$")
_CARD_CUE = re.compile(r"(?:身份证|身份證|公民身份|证件号|證件號|ID)\D{0,8}$", re.IGNORECASE)
_PHONE_CUE = re.compile(
    r"(?:电话|電話|手机|手機|座机|座機|固话|固話|小灵通|号码|號碼|联系|聯繫|聯絡|打|拨|撥|微信|tel|phone|mobile|call)"
    rf"(?:我的?|是我的?)?{_NUMBER_IS}",
    re.IGNORECASE,
)
_LOCAL_CUE = re.compile(
    rf"(?:电话|電話|手机|手機|座机|座機|固话|固話|家里打|小灵通|tel|phone){_NUMBER_IS}",
    re.IGNORECASE,
)
_ACCOUNT_CUE = re.compile(
    rf"(?:卡号|卡號|[账帐][号户]|[賬帳][號戶]|户头|戶頭|一卡通|一折通|存折|存摺|银行卡|銀行卡){_NUMBER_IS}",
    re.IGNORECASE,
)
_QQ_CUE = re.compile(rf"(?:(?<![A-Za-z])qq|扣扣|企鹅号|企鵝號){_NUMBER_IS[:-1]}[加]?$", re.IGNORECASE)
_ACCOUNT_FIGURES = (9, 23)
_QQ_FIGURES = (5, 12)
_LOCAL_FIGURES = (7, 8)
_UNUSUAL_FIGURES = (8, 15)
_COUNTRY = re.compile(r"00[1-9]")
_ABROAD_FIGURES = (8, 15)
_BANK_FIGURES = (19, 18, 16, 15, 14)

_PROVINCES = "京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊"
_PLATE = re.compile(
    rf"[{_PROVINCES}][ ]?[A-HJ-NP-Za-hj-np-z][ ·•・.\-]{{0,2}}"
    r"(?:[DABCEFGHJKdabcefghjk][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DABCEFGHJKdabcefghjk]"
    r"|(?=[A-Za-z]{0,4}\d)[A-HJ-NP-Za-hj-np-z0-9]{5}|(?=[A-Za-z]{0,3}\d)[A-HJ-NP-Za-hj-np-z0-9]{4}[挂掛学學警港澳])(?![A-Za-z0-9])"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}\s?@\s?[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.){1,5}[A-Za-z]{2,10}"
)
_WECHAT = re.compile(
    r"(?:微\s?信|薇信|威信|[Vv]信|(?<![A-Za-z])(?:vx|wx|weixin|wechat|we\s?chat))"
    r"(?:\s?(?:号码|號碼|号|號|id|名|is)(?![a-z]))?[\s:是为為加]{0,3}([A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_@])",
    re.IGNORECASE,
)


def numbers(text: str, digits: str) -> Iterator[tuple[int, int, TraceKind]]:
    """Yield the traces that are numbers; the surest kinds first.

    `text` is plain, `digits` the same with spoken digits as figures.
    """
    for found in _EMAIL.finditer(text):
        yield *found.span(), TraceKind.EMAIL
    figure_runs = list(runs(text, digits))
    for search, kind in _SEARCHES:
        for run in figure_runs:
            for start, end in search(run):
                yield *_with_its_signs(digits, start, end), kind
    for written in (digits, text):  # an account may end in spoken digits, or begin with an l
        for found in _WECHAT.finditer(written):
            yield *found.span(1), TraceKind.WECHAT
    for found in _PLATE.finditer(digits):
        yield *found.span(), TraceKind.PLATE


def _identity_cards(run: Run) -> Iterator[tuple[int, int]]:
    for begin in run.beginnings:
        card = run.figures[begin : begin + 18]
        if card[:2] not in _REGIONS:
            continue
        whole, but_last = run.span(begin, 18), run.span(begin, 17)
        x = _LAST_X.match(run.digits, but_last[1]) if but_last else None
        if but_last and x:
            whole, card = (but_last[0], x.end()), card[:17] + "X"
        if not whole or not _is_birth_date(card[6:14]):
            continue
        # With a slip in it, it is still the number of a person, if it says so.
        is_valid = identity_check(card[:17]) == card[17] and not run.are_days(begin, 17 if x else 18)
        if is_valid or run.follows(_CARD_CUE, begin):
            yield whole


def _old_identity_cards(run: Run) -> Iterator[tuple[int, int]]:
    for begin in run.beginnings:
        card, span = run.figures[begin : begin + 15], run.span(begin, 15)
        if not span or card[:2] not in _REGIONS or not _is_birth_date("19" + card[6:12]) or run.is_amount(begin, 15):
            continue
        if run.follows(_CARD_CUE, begin) or (run.stands_apart(begin, 15, 15) and not run.is_list(begin, 15)):
            yield span


def _bank_cards(run: Run) -> Iterator[tuple[int, int]]:
    is_announced = run.follows(_ACCOUNT_CUE)
    behind_last = -1  # several cards may stand in a row
    for begin in run.beginnings:
        if begin < behind_last or run.figures[begin] not in "34569":
            continue
        is_announced_here = is_announced and begin == 0
        for count in _BANK_FIGURES:
            span = run.span(begin, count)
            if not span or run.is_amount(begin, count) or not luhn(run.figures[begin : begin + count]):
                continue
            if is_announced_here:
                # What is shorter may be the beginning of an account's number.
                is_certain = count > 15
            else:
                apart = begin == behind_last or run.stands_apart(begin, count, _BANK_FIGURES[0])
                is_certain = apart and not run.is_list(begin, count)
            if is_certain:
                behind_last = begin + count
                yield span
                break


def _accounts(run: Run) -> Iterator[tuple[int, int]]:
    if run.follows(_ACCOUNT_CUE):
        yield from _first_of(run, _ACCOUNT_FIGURES)


def _qq(run: Run) -> Iterator[tuple[int, int]]:
    if run.follows(_QQ_CUE) and not run.figures.startswith("0"):
        yield from _first_of(run, _QQ_FIGURES, or_days=True)


def _local_numbers(run: Run) -> Iterator[tuple[int, int]]:
    if run.figures[0] in "2345678" and run.follows(_LOCAL_CUE):
        yield from _first_of(run, _LOCAL_FIGURES)


def _abroad(run: Run) -> Iterator[tuple[int, int]]:
    """Yield the telephone numbers behind the + or the 00 of a country."""
    fewest, most = _ABROAD_FIGURES
    for begin in run.beginnings:
        if run.figures.startswith(("86", "0086"), begin):
            continue
        zeros = 2 if _COUNTRY.match(run.figures, begin) else 0
        if not zeros and not run.follows(_COUNTRY_FOLLOWS, begin):
            continue
        for count in range(most + zeros, fewest + zeros - 1, -1):
            span = run.span(begin, count)
            if not span or run.is_amount(begin, count) or run.are_days(begin, count):
                continue
            if not zeros or not run.is_list(begin, count):
                yield span
                break


def _mobiles(run: Run) -> Iterator[tuple[int, int]]:
    return _telephones(run, _MOBILE, ("1", "86", "00"), range(15, 10, -1))


def _landlines(run: Run) -> Iterator[tuple[int, int]]:
    # With no 0 in front, only behind a +.
    abroad = run.follows(_PLUS)
    return _telephones(run, _LANDLINE, ("0", "86") if abroad else ("0",), range(16, 8, -1))


def _unusual_telephones(run: Run) -> Iterator[tuple[int, int]]:
    """Yield what is called a telephone number and is none of a usual shape."""
    if run.follows(_LOCAL_CUE) and not any(begin == run.start for begin, _ in (*_mobiles(run), *_landlines(run))):
        yield from _first_of(run, _UNUSUAL_FIGURES)


def _telephones(run: Run, shape: re.Pattern[str], starts: tuple[str, ...], counts: range) -> Iterator[tuple[int, int]]:
    is_announced = run.follows(_PHONE_CUE)
    for begin in run.beginnings:
        if not run.figures.startswith(starts, begin):
            continue
        for count in counts:
            span = run.span(begin, count)
            if not span or not shape.fullmatch(run.figures, begin, begin + count):
                continue
            if (is_announced and begin == 0) or not (run.is_amount(begin, count) or run.is_list(begin, count)):
                yield span
                break


def _first_of(run: Run, figures: tuple[int, int], *, or_days: bool = False) -> Iterator[tuple[int, int]]:
    """Yield where the most figures stand with which a run can begin, none of them an amount or, mostly, days."""
    fewest, most = figures
    for count in range(most, fewest - 1, -1):
        span = run.span(0, count)
        if span and not run.is_amount(0, count) and (or_days or not run.are_days(0, count)):
            yield span
            return


def _with_its_signs(digits: str, start: int, end: int) -> tuple[int, int]:
    """Return a span with the + and the bracket that belong to its number."""
    if digits[max(0, start - 1) : start] == "+":
        start -= 1
    opened = digits.count("(", start, end) - digits.count(")", start, end)
    if opened < 0 and digits[max(0, start - 1) : start] == "(":
        start -= 1
    if opened > 0 and digits[end : end + 1] == ")":
        end += 1
    return start, end


def identity_check(seventeen: str) -> str:
    """Return the check digit of an identity card (ISO 7064, mod 11-2)."""
    return _CHECKS[sum(weight * int(figure) for weight, figure in zip(_WEIGHTS, seventeen, strict=True)) % 11]


def luhn(figures: str) -> bool:
    """Whether the last figure is the check digit of the others (Luhn)."""
    doubled = [int(figure) * (1 + place % 2) for place, figure in enumerate(reversed(figures))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_birth_date(day: str) -> bool:
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])).year in _ID_YEARS
    except ValueError:
        return False


_SEARCHES = (
    (_identity_cards, TraceKind.IDENTITY_CARD),
    (_old_identity_cards, TraceKind.IDENTITY_CARD),
    (_mobiles, TraceKind.MOBILE),
    (_bank_cards, TraceKind.BANK_CARD),
    (_accounts, TraceKind.BANK_CARD),
    (_qq, TraceKind.QQ),
    (_local_numbers, TraceKind.LANDLINE),
    (_abroad, TraceKind.MOBILE),
    (_landlines, TraceKind.LANDLINE),
    (_unusual_telephones, TraceKind.LANDLINE),
)
