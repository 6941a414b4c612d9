"""Finds where somebody lives: houses by their numbers."""

import re
from collections.abc import Iterator

# At most so many, and never from within a number: a text of nothing but figures is read once, not once for each.
_NUMBER = r"[\d十百]{1,6}"
_COUNT = rf"(?<![\d十百])第?{_NUMBER}"
_BRANCH = r"(?:[-附之]\d{1,6})?"
_NO_DAY = (
    r"(?!\s?(?:上午|下午|早|中午|晚|夜|凌晨|当天|當天|那天|开始|開始|以前|之前|以后|以後|前|后|後|左右|起|至|到|线|線|路|楼梯|桩|樁"
    r"|文|令|机|機|井|坝|壩|桥|橋|闸|閘|泵|库|庫|公告|通知))"
)
_HOUSE = re.compile(
    rf"(?:门牌|門牌)(?:号|號)?码?[:\s是为為]{{0,3}}(?:\d[\d\-附之]{{0,12}}\s?[号號]?|[\u4e00-\u9fff]{{1,12}}?\d{{1,6}}\s?[号號])"
    rf"|{_COUNT}\s?(?:村民)?(?:小组|小組|组|組|社|生产队|生產隊|队|隊)\s?第?{_NUMBER}{_BRANCH}\s?[号號]{_NO_DAY}"
    rf"|{_COUNT}\s?(?:小组|小組|组|組|社|队|隊)\s?(?:第{_NUMBER}[户戶家]|{_NUMBER}[户戶](?=$|[\s,.。;!?、]))"
    rf"|{_COUNT}\s?(?:号楼|號樓|栋|棟|幢|座)\s?(?:{_COUNT}\s?(?:单元|單元|门|門)\s?)?\d{{1,4}}\s?[室号號户戶]?(?!\d)"
    rf"|{_COUNT}\s?(?:单元|單元)\s?\d{{1,4}}\s?[室号號户戶]?(?!\d)"
    rf"|(?<!公)(?:路|街|巷|弄|胡同|大道)\s?{_NUMBER}{_BRANCH}\s?[号號]{_NO_DAY}"
    # A number behind a village's name, where no sentence goes on from it as from a day.
    rf"|[\u4e00-\u9fff][村寨屯庄莊]\s?{_NUMBER}{_BRANCH}\s?[号號](?=$|[\s,.。;、!?]|的|那?[家户戶]|人家|院|房)"
    r"|(?:户号|戶號)[:\s是为為]{0,3}\d{4,23}"
    r"|\b(?:house|door)\s?(?:no\.?|number|#)\s?\d{1,6}",
    re.IGNORECASE,
)
_HOUSE_CUE = re.compile(
    r"(?:家住|住在|住|(?:我|我们|我們|咱|俺)家(?:在|是)?|家在)"
    rf"([^。,;!?\n\d月]{{0,14}}?{_NUMBER}{_BRANCH}\s?[号號]){_NO_DAY}"
)


def houses(digits: str) -> Iterator[tuple[int, int]]:
    """Yield where in a plain text, with spoken digits as figures, a house is told."""
    for found in _HOUSE_CUE.finditer(digits):
        yield found.span(1)
    for found in _HOUSE.finditer(digits):
        yield found.span()
