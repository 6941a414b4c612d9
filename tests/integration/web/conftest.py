"""The whole product with its pages, and residents with a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.config import WebSettings
from privacy.keyring import Keyring
from simulator.server import Simulator
from tests.browsing import Browser
from tests.deployment import Deployment, open_deployment


@pytest.fixture
async def deployment(
    simulator: Simulator, sample_county: None, database_address: str, keyring: Keyring, tmp_path: Path
) -> AsyncIterator[Deployment]:
    """The whole product with its pages on a free port, running, with the sample county; nobody is enrolled yet."""
    opened = open_deployment(simulator, database_address, keyring, tmp_path)
    pages = WebSettings(public_url="http://127.0.0.1", port=0, leave_url=f"{simulator.base_url}/elsewhere")
    opened.config = opened.config.model_copy(update={"web": pages})
    await opened.start()
    yield opened
    await opened.stop()


OpenBrowser = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def open_browser(deployment: Deployment) -> AsyncIterator[OpenBrowser]:
    """Opens browsers that know nothing yet: `await open_browser()`, or `await open_browser("en")`."""
    assert deployment.product is not None
    assert deployment.product.pages is not None
    base_url = deployment.product.pages.local_url
    async with AsyncExitStack() as stack:

        async def opening(language: str = "zh-CN", *, works: bool = False) -> Browser:
            return await stack.enter_async_context(Browser(base_url, language, works=works))

        yield opening


@pytest.fixture
async def browser(open_browser: OpenBrowser) -> Browser:
    """A resident's browser."""
    return await open_browser()


async def page_of_code(deployment: Deployment, place_id: str | None = "V02") -> str:
    """Return the address to which the printed code of a place leads."""
    token = (await deployment.link(place_id)).partition("start=")[2]
    return f"/r/{token}"


async def begin(deployment: Deployment, browser: Browser, place_id: str | None = "V02") -> None:
    """Scan a printed code and press 'write here'."""
    await browser.open(await page_of_code(deployment, place_id))
    await browser.send("在这里写")
