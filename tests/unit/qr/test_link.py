import pytest
from telegram.helpers import create_deep_linked_url

from qr.link import deep_link


def test_a_link_opens_the_bot_with_the_token() -> None:
    link = deep_link("https://t.me", "qinghe_xuncha_bot", "pk7Qm2xP9AbCdEfGh_-12")
    assert link == "https://t.me/qinghe_xuncha_bot?start=pk7Qm2xP9AbCdEfGh_-12"
    assert link == create_deep_linked_url("qinghe_xuncha_bot", "pk7Qm2xP9AbCdEfGh_-12")


def test_a_stand_in_may_have_its_own_address() -> None:
    assert deep_link("http://127.0.0.1:8081/open/", "bot", "t") == "http://127.0.0.1:8081/open/bot?start=t"


@pytest.mark.parametrize("token", ["", "a" * 65, "a b", "a&b=c", "a\n", "巡"])
def test_a_token_that_telegram_would_drop_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="deep link"):
        deep_link("https://t.me", "qinghe_xuncha_bot", token)


@pytest.mark.parametrize("username", ["", "@qinghe_xuncha_bot", "a/b", "bot?start=x", "bot\n"])
def test_a_malformed_username_is_refused(username: str) -> None:
    with pytest.raises(ValueError, match="username"):
        deep_link("https://t.me", username, "token")
