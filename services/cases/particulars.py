"""How far a matter can be checked (可查性): which particulars its reporter has told, and which are still missing.

What is asked for is chosen by it. It is read off signs of language, and so a hint for the team, never a verdict.
"""

import re
from collections.abc import Collection, Sequence

from models.complaints import FILES, Case, MessageKind, Particular
from privacy.characters import simplified

_NUMBER = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千万几半])[多余来]?\s*"
_SIGNS = {
    Particular.WHO: (
        r"书记|主任|会计|出纳|支书|[村队组所站镇乡局科校院厂]长|村委|干部|老板|包工头|老师|医生|工作人员|负责人|经理|网格员|协管员"
        r"|合作社|公司|施工队|派出所|[镇乡]政府|secretary|director|accountant|official|cadre|boss|head of"
    ),
    Particular.WHEN: (
        r"\d{2,4}\s*年|[〇零一二三四五六七八九]{2,4}年|(?:\d{1,2}|[一二三四五六七八九十]{1,3})月|\d{1,2}[日号]"
        r"|[去今前当头那每][年天晚夜早]|昨[天晚夜]|[上这本]个?(?:月|周|星期|礼拜)|(?:星期|礼拜|周)[一二三四五六日天]"
        r"|春节|过年|中秋|国庆|清明|端午|元旦|腊月|正月|[年月][底初]|半夜|凌晨|最近|刚才"
        rf"|{_NUMBER}个?(?:月|年|天|周|星期|小时)(?:前|以前|了|来)"
        r"|(?:19|20)\d\d|yesterday|last (?:night|week|month|year)|(?:weeks?|months?|years?|days?) ago"
    ),
    Particular.WHERE: (
        r"[\u4e00-\u9fff](?:村|镇|乡|社区|街道|小区|街|路|桥|巷|组|小学|中学|学校|卫生院|医院|河|塘|井|水库|渠)"
        r"|village|street|road|bridge|school|clinic|hospital"
    ),
    Particular.HOW_MUCH: (
        rf"{_NUMBER}(?:元|块|毛|万|亿|亩|斤|吨|公斤|户|人|个人|次|米|公里|间|棵|头|平|方|车|桶)"
        r"|\d\s*(?:yuan|rmb|mu\b|families|people|metres|meters|kg|tons?)"
    ),
    Particular.EVIDENCE: (
        r"照片|相片|视频|录像|录音|收据|发票|单据|票据|账本|账目|合同|协议|流水|转账|截图|欠条|借条|字据|凭据|凭证|看见|看到|亲眼|在场|证人|作证"
        r"|大家都知道|photo|video|recording|receipt|invoice|contract|witness|saw it"
    ),
}
_PATTERNS = {particular: re.compile(signs, re.IGNORECASE) for particular, signs in _SIGNS.items()}
_OWN_VOICE = frozenset({MessageKind.VOICE})  # tells the matter rather than proving it


def told_in(texts: Sequence[str], kinds: Collection[MessageKind] = ()) -> frozenset[Particular]:
    """Return the particulars that are told in some texts; `kinds`: what was sent with them."""
    text = simplified("\n".join(texts))
    found = {particular for particular, pattern in _PATTERNS.items() if pattern.search(text)}
    if (FILES - _OWN_VOICE).intersection(kinds):
        found.add(Particular.EVIDENCE)
    return frozenset(found)


def missing_after(
    missing: Collection[str], texts: Sequence[str], kinds: Collection[MessageKind] = (), *, place_known: bool = False
) -> list[str]:
    """Return which of the missing particulars are missing still once this has been said.

    With `place_known` it is known where from, by the code that was scanned.
    """
    told = told_in(texts, kinds) | ({Particular.WHERE} if place_known else set())
    return [particular.value for particular in Particular if particular.value in missing and particular not in told]


def missing_of(case: Case) -> tuple[Particular, ...] | None:
    """Return the particulars that a case lacks, in the order of asking; None where that was not looked at."""
    return None if case.missing_particulars is None else tuple(map(Particular, case.missing_particulars))
