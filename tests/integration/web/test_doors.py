"""One printed code, two doors: the page offers itself first, and the bot with the same token."""

import re
from contextlib import closing

import pypdfium2
import pytest
import zxingcpp

from bot.config import TelegramSettings
from services.people.enrol import invite
from simulator.server import Simulator
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.web.conftest import begin
from tests.pages import base_url, page_of_code, with_pages
from tests.story import PhoneUser

CHAT = re.compile("telegram|聊天|机器人|/[a-z]{4,}", re.IGNORECASE)


@pytest.fixture
async def without_bot(unstarted: Deployment) -> Deployment:
    """The product with its pages and without a bot."""
    opened = with_pages(unstarted)
    opened.config = opened.config.model_copy(update={"telegram": TelegramSettings()})
    await opened.start()
    return opened


async def test_the_notice_offers_to_write_here_first_and_then_the_bot_by_its_name(
    deployment: Deployment, browser: Browser
) -> None:
    page = await browser.open(await page_of_code(deployment))
    assert page.text.index("在这里写") < page.text.index("在 Telegram 里说")
    assert "@xunsheng_bot" in page.text


async def test_the_bots_link_on_the_page_opens_the_chat_at_the_same_place(
    deployment: Deployment, browser: Browser, simulator: Simulator
) -> None:
    page = await browser.open(await page_of_code(deployment, "V02"))
    link = page.link("在 Telegram 里说")
    assert link == await deployment.link("V02")
    resident = PhoneUser(simulator, simulator.add_person("somebody"))
    simulator.scan(resident.person, link)
    await resident.reads("桥头岭村")


async def test_an_invitation_can_be_used_in_the_chat_instead(
    deployment: Deployment, browser: Browser, simulator: Simulator
) -> None:
    async with deployment.database.transaction() as session:
        token = await invite(deployment.work(session), "P05")
    page = await browser.open(f"/desk/join/{token}")
    member = PhoneUser(simulator, simulator.add_person("古石生"))
    simulator.scan(member.person, page.link("用 Telegram 的，从这里进"))
    await member.reads("您已登记好")
    assert "您已登记过" in (await browser.send("是我本人，进去")).text


async def test_no_page_speaks_of_a_chat_where_there_is_none(without_bot: Deployment) -> None:
    async with Browser(base_url(without_bot)) as browser:
        said = [(await browser.open(await page_of_code(without_bot))).text]
        await begin(without_bot, browser)
        said.append(browser.page.text)
        said.append((await browser.send("add", text="路灯坏了三个月没人修")).text)
        said.append((await browser.send("1.r.send")).text)
        code = browser.page.code
        await browser.open("/")
        said += [browser.page.text, (await browser.send(text=code)).text, (await browser.open("/r/nothing")).text]
        async with without_bot.database.transaction() as session:
            token = await invite(without_bot.work(session), "P05")
        said.append((await browser.open(f"/desk/join/{token}")).text)
    assert len(set(said)) == len(said)
    assert [found.group() for text in said for found in CHAT.finditer(text)] == []


async def test_a_code_that_is_replaced_in_chat_leads_to_the_page_and_its_poster_names_the_bot(
    deployment: Deployment, simulator: Simulator
) -> None:
    [person] = await deployment.enrol("P03")
    office = PhoneUser(simulator, person)
    old = (await deployment.link("V02")).partition("start=p")[2][:8]
    office.say("/whoami")
    card = await office.sees(lambda seen: seen.from_bot)
    simulator.press_data(person, card.message_id, f"1.code.revoke.{old}")
    poster = await office.sees(lambda seen: seen.kind == "document")
    with closing(pypdfium2.PdfDocument(poster.files[0])) as document:
        text = document[0].get_textpage().get_text_range()
        [code] = zxingcpp.read_barcodes(document[0].render(scale=150 / 72).to_pil())
    assert code.text.startswith("http://127.0.0.1/r/p")
    assert (await deployment.link("V02")).partition("start=")[2] == code.text.rpartition("/")[2]
    assert "不用装软件" in text
    assert "@xunsheng_bot" in text
