"""One printed code, two doors: the page offers itself first, and the bot with the same token."""

from simulator.server import Simulator
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.pages import page_of_code
from tests.story import PhoneUser


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
