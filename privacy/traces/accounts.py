"""Finds accounts by which somebody is found on the net, and links to them."""

import re
from collections.abc import Iterator

from privacy.characters import COMMON_HAN

_APP = (
    r"(?:抖\s?音|快\s?手|小红书|小紅書|微博|支付宝|支付寶|头条号?|西瓜视频|哔哩哔哩|B站|陌陌|知乎|贴吧|淘宝|闲鱼|拼多多|钉钉|釘釘|飞书|飛書"
    r"|视频号|視頻號|电报|電報|飞机号|脸书|臉書|推特|(?<![a-z])(?:tg|telegram|whats\s?app|line|signal|skype|facebook|twitter|instagram|ins"
    r"|douyin|kuaishou|tik\s?tok|weibo|alipay|bilibili)(?![a-z]))"
)
_IS = (
    r"(?:我的?)?(?:[\s:]|号码?|號碼?|账号|帳號|賬號|id(?![a-z0-9_])|用户名|昵称|暱稱|名字?|叫|就?是|为|為|搜|搜索"
    r"|(?:number|account|name|is)(?![a-z0-9_])){1,8}"
)
_NAME = r"[a-z0-9][a-z0-9_.\-]{3,30}(?![a-z0-9_@])"
_NAME_WITH_LETTER = rf"(?=[0-9_.\-]{{0,30}}[a-z]){_NAME}"
_PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![a-z0-9._%+\-@])(@\s?[a-z][a-z0-9_]{3,31})(?![a-z0-9_.]*@)(?!\.[a-z])",
        r"((?:https?://)?(?<![a-z0-9_@.])(?:www\.)?(?:[a-z0-9_]{2,32}\.)?(?:t|telegram)\s?\.\s?(?:me|dog)\s?/\s?"
        r"[@+a-z0-9_/?=&%.~\-]{0,40}[a-z0-9_=+\-])",
        r"((?:https?://)?(?<![a-z0-9_@.])[a-z][a-z0-9_]{3,31}\.t\.me(?![a-z0-9_]))",
        r"(tg://[a-z0-9_?=&%+./@\-]{0,40}[a-z0-9_=+\-])",
        r"((?:https?://)?(?:v\.douyin\.com|(?:www\.)?douyin\.com/user|v\.kuaishou\.com|(?:www\.)?kuaishou\.com/profile"
        r"|(?:m\.)?weibo\.c(?:om|n)|xhslink\.com|u\.wechat\.com|qm\.qq\.com|qr\.alipay\.com|space\.bilibili\.com|wa\.me|line\.me)/[a-z0-9_?=&/+@.%\-]{2,40})",
        rf"{_APP}{_IS}({_NAME})",
        rf"{_APP}({_NAME_WITH_LETTER})",
        rf"{_APP}(?:{_IS})?(@(?!了|过|過|我|他|她|你|所有人)[{COMMON_HAN}][{COMMON_HAN}a-z0-9_\-]{{1,14}}?)"
        r"(?=[\s,.;:。!?、”\"」]|$)",
        rf"(?:{_APP}|微信|QQ)(?:名字?|昵称|暱稱|网名|網名)[\s:]?(?:叫做?|是|为|為)?[\s:“\"「]{{0,2}}"
        rf"([{COMMON_HAN}][{COMMON_HAN}a-z0-9]{{1,9}}?)(?=[\s,.;:。!?、”\"」]|$)",
    )
]


def accounts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a plain text an account or a link to one is told."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield found.span(1)
