"""A phone's browser before the pages of a running installation."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from tests.deployment import Deployment
from tests.e2e.pages.phone import Phone
from tests.e2e.wall import browser
from tests.pages import with_pages

# A microphone that hears a tone, and nobody who is asked for leave.
_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
async def deployment(unstarted: Deployment) -> Deployment:
    """The whole product with its pages on a free port, running, with the sample county; nobody is enrolled yet."""
    await with_pages(unstarted).start()
    return unstarted


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs JavaScript: a test that uses it runs with and without."""
    return bool(request.param)


@pytest.fixture
async def page(request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page of a phone's browser, 360 by 740."""
    has_scripts = "has_scripts" not in request.fixturenames or request.getfixturevalue("has_scripts")
    async with browser(*_MICROPHONE) as opened:
        context = await opened.new_context(
            viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=has_scripts
        )
        yield await context.new_page()


@pytest.fixture
async def phone(deployment: Deployment, page: Page) -> Phone:
    """A phone whose browser was never here."""
    return Phone(deployment, page)
