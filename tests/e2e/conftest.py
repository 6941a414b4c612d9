"""A browser before the running demo."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, Page

from bot.config import TelegramSettings, WebSettings
from models.mail_address import read_mail_address
from services.people.addresses import give_address
from tests.deployment import Deployment
from tests.e2e.desk import PEOPLE, PUBLIC
from tests.e2e.wall import Wall, browser, demo
from tests.mail import MailServer, mail_settings


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the demo of this test is."""
    with demo(tmp_path) as found:
        yield found


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser; where there is none, the test is skipped, but never in CI."""
    async with AsyncExitStack() as stack:
        try:
            opened = await stack.enter_async_context(browser())
        except Error as error:
            if "Executable doesn't exist" not in str(error) or os.environ.get("CI"):
                raise
            pytest.skip("no browser: install chromium, or run `playwright install chromium`")
        yield opened


@pytest.fixture
async def page(chromium: Browser) -> Page:
    """A page of the browser."""
    return await chromium.new_page(viewport={"width": 1800, "height": 1000}, locale="zh-CN")


@pytest.fixture
async def deployment(mails: MailServer, unstarted: Deployment) -> Deployment:
    """The whole product with pages and mail and no Telegram at all; some people have a mail address."""
    pages = WebSettings(public_url=PUBLIC, port=0)
    settings = {"telegram": TelegramSettings(), "mail": mail_settings(mails), "web": pages}
    unstarted.config = unstarted.config.model_copy(update=settings)
    await unstarted.start()
    async with unstarted.database.transaction() as session:
        for name, staff_id in PEOPLE.items():
            await give_address(unstarted.work(session), staff_id, read_mail_address(f"{name}@county.example"))
    return unstarted


@pytest.fixture
async def wall(page: Page, address: str) -> Wall:
    """The wall of phones, opened."""
    opened = Wall(page)
    await opened.open(address)
    return opened
