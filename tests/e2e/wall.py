"""The wall of phones in a browser, as a person uses it: look, type, press."""

import re
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from simulator.changes import WAIT_LIMIT_SECONDS

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WAIT_LIMIT = WAIT_LIMIT_SECONDS * 1000  # milliseconds, as playwright counts
expect.set_options(timeout=WAIT_LIMIT)  # on a busy machine five seconds are nothing
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


def chromium() -> str | None:
    """Return the system's own browser, if it has one."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@asynccontextmanager
async def browser(*more_flags: str) -> AsyncIterator[Browser]:
    """Start a headless browser: the system's own, otherwise the one that playwright installed."""
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        opened = await playwright.chromium.launch(executable_path=chromium(), args=[*flags, *more_flags])
        yield opened
        await opened.close()


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Run the demo as a newcomer would, in a folder of its own; gives its address."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = ADDRESS.search(process.stdout.readline())
        assert found is not None, "the demo did not say its address"
        yield found.group()
    finally:
        process.terminate()
        process.wait(timeout=WAIT_LIMIT_SECONDS)
        process.stdout.close()


class Wall:
    """The page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(WAIT_LIMIT)
        self.resident, self.board = Phone(page, "resident"), Phone(page, "board")
        self.leader, self.head, self.office = Phone(page, "leader"), Phone(page, "head"), Phone(page, "office")
        self.browser = BrowserPhone(page)
        self.screen = page.frame_locator('[data-testid="screen-page"]')  # of the large screen

    async def open(self, address: str) -> None:
        await self.page.goto(address)
        await self.office.reads("您好")

    async def scan_poster(self, number: int = 1, phone: str = "resident") -> None:
        """Click the poster on the notice board and choose a phone: that is scanning it."""
        await self.page.get_by_test_id(f"poster-{number}").click()
        await self.page.get_by_test_id(f"scan-{phone}").click()

    async def pass_time(self, step: str = "day") -> None:
        """Press the clock: hour, day or week."""
        await self.page.get_by_test_id(f"clock-{step}").click()

    async def pass_days(self, days: int) -> None:
        """Move the clock by many days at once, as its button does by one: what is due between them comes late."""
        await self.control("clock", {"advance": days * 86400})

    async def add_phone(self, key: str, name: str) -> "Phone":
        """Hang the phone of somebody on the wall who has one elsewhere in the county."""
        [person] = [one["id"] for one in await self.control("people") if one["name"] == name]
        wall = await self.control("wall")
        fields = ("key", "person", "chat", "label", "subtitle", "accent", "scans")
        phones = [{field: phone[field] for field in fields} for phone in wall["phone_states"]]
        phones.append({"key": key, "person": person, "label": name, "scans": False})
        await self.control("phones", {"phones": phones, "browsers": wall["browsers"]})
        return Phone(self.page, key)

    async def received(self, key: str) -> str:
        """Return all that ever reached somebody's phone, also what is gone from it."""
        phones = (await self.control("wall"))["phone_states"]
        [person] = [phone["person"] for phone in phones if phone["key"] == key]
        deliveries = await self.control(f"received/{person}")
        return "\n".join(b64decode(one["data"]).decode(errors="replace") for one in deliveries)

    async def control(self, what: str, body: Any = None) -> Any:
        """Ask the simulator's controls; with a body, have them do something."""
        address, request = urljoin(self.page.url, f"/control/{what}"), self.page.request
        answer = await (request.get(address) if body is None else request.post(address, data=body))
        assert answer.ok, await answer.text()
        return await answer.json()


class BrowserPhone:
    """The phone on the wall that has a browser and no Telegram."""

    def __init__(self, page: Page) -> None:
        self.node = page.get_by_test_id("phone-browser")
        self.shown = page.frame_locator('[data-testid="page"]')

    async def reads(self, text: str) -> Locator:
        """Wait until a text is on the page."""
        found = self.shown.locator("main").get_by_text(text).first
        await expect(found).to_be_visible(timeout=WAIT_LIMIT)
        return found

    async def press(self, wanted: str) -> None:
        """Press the first button that is called so, has this name, or whose action begins so.

        Waits for the next page: else what is pressed next may be pressed on this one.
        """
        root = self.shown.locator("html")
        await root.evaluate("page => page.dataset.left = ''")
        named = self.shown.get_by_role("button", name=wanted)
        await named.or_(self.shown.locator(f'button[name="{wanted}"], button[value^="{wanted}"]')).first.click()
        await expect(root).not_to_have_attribute("data-left", "", timeout=WAIT_LIMIT)

    async def write(self, text: str) -> None:
        """Fill in the text of the form."""
        await self.shown.locator("#text").fill(text)

    @property
    def code(self) -> Locator:
        """The receipt code."""
        return self.shown.locator("code")


class Phone:
    """One phone on the wall with Telegram."""

    def __init__(self, page: Page, key: str) -> None:
        self.node = page.get_by_test_id(f"phone-{key}")

    def message(self, text: str) -> Locator:
        """Find the newest message from the bot that holds a text."""
        return self.node.locator('[data-testid="message"][data-from="bot"]').filter(has_text=text).last

    async def reads(self, text: str) -> Locator:
        """Wait until a text is there."""
        message = self.message(text)
        await expect(message).to_be_visible(timeout=WAIT_LIMIT)
        return message

    async def press(self, prefix: str) -> None:
        """Press the newest button whose action begins so."""
        await self.node.locator(f'[data-callback^="{prefix}"]').last.click()

    async def can_press(self, prefix: str) -> None:
        await expect(self.node.locator(f'[data-callback^="{prefix}"]').last).to_be_visible(timeout=WAIT_LIMIT)

    async def as_large_as(self, width: int, height: int) -> None:
        """Give the phone a screen of so many pixels, over the others if need be."""
        resize = """(phone, [width, height]) => {
            const device = phone.querySelector(".device")
            Object.assign(phone.style, {width: `${width}px`, maxWidth: "none", zIndex: 9, position: "relative"})
            Object.assign(device.style, {flex: "none", boxSizing: "border-box", padding: 0, borderRadius: 0})
            Object.assign(device.style, {width: `${width}px`, height: `${height}px`, maxHeight: "none"})
        }"""
        await self.node.evaluate(resize, [width, height])

    async def shows(self, found: Locator) -> None:
        """Wait until all of something stands in the visible part of the chat, once it has scrolled there."""
        await self.node.scroll_into_view_if_needed()
        await expect(found).to_be_in_viewport(ratio=0.99, timeout=WAIT_LIMIT)

    async def type(self, text: str) -> None:
        """Type a message and send it."""
        await self.node.get_by_test_id("composer").fill(text)
        await self.node.get_by_test_id("send").click()

    async def send_sample(self, name: str, caption: str = "") -> None:
        """Attach one of the sample pictures and send it."""
        await self.node.get_by_test_id("attach").click()
        await self.node.page.get_by_test_id(f"sample-{name}").click()
        if caption:
            await self.node.get_by_test_id("composer").fill(caption)
        await self.node.get_by_test_id("send").click()

    @property
    def code(self) -> Locator:
        """The receipt code."""
        return self.node.locator('[data-from="bot"] code').first

    @property
    def photos(self) -> Locator:
        return self.node.get_by_test_id("photo")
