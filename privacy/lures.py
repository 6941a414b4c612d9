"""Finds in words for a reporter what would lead them out of the bot, to where somebody can see who comes.

A web address tells its owner from where and when it was opened; a contact shows the account that adds it. Telegram
makes a link of a bare domain too. Numbers of telephones are let through: an office has one, and whoever calls knows it.
"""

import re

from privacy.traces.plain import Plain

_HAN = r"\u3400-\u9fff"
# Where a name such as `qiaotou.gov` ends; behind mere figures only endings that are in use: 3.5 and 11.20 are no names.
_ENDING = rf"(?:(?![{_HAN}])[^\W\d_])(?:[^\W{_HAN}]|-)"
_KNOWN = r"(?:com|cn|net|org|gov|edu|info|top|xyz|vip|site|club|shop|app|link|cc|me|io|tv|im|co)(?![a-z0-9])"
_HAN_ENDING = (
    rf"(?:中国|中國|公司|网络|網絡|网址|網址|网站|網站|在线|在線|中文网|集团|移动|手机|商城|政务|公益)(?![{_HAN}])"
)
_APP = (
    r"(?:微信|威信|薇信|we\s?chat|wei\s?xin|(?<![a-z])[vw]x|(?<![a-z])qq|扣扣|钉钉|釘釘|whats\s?app|telegram|电报|電報)"
)
_SIGN = r"[a-z0-9][a-z0-9_-]{4,30}"  # how somebody is called there

_LURES = re.compile(
    "|".join(
        (
            r"@",  # e-mail, and names in Telegram
            r"[a-z]://",
            r"(?<![a-z0-9])(?:www\.|(?:tg|mailto|weixin):)",
            rf"[^\W\d_][\d_-]{{0,20}}\.(?:{_ENDING}|{_HAN_ENDING})",
            rf"\d\.{_KNOWN}",
            r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)",
            r"(?<![a-z0-9])t\s{0,3}[.。点點]\s{0,3}me(?![a-z0-9])",
            r"[a-z0-9]\s{0,3}[.。点點]\s{0,3}(?:com|cn|net|org)(?![a-z0-9])",
            rf"{_APP}[\s::,，号號码碼群羣id是为為就叫]{{0,12}}{_SIGN}",
            rf"(?<![a-z0-9_-])(?=[a-z-]{{1,30}}[\d_]){_SIGN}.{{0,3}}{_APP}",
            rf"(?:加|扫|掃)(?:我|我们|我們|一下|个|個|上|下)?(?:的)?\s{{0,3}}{_APP}",
            rf"add (?:me|us) on {_APP}",
        )
    )
)


def leads_away(written: str) -> bool:
    """Whether words hold a web address, an account or a contact, however it is written."""
    return _LURES.search(Plain.of(written).text.lower()) is not None
