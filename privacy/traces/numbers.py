"""Numbers that lead to a person: cards, telephones, plates, houses, accounts."""

import re
from collections.abc import Iterator
from datetime import date

from privacy.traces.kinds import TraceKind

# The regions with which the number of an identity card begins.
_REGIONS_WRITTEN = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83
"""
_REGIONS = frozenset(_REGIONS_WRITTEN.split())
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_GAP = r"[ \t\-‐‑‒–—―·•._/]{0,2}"
# Figures that are no longer, and no amount: neither a currency before them nor a unit behind.
_BEGIN = r"(?<![\d¥$€])"
_NO_AMOUNT = r"(?!\d)(?!\.\d)(?!\s?(?:[元块塊万萬亿億吨噸斤米亩畝方度%株棵头只]|公斤|公里|千米|平方|平米|立方))"


def _spread(counts: tuple[int, ...], first: str = "") -> str:
    """Return the pattern of figures in groups of these sizes, with gaps between the groups."""
    return _GAP.join([first + rf"\d{{{counts[0]}}}", *(rf"\d{{{count}}}" for count in counts[1:])])


_EIGHTEEN = re.compile(_BEGIN + rf"\d(?:{_GAP}\d){{16}}{_GAP}[\dXx](?![\dA-Za-z])")
_FIFTEEN = re.compile(_BEGIN + rf"\d{{6}}{_GAP}\d{{6}}{_GAP}\d{{3}}" + _NO_AMOUNT)
_CARD_CUE = re.compile(r"(?:身份证|身份證|公民身份|证件号|證件號|ID)\D{0,8}$", re.IGNORECASE)
_MOBILE = re.compile(
    r"(?<![\d¥$€])(?:(?:\+|00)?86[ \-.()]{0,2})?"
    rf"(?:{_spread((1, 4, 4), '1[3-9]')}|{_spread((2, 3, 4), '1[3-9]')}|{_spread((2, 4, 3), '1[3-9]')}"
    rf"|{_spread((1, 8), '1[3-9]')}|{_spread((5, 4), '1[3-9]')}|{_spread((1, 3, 5), '1[3-9]')}"
    rf"|1[ \t\-‐–—·.]{{1,2}}[3-9](?:[ \t\-‐–—·.]{{1,2}}\d){{9}}|{_spread((1, 2, 2, 2, 2), '1[3-9]')}"
    rf"|{_spread((3, 6), '1[3-9]')})" + _NO_AMOUNT
)
_AREA = r"(?:10|2\d|[3-9]\d{2})"
_LANDLINE = re.compile(
    r"(?<![\d¥$€\-])(?:\(?(?:\+|00)86\)?[ \-]{0,2}\(?0?" + _AREA + r"|\(?0" + _AREA + r")[)\s\-–—]{0,3}"
    r"[2-8]\d{2,3}[ \-–—]?\d{4}" + _NO_AMOUNT
)
_LOCAL = re.compile(
    r"(?:电话|電話|座机|座機|固话|固話|家里打|小灵通|tel|phone)(?:号码|號碼|号|號)?[\s:是为為.]{0,3}"
    r"([2-8]\d{2,3}[ \-–—]?\d{4})" + _NO_AMOUNT,
    re.IGNORECASE,
)
_BANK = re.compile(_BEGIN + rf"[3-69]\d{{3}}(?:{_GAP}\d){{10,15}}" + _NO_AMOUNT)
_BANK_CUE = re.compile(
    r"(?:卡号|卡號|账号|帐号|賬號|帳號|一卡通|一折通|存折|存摺|银行卡|銀行卡)(?:号码|號碼|号|號)?[\s:是为為]{0,3}"
    rf"(\d(?:{_GAP}\d){{8,22}})(?!\d)"
)
_PROVINCES = "京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊"
_PLATE = re.compile(
    rf"[{_PROVINCES}][ ]?[A-HJ-NP-Za-hj-np-z][ ·•・.\-]{{0,2}}"
    r"(?:[DABCEFGHJKdabcefghjk][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DABCEFGHJKdabcefghjk]"
    r"|(?=[A-Za-z]{0,4}\d)[A-HJ-NP-Za-hj-np-z0-9]{5}|(?=[A-Za-z]{0,3}\d)[A-HJ-NP-Za-hj-np-z0-9]{4}[挂掛学學警港澳])(?![A-Za-z0-9])"
)
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}\s?@\s?[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.)+[A-Za-z]{2,10}")
_WECHAT = re.compile(
    r"(?:微\s?信|薇信|威信|[Vv]信|(?<![A-Za-z])(?:vx|wx|weixin|wechat|we\s?chat))"
    r"(?:\s?(?:号码|號碼|号|號|id|名|is)(?![a-z]))?[\s:是为為加]{0,3}([A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_@])",
    re.IGNORECASE,
)
_QQ = re.compile(
    r"(?:(?<![A-Za-z])qq|扣扣|企鹅号|企鵝號)(?:号码|號碼|号|號|is|number)?[\s:是为為加]{0,3}([1-9]\d{4,11})(?!\d)",
    re.IGNORECASE,
)
_COUNT = r"第?[\d十百]+"
_NO_DAY = (
    r"(?!\s?(?:上午|下午|早|中午|晚|夜|凌晨|当天|當天|那天|开始|開始|以前|之前|以后|以後|前|后|後|左右|起|至|到|线|線|路|楼梯|桩|樁"
    r"|文|令|机|機|井|坝|壩|桥|橋|闸|閘|泵|库|庫|公告|通知))"
)
_HOUSE = re.compile(
    r"(?:门牌|門牌)(?:号|號)?码?[:\s是为為]{0,3}(?:\d[\d\-附之]*\s?[号號]?|[\u4e00-\u9fff]{1,12}?\d+\s?[号號])"
    rf"|{_COUNT}\s?(?:村民)?(?:小组|小組|组|組|社|生产队|生產隊|队|隊)\s?第?[\d十百]+[-附之]?\d*\s?[号號]{_NO_DAY}"
    rf"|{_COUNT}\s?(?:小组|小組|组|組|社|队|隊)\s?(?:第[\d十百]+[户戶]|[\d十百]+[户戶](?=$|[\s,.。;!?、]))"
    rf"|{_COUNT}\s?(?:号楼|號樓|栋|棟|幢|座)\s?(?:{_COUNT}\s?(?:单元|單元|门|門)\s?)?[\d]{{1,4}}\s?[室号號户戶]?(?!\d)"
    rf"|{_COUNT}\s?(?:单元|單元)\s?[\d]{{1,4}}\s?[室号號户戶]?(?!\d)"
    rf"|(?<!公)(?:路|街|巷|弄|胡同|大道)\s?[\d十百]+(?:[-附之]\d+)?\s?[号號]{_NO_DAY}"
    # A number behind a village's name, where no sentence goes on from it as from a day.
    r"|[\u4e00-\u9fff][村寨屯庄莊]\s?[\d十百]+(?:[-附之]\d+)?\s?[号號](?=$|[\s,.。;、!?]|的|那?[家户戶]|人家|院|房)"
    rf"|(?:户号|戶號)[:\s是为為]{{0,3}}\d{{4,}}"
    r"|\b(?:house|door)\s?(?:no\.?|number|#)\s?\d+",
    re.IGNORECASE,
)
_HOUSE_CUE = re.compile(
    r"(?:家住|住在|住|(?:我|我们|我們|咱|俺)家(?:在|是)?|家在)"
    rf"([^。,;!?\n\d月]{{0,14}}?[\d十百]+(?:[-附之]\d+)?\s?[号號]){_NO_DAY}"
)
_ID_YEARS = range(1900, 2100)


def numbers(text: str, digits: str) -> Iterator[tuple[int, int, TraceKind]]:
    """Yield the traces that are numbers and addresses; the surest kinds first.

    `text` is plain, `digits` the same with spoken digits as figures.
    """
    for found in _EMAIL.finditer(text):
        yield *found.span(), TraceKind.EMAIL
    yield from _identity_cards(digits)
    for found in _BANK.finditer(digits):
        figures = _figures(found[0])
        if 14 <= len(figures) <= 19 and len(figures) != 17 and luhn(figures):
            yield *found.span(), TraceKind.BANK_CARD
    for pattern, kind in _CUED:
        for found in pattern.finditer(digits):
            yield *found.span(1), kind
    for pattern, kind in _BARE:
        for found in pattern.finditer(digits):
            yield *found.span(), kind


def _identity_cards(digits: str) -> Iterator[tuple[int, int, TraceKind]]:
    for found in _EIGHTEEN.finditer(digits):
        card = _figures(found[0])
        # With a slip in it, it is still the number of a person, if it says so.
        named = _CARD_CUE.search(digits, max(0, found.start() - 16), found.start())
        if _born(card[:6], card[6:14]) and (identity_check(card[:17]) == card[17] or named):
            yield *found.span(), TraceKind.IDENTITY_CARD
    for found in _FIFTEEN.finditer(digits):
        card = _figures(found[0])
        if _born(card[:6], "19" + card[6:12]):
            yield *found.span(), TraceKind.IDENTITY_CARD


def identity_check(seventeen: str) -> str:
    """Return the check digit of an identity card (ISO 7064, mod 11-2)."""
    return _CHECKS[sum(weight * int(figure) for weight, figure in zip(_WEIGHTS, seventeen, strict=True)) % 11]


def luhn(figures: str) -> bool:
    """Whether the last figure is the check digit of the others (Luhn)."""
    doubled = [int(figure) * (1 + place % 2) for place, figure in enumerate(reversed(figures))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _born(region: str, day: str) -> bool:
    if region[:2] not in _REGIONS:
        return False
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])).year in _ID_YEARS
    except ValueError:
        return False


def _figures(written: str) -> str:
    return "".join(sign.upper() for sign in written if sign.isdigit() or sign in "xX")


_CUED = (
    (_BANK_CUE, TraceKind.BANK_CARD),
    (_WECHAT, TraceKind.WECHAT),
    (_QQ, TraceKind.QQ),
    (_LOCAL, TraceKind.LANDLINE),
    (_HOUSE_CUE, TraceKind.HOUSE),
)
_BARE = (
    (_MOBILE, TraceKind.MOBILE),
    (_LANDLINE, TraceKind.LANDLINE),
    (_PLATE, TraceKind.PLATE),
    (_HOUSE, TraceKind.HOUSE),
)
