import pytest
from telegram.helpers import create_deep_linked_url

from qr.link import BotAddress, Links, NothingToLeadTo, bot_username, site

TOKEN = "pk7Qm2xP9AbCdEfGh_-12"
BOT = BotAddress("qinghe_xuncha_bot")


def test_a_link_opens_the_bot_with_the_token() -> None:
    link = BOT.link(TOKEN)
    assert link == "https://t.me/qinghe_xuncha_bot?start=pk7Qm2xP9AbCdEfGh_-12"
    assert link == create_deep_linked_url("qinghe_xuncha_bot", TOKEN)
    assert bot_username(link) == "qinghe_xuncha_bot"


def test_a_stand_in_may_have_its_own_address() -> None:
    assert BotAddress("bot", "http://127.0.0.1:8081/open/").link("t") == "http://127.0.0.1:8081/open/bot?start=t"


@pytest.mark.parametrize("token", ["", "a" * 65, "a b", "a&b=c", "a\n", "巡"])
def test_a_token_that_telegram_would_drop_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="deep link"):
        BOT.link(token)


@pytest.mark.parametrize("username", ["", "@qinghe_xuncha_bot", "a/b", "bot?start=x", "bot\n"])
def test_a_malformed_username_is_refused(username: str) -> None:
    with pytest.raises(ValueError, match="username"):
        BotAddress(username).link("token")


@pytest.mark.parametrize("pages", ["https://xuncha.example.org", "https://xuncha.example.org/"])
@pytest.mark.parametrize("bot", [None, BOT])
def test_a_printed_code_leads_to_the_page_where_there_is_one(pages: str, bot: BotAddress | None) -> None:
    link = Links(pages, bot).of_code(TOKEN)
    assert link == f"https://xuncha.example.org/r/{TOKEN}"
    assert bot_username(link) is None
    assert site(link) == "xuncha.example.org"


def test_a_printed_code_leads_to_the_bot_where_there_are_no_pages() -> None:
    assert Links(bot=BOT).of_code(TOKEN) == BOT.link(TOKEN)


def test_what_leads_nowhere_is_refused() -> None:
    with pytest.raises(NothingToLeadTo):
        Links().of_code(TOKEN)
