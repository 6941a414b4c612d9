"""A poll on a phone, with and without JavaScript: answered with a thumb, sound, and no wider than the screen."""

import pytest
from playwright.async_api import expect

from services.polls.questions import Choice
from tests.conftest import ONLY_SQLITE
from tests.e2e.pages.phone import Phone
from tests.integration.polls.story import ASPECTS, opened

pytestmark = ONLY_SQLITE

SMALLEST = 44  # CSS pixels of what a thumb hits


async def a_code(phone: Phone) -> str:
    """Open a poll, and return the code of a slip."""
    async with phone.deployment.database.transaction() as session:
        _, [code] = await opened(phone.deployment.work(session), 1)
    return code


async def test_a_slip_is_typed_answered_and_used_up(phone: Phone, has_scripts: bool) -> None:
    code, page = await a_code(phone), phone.page
    await page.goto(f"{phone.base_url}/poll")
    await page.fill("#code", code.lower())
    await page.click("button.main")
    await expect(page.locator("h1")).to_have_text("民主测评")
    for aspect in ASPECTS:
        await page.locator(f"label:has(input[name={aspect}][value={Choice.FAIRLY_GOOD}])").click()
    await page.click("button.main")
    await expect(page.locator("h1")).to_have_text("收到了，谢谢您！")
    assert await page.context.cookies() == []
    await page.goto(f"{phone.base_url}/poll/{code}")
    await expect(page.get_by_role("status")).to_contain_text("这个码用不了")
    assert [error for error in phone.errors if "404" not in error] == []


async def test_nothing_is_sent_before_all_is_chosen(phone: Phone) -> None:
    code, page = await a_code(phone), phone.page
    await page.goto(f"{phone.base_url}/poll/{code}")
    await page.click("button.main")
    assert await page.evaluate("document.querySelectorAll('input:invalid').length") == 4 * len(ASPECTS)
    await expect(page.locator("button.main")).to_be_visible()


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
async def test_every_page_is_sound_and_none_is_wider_than_the_screen(phone: Phone, language: str) -> None:
    code, page, found = await a_code(phone), phone.page, {}
    for address in ("/poll", f"/poll/{code}", "/poll/0"):
        await page.goto(f"{phone.base_url}{address}?l={language}")
        found[address] = await phone.faults()
        assert await page.locator("h1").count() == 1
    await page.goto(f"{phone.base_url}/poll/{code}?l={language}")
    for choice in await page.locator(".choices span").all():
        box = await choice.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= SMALLEST
    for aspect in ASPECTS:
        await page.locator(f"label:has(input[name={aspect}][value={Choice.GOOD}])").click()
    await page.click("button.main")
    await page.wait_for_selector("main:not(:has(form))")
    found["taken"] = await phone.faults()
    assert {name: faults for name, faults in found.items() if faults} == {}
