"""A browser before the running demo."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Error, Page

from tests.e2e.wall import Wall, browser, demo


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the demo of this test is."""
    with demo(tmp_path) as found:
        yield found


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page of a headless browser; where there is none, the test is skipped, but never in CI."""
    try:
        async with browser() as opened:
            yield await opened.new_page(viewport={"width": 1800, "height": 1000}, locale="zh-CN")
    except Error as error:
        if "Executable doesn't exist" not in str(error) or os.environ.get("CI"):
            raise
        pytest.skip("no browser: install chromium, or run `playwright install chromium`")


@pytest.fixture
async def wall(page: Page, address: str) -> Wall:
    """The wall of phones, opened."""
    opened = Wall(page)
    await opened.open(address)
    return opened
