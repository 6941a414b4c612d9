"""Whoever names an account of Telegram's may be naming their own: it is marked like a telephone number."""

import pytest

from privacy.contact_details import contains_contact
from privacy.traces import TraceKind, find_mentions


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("村民群 (https://t.me/lixiuying) 里都知道", "https://t.me/lixiuying"),
        ("李秀英 (tg://user?id=123456789) 讲的", "tg://user?id=123456789"),
        ("看 telegram.me/lixiuying。", "telegram.me/lixiuying"),
        ("加群https://t.me/+AbCdEf12345", "https://t.me/+AbCdEf12345"),
        ("lixiuying.t.me 找得到我", "lixiuying.t.me"),
        ("我的号是@lixiuying_88,找我", "@lixiuying_88"),
        ("tg://resolve?domain=lixiuying", "tg://resolve?domain=lixiuying"),
        ("T.ME/LIXIUYING", "T.ME/LIXIUYING"),
    ],
)
def test_an_account_is_marked(text: str, account: str) -> None:
    assert [(one.kind, one.written([text])) for one in find_mentions([text])] == [(TraceKind.ACCOUNT, account)]
    assert contains_contact(text)


@pytest.mark.parametrize(
    "text", ["路灯@村口坏了", "水价3@5元", "见 https://www.gov.cn/zhengce/2026.htm", "at.me/abc", "@abc"]
)
def test_what_names_no_account_is_not(text: str) -> None:
    assert not find_mentions([text])


def test_an_address_of_mail_is_one_of_mail() -> None:
    text = "写信到 lixiuying@example.com"
    assert [one.kind for one in find_mentions([text])] == [TraceKind.EMAIL]
