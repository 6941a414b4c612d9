"""The public page of a round on a phone, with and without JavaScript: sound, small, and good to read."""

import zlib

import pytest
from playwright.async_api import expect

from services.publication.choose_items import ChosenPhotos
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.e2e.pages.phone import Phone
from tests.integration.publication.story import PROBLEM, ROUND
from tests.integration.publication.test_photos import handed_in, publish

pytestmark = ONLY_SQLITE

MOST_BYTES = 30 * 1024  # of the first view, its photos not counted: they are loaded as one comes to them


async def published_with_photos(deployment: Deployment) -> None:
    """Publish a result with a photo before and one after."""
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        before, after, _ = await handed_in(work)
        await publish(work, ChosenPhotos(before=[before], after=[after]))


async def test_it_is_read_and_said_not_to_be_so(phone: Phone, has_scripts: bool) -> None:
    await published_with_photos(phone.deployment)
    page = phone.page
    await page.goto(f"{phone.base_url}/results/{ROUND}")
    await expect(page.locator(".result")).to_contain_text(PROBLEM)
    await expect(page.locator(".result img")).to_have_count(2)
    for number in range(2):
        picture = page.locator(".result img").nth(number)
        await picture.scroll_into_view_if_needed()
        if has_scripts:
            await expect(picture).to_have_js_property("complete", True)
            assert await picture.evaluate("picture => picture.naturalWidth") > 0
    await page.get_by_role("link", name="不是这样").click()
    await page.fill("#text", "工资只发了一半")
    await page.click("button.main")
    await expect(page.locator("h1")).to_have_text("收到了")
    assert await page.context.cookies() == []
    assert phone.errors == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
async def test_every_page_is_sound_and_none_is_wider_than_the_screen(phone: Phone, language: str) -> None:
    await published_with_photos(phone.deployment)
    page, found = phone.page, {}
    for address in (f"/results/{ROUND}", f"/results/{ROUND}/1"):
        await page.goto(f"{phone.base_url}{address}?l={language}")
        found[address] = await phone.faults()
        assert await page.locator("h1").count() == 1
    await page.fill("#text", "不是")
    await page.click("button.main")
    await page.wait_for_selector("h1:not(:has(+ form))")
    found["taken"] = await phone.faults()
    assert {name: faults for name, faults in found.items() if faults} == {}


async def test_the_first_view_is_small(phone: Phone) -> None:
    await published_with_photos(phone.deployment)
    sizes: dict[str, int] = {}

    async def note(response: object) -> None:
        body = await response.body()  # type: ignore[attr-defined]
        sizes[response.url] = len(zlib.compress(body))  # type: ignore[attr-defined]

    phone.page.on("response", note)
    await phone.page.goto(f"{phone.base_url}/results/{ROUND}", wait_until="networkidle")
    hosts = {url.split("/")[2] for url in sizes if url.startswith("http")}
    assert len(hosts) == 1
    assert sum(size for url, size in sizes.items() if "/photo/" not in url) < MOST_BYTES
