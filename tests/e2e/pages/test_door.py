"""What keeps the door, in a real browser."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.pages import base_url, page_of_code
from web import admission, posted


@ONLY_SQLITE
async def test_a_browser_works_for_itself_also_when_it_is_sent_before_that_is_done(
    deployment: Deployment, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WITHOUT_PROOF_A_MINUTE", 0)
    monkeypatch.setattr(admission, "FEWEST_TRIES", 2**20)
    await page.goto(base_url(deployment) + await page_of_code(deployment))
    await page.locator("form button.main").first.click()
    await expect(page.locator("textarea")).to_be_visible(timeout=60_000)


@ONLY_SQLITE
@pytest.mark.parametrize("has_scripts", [False], indirect=True, ids=["without scripts"])
async def test_a_browser_that_sends_too_much_shows_what_is_said_of_it(
    deployment: Deployment, page: Page, has_scripts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not has_scripts
    monkeypatch.setattr(posted, "MAX_BODY_BYTES", 2**20)
    await page.goto(base_url(deployment) + await page_of_code(deployment))
    await page.locator("form button.main").first.click()
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(30 * 2**20)
    await page.locator("#files").set_input_files(large)
    await page.locator("button[name=add]").click()
    await expect(page.locator("h1")).to_contain_text("太多", timeout=60_000)
