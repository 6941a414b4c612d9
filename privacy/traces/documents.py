"""Finds numbers of papers that are one person's alone, and of vehicles by their frames."""

import re
from collections.abc import Iterator

from privacy.traces.kinds import TraceKind
from privacy.traces.numbers import identity_check

_END = r"(?![A-Za-z0-9])"
_BEGIN = r"(?<![A-Za-z0-9])"
_PAPER = (
    "(?:(?:低保|[五5]保|特困)(?=[号號编編])|护照|護照|passport|通行证|通行證|回乡证|回鄉證|台胞证|臺胞證|港澳居民|低保证|低保證|[五5]保证|特困证|救助证|优抚证|优待证|優待證|残疾人?证"
    "|殘疾人?證|军官证|士兵证|退役证|退伍证|军人证|工作证|学生证|學生證|社保卡?|社会保障卡|医保卡?|醫保卡?|就诊卡|病历|住院|驾驶证|駕駛證|驾照"
    "|档案|結婚證|结婚证|房产证|房產證|不动产权证|林权证|土地证|宅基地证|户口[本簿]|戶口[本簿])"
)
_IS = r"(?:编号|編號|证号|證號|号码|號碼|号|號|number|no\.?|是|为|為|第|字|[\s:(]){1,6}"
_UNIT = r"(?!\s?(?:[年月日元块塊万萬户戶人份本张張个個天]|\.\d))"
_NUMBER = r"(?=[A-Za-z]{0,6}\d)[A-Za-z0-9]{4,24}|\d{2,8}(?:[ \-]\d{2,8}){1,5}"
_WITH_CUE = re.compile(rf"{_PAPER}(?:{_IS}({_NUMBER})|([A-Za-z]{{0,3}}\d{{6,24}})){_END}{_UNIT}", re.IGNORECASE)
_SHAPES = re.compile(
    rf"{_BEGIN}(?:[EGeg]\d{{8}}|[Ee][A-HJ-NP-Za-hj-np-z]\d{{7}}|[HMhm]\d{{8}}(?:\d{{2}})?|[A-Z]{{1,2}}\d{{6}}\([0-9A]\)|[A-Z][1289]\d{{8}}){_END}"
)
_OF_THE_DISABLED = re.compile(
    rf"{_BEGIN}(\d{{17}}[\dXx])\d{{2}}{_END}"
)  # the number of the identity card, and two more

_FRAME = re.compile(rf"{_BEGIN}(?=\d{{0,9}}[A-Za-z])[A-HJ-NPR-Za-hj-npr-z0-9]{{17}}{_END}")
_FRAME_CUE = re.compile(
    rf"(?:车架|車架|大架|底盘|底盤|发动机|發動機|(?<![a-z])vin(?![a-z])){_IS}((?=[A-Za-z\-]{{0,16}}\d)[A-Za-z0-9\-]{{5,17}}){_END}",
    re.IGNORECASE,
)
_PLATE_CUE = re.compile(
    rf"(?:车牌|車牌|牌照)(?:{_IS})([\u4e00-\u9fff]?(?=[A-Za-z ]{{0,4}}\d)[A-Za-z0-9]{{5,8}}){_END}",
    re.IGNORECASE,
)
_FRAME_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_FRAME_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def documents(digits: str) -> Iterator[tuple[int, int, TraceKind]]:
    """Yield where in a plain text, with spoken digits as figures, the number of a paper or a vehicle stands."""
    for found in _WITH_CUE.finditer(digits):
        yield *found.span(found.lastindex or 0), TraceKind.DOCUMENT
    for found in _SHAPES.finditer(digits):
        yield *found.span(), TraceKind.DOCUMENT
    for found in _OF_THE_DISABLED.finditer(digits):
        if identity_check(found[1][:17]) == found[1][17].upper():
            yield *found.span(), TraceKind.DOCUMENT
    for found in _FRAME.finditer(digits):
        if frame_check(found[0]) == found[0][8].upper():
            yield *found.span(), TraceKind.VEHICLE
    for found in _FRAME_CUE.finditer(digits):
        yield *found.span(1), TraceKind.VEHICLE
    for found in _PLATE_CUE.finditer(digits):
        yield *found.span(1), TraceKind.PLATE


def frame_check(number: str) -> str:
    """Return the check digit of the number of a vehicle's frame (GB 16735)."""
    values = (int(sign) if sign.isdecimal() else _FRAME_VALUES[sign] for sign in number.upper())
    rest = sum(weight * value for weight, value in zip(_FRAME_WEIGHTS, values, strict=True)) % 11
    return "X" if rest == 10 else str(rest)
