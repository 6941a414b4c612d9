"""Somebody who has neither Telegram nor a registered mailbox comes in by an invitation on paper."""

import re
from datetime import timedelta

import pytest

from services.people.enrol import INVITATION_DAYS, invite
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.mail.conftest import PAGES
from tests.integration.mail.people import DIRECTOR, HEAD, has_mail
from tests.integration.web.desk import sign_in
from tests.mail import MailServer
from tests.pages import base_url

OWN = "min.da@county.example"
JOIN = "是我本人，进去"


async def invitation(deployment: Deployment, staff_id: str = HEAD) -> str:
    """Return where an invitation leads that the office has just made."""
    async with deployment.database.transaction() as session:
        return f"/desk/join/{await invite(deployment.work(session), staff_id)}"


async def test_a_head_with_an_invitation_on_paper_registers_a_mailbox_and_comes_back_by_it(
    without_telegram: Deployment, mails: MailServer
) -> None:
    async with Browser(base_url(without_telegram)) as browser:
        await browser.open(await invitation(without_telegram))
        assert "闵达" in browser.page.text
        await browser.send(JOIN)
        assert browser.page.url.endswith("/desk/whoami")
        assert "还没登记您的邮箱" in browser.page.text
        await browser.send("1.address.add")
        await browser.send("add", text=OWN)
        await without_telegram.settled()
        code = re.search(r"\b\d{6}\b", mails.to(OWN)[-1].text)
        assert code is not None
        await browser.send("add", text=code[0])
        assert "还没登记您的邮箱" not in (await browser.open("/desk/whoami")).text
    async with Browser(base_url(without_telegram)) as later:
        await later.open("/desk")
        await later.send("发链接给我", who=OWN)
        await without_telegram.settled()
        link = re.search(rf"{PAGES}(/desk/open/\S+)", mails.to(OWN)[-1].text)
        assert link is not None
        await later.open(link[1])
        await later.send("进去办事")
        await later.open("/desk/items")
        assert "RI01" in later.page.text


async def test_an_invitation_that_is_looked_at_is_not_used_up_and_lets_in_once(without_telegram: Deployment) -> None:
    link = await invitation(without_telegram)
    async with Browser(base_url(without_telegram)) as one, Browser(base_url(without_telegram)) as other:
        for browser in (one, other):
            await browser.open(link)
        await one.send(JOIN)
        assert one.page.url.endswith("/desk/whoami")
        await other.send(JOIN)
        assert "已经用过了" in other.page.text
        await other.open(link)
        assert "已经用过了" in other.page.text
        assert not other.page.has_button(JOIN)


async def test_an_invitation_lives_as_long_as_one_of_the_chat(without_telegram: Deployment) -> None:
    link = await invitation(without_telegram)
    without_telegram.simulator.advance(timedelta(days=INVITATION_DAYS).total_seconds() - 60)
    async with Browser(base_url(without_telegram)) as browser:
        await browser.open(link)
        assert browser.page.has_button(JOIN)
        without_telegram.simulator.advance(60)
        await browser.send(JOIN)
        assert "已过期" in browser.page.text


@pytest.mark.parametrize("token", ["", "x", "p12345678abcdefghijkl", "i12345678abcdefghijkl"])
async def test_what_is_no_invitation_opens_nothing(without_telegram: Deployment, token: str) -> None:
    async with Browser(base_url(without_telegram)) as browser:
        await browser.open(f"/desk/join/{token}")
        assert not browser.page.has_button(JOIN)
        await browser.open("/desk/whoami")
        assert "工作人员登录" in browser.page.headings


async def test_whoever_is_reached_already_is_sent_a_link_instead(without_telegram: Deployment) -> None:
    link = await invitation(without_telegram)
    async with Browser(base_url(without_telegram)) as browser:
        await browser.open(link)
        await has_mail(without_telegram, HEAD)
        await browser.send(JOIN)
        assert "您已登记过" in browser.page.text
        assert browser.page.has_button("发链接给我")
        await browser.open("/desk/whoami")
        assert "工作人员登录" in browser.page.headings


async def test_the_director_invites_somebody_on_the_page_of_the_people(without_telegram: Deployment) -> None:
    await has_mail(without_telegram, DIRECTOR)
    async with Browser(base_url(without_telegram)) as office, Browser(base_url(without_telegram)) as head:
        await sign_in(without_telegram, office, DIRECTOR)
        await office.open("/desk/staff?q=闵达")
        await office.send(f"1.people.invite.{HEAD}")
        link = re.search(rf"{PAGES}(/desk/join/\S+)", office.page.text)
        assert link is not None
        await head.open(link[1])
        await head.send(JOIN)
        assert "闵达" in head.page.text
