"""Finds contact details in a text for a reporter: whoever follows them leaves the bot and can be recognised.

A web address tells its owner from where and when it was opened; a contact shows the account that adds it. Telegram
makes a link of a bare domain too. Whoever calls a mobile shows their own number to whoever holds it; so of numbers of
telephones only those of an office pass: short public lines, landlines, and what the round's own notice names.
"""

import re
from collections.abc import Collection

from privacy.characters import COMMON_HAN
from privacy.traces import TraceKind, find_mentions
from privacy.traces.plain import Plain, normalised_value

# Where a name such as `qiaotou.gov` ends.
_LETTER = rf"(?:(?![{COMMON_HAN}])[^\W\d_])"
_ENDING = rf"{_LETTER}(?:[^\W{COMMON_HAN}]|-)"
# Behind mere figures: letters alone, for 2.GB50016 is a document and 3.5kg a weight, and none that begin many an item.
_BARE_ENDING = rf"(?:xn--|(?!(?:led|wifi|gps|pvc)(?![a-z])){_LETTER}{{2,24}}(?![^\W{COMMON_HAN}]))"
_HAN_ENDING = (
    f"(?:中国|中國|公司|网络|網絡|网址|網址|网站|網站|在线|在線|中文网|集团|移动|手机|商城|政务|公益)(?![{COMMON_HAN}])"
)
# Of any app that `privacy.traces` knows an account is found; of these it is found in looser words as well.
_APP_NAME = (
    r"(?:微信|威信|薇信|we\s?chat|wei\s?xin|(?<![a-z])(?:[vw]x|qq|tg)|扣扣|企鹅|企鵝|钉钉|釘釘|飞书|飛書|抖音|快手|小红书|小紅書"
    r"|微博|陌陌|whats\s?app|telegram|电报|電報)"
)
_ACCOUNT_NAME = r"[a-z0-9][a-z0-9_-]{4,30}"  # an account's name in an app
_ACCOUNT_NAME_WITH_LETTER = r"(?=[0-9_-]{0,30}[a-z])" + _ACCOUNT_NAME
_POSSESSIVE = r"(?:我|我们|我們|咱|咱们|咱們)?的?"

_CONTACT_PATTERNS = re.compile(
    "|".join(
        (
            r"@",  # e-mail, and names in Telegram
            r"[a-z]://",
            r"(?<![a-z0-9])(?:www\.|(?:tg|mailto|weixin):)",
            rf"[^\W\d_][\d_-]{{0,20}}\.(?:{_ENDING}|{_HAN_ENDING})",
            rf"\d\.{_BARE_ENDING}|\d{{2}}\.{_HAN_ENDING}",
            r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)",
            r"(?<![a-z0-9])t\s{0,3}[.。点點]\s{0,3}me(?![a-z0-9])",
            r"[a-z0-9]\s{0,3}[.。点點]\s{0,3}(?:com|cn|net|org)(?![a-z0-9])",
            rf"{_APP_NAME}[\s::,，号號码碼群羣id是为為就叫搜索加]{{0,12}}{_ACCOUNT_NAME}",
            rf"(?<![a-z0-9_-])(?=[a-z-]{{1,30}}[\d_]){_ACCOUNT_NAME}.{{0,3}}{_APP_NAME}",
            rf"(?:加|扫|掃)(?:我|我们|我們|一下|个|個|上|下)?(?:的)?\s{{0,3}}{_APP_NAME}",
            rf"add (?:me|us) on {_APP_NAME}",
            rf"(?:加|扫|掃){_POSSESSIVE}\s{{0,3}}(?<![a-z])[vq微薇](?![a-z])",
            rf"(?<![a-z0-9])[vq薇]\s{{0,3}}[::]\s{{0,3}}{_ACCOUNT_NAME_WITH_LETTER}",
            rf"加{_POSSESSIVE}[\s::]{{0,3}}{_ACCOUNT_NAME_WITH_LETTER}",
            r"(?:加|进|進|入)\s?[a-z]{0,2}(?:群|羣)[\s::号號码碼是为為]{0,6}\d{5}|(?:群|羣)[号號][\s::码碼是为為]{0,6}\d{5}",
        )
    )
)
# What shows an account, and the number of whoever calls: of mobiles, and of lines that are rented to anybody.
_CONTACTS = frozenset({TraceKind.MOBILE, TraceKind.WECHAT, TraceKind.QQ, TraceKind.EMAIL, TraceKind.ACCOUNT})
_RENTED_LINE = re.compile(r"(?<!\d)[48]00[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)")


def contains_contact(written: str, office_numbers: Collection[str] = ()) -> bool:
    """Whether words hold a web address, an account, a mobile or another contact, however it is written."""
    plain = Plain.of(written)
    if _CONTACT_PATTERNS.search(plain.text.lower()):
        return True
    return not _contacts(plain, written) <= {
        value for number in office_numbers for value in _contacts(Plain.of(number), number)
    }


def _contacts(plain: Plain, written: str) -> set[str]:
    found = {mention.value for mention in find_mentions([written]) if mention.kind in _CONTACTS}
    return found.union(normalised_value(number[0]) for number in _RENTED_LINE.finditer(plain.digits))
