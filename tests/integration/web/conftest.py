"""The whole product with its pages, and residents with a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.browsing import Browser
from tests.deployment import Deployment
from tests.pages import base_url, page_of_code, with_pages


@pytest.fixture
async def deployment(unstarted: Deployment) -> Deployment:
    """The whole product with its pages on a free port, running, with the sample county; nobody is enrolled yet."""
    await with_pages(unstarted).start()
    return unstarted


OpenBrowser = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def open_browser(deployment: Deployment) -> AsyncIterator[OpenBrowser]:
    """Opens browsers that know nothing yet: `await open_browser()`, or `await open_browser("en")`."""
    async with AsyncExitStack() as stack:

        async def opening(language: str = "zh-CN", *, works: bool = False, is_old: bool = False) -> Browser:
            opened = Browser(base_url(deployment), language, works=works, is_old=is_old)
            return await stack.enter_async_context(opened)

        yield opening


@pytest.fixture
async def browser(open_browser: OpenBrowser) -> Browser:
    """A resident's browser."""
    return await open_browser()


async def begin(deployment: Deployment, browser: Browser, place_id: str | None = "V02") -> None:
    """Scan a printed code and press 'write here'."""
    await browser.open(await page_of_code(deployment, place_id))
    await browser.send("在这里写")
