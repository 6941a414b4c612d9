"""Somebody who has only a mailbox comes in by a link that is mailed to them."""

import re

from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.mail.conftest import PAGES
from tests.integration.mail.people import HEAD, has_mail, mailbox
from tests.integration.web.desk import sign_in
from tests.mail import MailServer
from tests.pages import base_url

OTHER = "other@zhuwu.example"


async def test_a_head_without_telegram_asks_for_a_link_and_opens_their_pages(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await has_mail(without_telegram, HEAD)
    async with Browser(base_url(without_telegram)) as browser:
        await browser.open("/desk")
        await browser.send("发链接给我", who=mailbox(HEAD))
        await without_telegram.settled()
        [mail] = mails.to(mailbox(HEAD))
        found = re.search(rf"{PAGES}(/desk/open/\S+)", mail.text)
        assert found is not None
        await browser.open(found[1])
        await browser.send("进去办事")
        assert "工作人员登录" not in browser.page.headings
        await browser.open("/desk/items")
        assert "RI01" in browser.page.text


async def test_on_their_pages_they_add_another_mailbox_and_keep_the_last(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await has_mail(without_telegram, HEAD)
    async with Browser(base_url(without_telegram)) as browser:
        await sign_in(without_telegram, browser, HEAD)
        await browser.open("/desk/whoami")
        await browser.send("1.address.show")
        assert mailbox(HEAD) in browser.page.text
        assert not browser.page.has_button("1.address.drop")
        await browser.send("1.address.add")
        await browser.send("add", text=OTHER)
        await without_telegram.settled()
        code = re.search(r"\b\d{6}\b", mails.to(OTHER)[-1].text)
        assert code is not None
        await browser.send("add", text=code[0])
        assert f"加好了：{OTHER}" in browser.page.text
