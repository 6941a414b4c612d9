"""A resident says something on a page, sends it, and comes back."""

from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.web.conftest import begin


async def test_try(deployment: Deployment, browser: Browser) -> None:
    await begin(deployment, browser)
    print(browser.page.url, browser.page.text)
    await browser.send("add", text="路灯坏了三个月没人修")
    print(browser.page.url, browser.page.text, browser.page.form)
    await browser.send("1.r.send")
    print(browser.page.text)
    print(browser.page.code)
