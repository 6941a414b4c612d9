"""Somebody on the staff at their browser: they come by the link of a mail, look, write and press."""

import re
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.deployment import Deployment
from tests.mail import MailServer
from tests.pages import base_url

PUBLIC = "https://xunsheng.example"
PEOPLE = {"leader": "P05", "member": "P06", "head": "P14", "director": "P03"}  # with a mail address


class Person:
    """Somebody on the staff at their browser."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url = page, base_url

    async def go(self, path: str) -> None:
        await self.page.goto(self.base_url + path)

    async def press(self, what: str) -> None:
        """Press the button that does this."""
        found = self.page.locator(f"button[value^='1.{what}']").first
        folded = self.page.locator("details.further:not([open])", has=found)
        if await folded.count():
            await folded.locator("summary").click()
        await found.click()

    async def write(self, text: str, *, files: Sequence[Path] = ()) -> None:
        """Answer what the open form asks."""
        await self.page.locator("#text").fill(text)
        if files:
            await self.page.locator("#files").set_input_files(files)
        await self.page.locator("button[name=add]").click()

    async def reads(self, text: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(text)

    async def finds_all_well(self) -> None:
        """See that axe finds nothing wrong, and that nothing reaches beyond the screen to the right."""
        found = (await Axe().run(self.page)).response["violations"]
        assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


async def come_in(
    deployment: Deployment, mails: MailServer, chromium: Browser, name: str, size: tuple[int, int]
) -> Person:
    """Ask for a link by mail address and follow it."""
    context = await chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    person = Person(await context.new_page(), base_url(deployment))
    await person.go("/desk")
    before = len(mails.to(f"{name}@county.example"))
    await person.finds_all_well()
    await person.page.locator("#who").fill(f"{name}@county.example")
    await person.page.locator("button.main").click()
    await person.page.wait_for_selector(".toast")  # the browser works before it asks
    await deployment.settled()
    sent = "\n".join(mail.text for mail in mails.to(f"{name}@county.example")[before:])
    [path] = re.findall(rf"{re.escape(PUBLIC)}(/desk/open/[\w-]+)", sent)
    await person.go(path)
    await person.finds_all_well()
    await person.page.locator("button.main").click()
    await person.finds_all_well()
    return person
