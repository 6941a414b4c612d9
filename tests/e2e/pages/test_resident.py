"""The resident's pages on a phone, with and without JavaScript: everything can be done, read aloud and seen."""

import re
import zlib
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.conftest import ONLY_SQLITE
from tests.e2e.pages.phone import PHOTO, SAMPLES, Phone

pytestmark = ONLY_SQLITE

SAID = "桥头岭到小学的石拱桥裂了"
NUMBERS = ("110", "120", "12338", "12356")
MOST_BYTES = 30 * 1024


async def test_something_is_said_with_a_photo_sent_and_found_again(phone: Phone, has_scripts: bool) -> None:
    page = phone.page
    await phone.begin()
    await phone.write(SAID, PHOTO)
    await expect(page.locator(".pieces img")).to_have_count(1)
    assert await page.locator(".pieces img").evaluate("picture => picture.naturalWidth") if has_scripts else True
    await phone.press("1.r.send")
    code = await page.locator("code").inner_text()
    await page.goto(phone.base_url)
    await page.fill("#text", code)
    await page.click("button.main")
    await expect(page.locator("main")).to_contain_text("文字 1 条，照片、录音等 1 份")
    assert phone.errors == []


async def test_every_page_is_sound_and_none_is_wider_than_the_screen(phone: Phone) -> None:
    page, found = phone.page, {}

    async def look(name: str) -> None:
        found[name] = await phone.faults()
        assert await page.title() == "便民服务"
        assert await page.locator("h1").count() == 1, name

    await phone.scan()
    await look("notice")
    await phone.turn(page.locator("button.main"))
    await look("greeting")
    await phone.turn(phone.button("1.r.protection"))
    await look("protection")
    await phone.write("我们村村支书包了鱼塘，账从来不公开，我电话13812345678。", PHOTO)
    await look("preview with traces")
    await phone.turn(phone.button("1.r.traces_out"))
    await look("preview")
    await phone.turn(phone.button("1.r.category"))
    await look("categories")
    await phone.turn(phone.button("1.r.card"))
    await phone.turn(page.locator("button[name=change]"))
    await look("change")
    await phone.turn(page.locator("button.main"))
    await phone.turn(page.locator(".deeds button >> nth=0"))
    await look("take out")
    await phone.turn(phone.button("1.r.card"))
    await phone.turn(phone.button("1.r.send"))
    await look("receipt")
    await phone.write("鱼塘在村东头")
    await look("addition")
    await phone.turn(phone.button("1.r.put_in"))
    await look("added")
    await phone.turn(phone.button("1.r.visit"))
    await look("visit")
    await phone.turn(phone.button("1.r.withdraw"))
    await look("withdraw")
    await page.goto(phone.base_url)
    await look("start")
    for path in ("/r/abc", "/nothing"):
        await page.goto(phone.base_url + path)
        await look(path)
    assert {name: faults for name, faults in found.items() if faults} == {}


async def test_the_first_view_weighs_little_asks_no_other_host_and_leaves_no_cookie(phone: Phone) -> None:
    await phone.scan()
    await phone.page.wait_for_load_state("networkidle")
    assert {request.url.split("/")[2] for request in phone.requests if not request.url.startswith("data:")} == {
        phone.base_url.removeprefix("http://")
    }
    sizes = [await request.sizes() for request in phone.requests if not request.url.startswith("data:")]
    assert sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes) <= MOST_BYTES
    assert await phone.page.context.cookies() == []


async def test_a_page_with_secrets_is_sent_uncompressed_and_would_be_small_anyway(phone: Phone) -> None:
    await phone.begin()
    response = await phone.page.goto(phone.base_url + "/page")
    assert response is not None
    assert "content-encoding" not in response.headers
    assert len(zlib.compress(await response.body())) <= MOST_BYTES // 4


@pytest.mark.parametrize("said", ["他又动手了,我抱着娃躲在外头", "我不想活了,药都买好了"])
async def test_in_a_crisis_the_numbers_can_be_called_and_are_in_view_with_the_button_that_sends(
    phone: Phone, said: str
) -> None:
    page = phone.page
    await page.set_viewport_size({"width": 360, "height": 640})
    await phone.begin()
    await phone.write(said)
    for number in NUMBERS:
        assert await phone.sees_whole(page.locator(f"a[href='tel:{number}']").first), number
    assert await phone.sees_whole(phone.button("1.r.send"))
    await phone.press("1.r.send")
    for number in NUMBERS:
        assert await phone.sees_whole(page.locator(f"a[href='tel:{number}']").first), number


async def test_who_leaves_quickly_cannot_be_followed_by_going_back(phone: Phone) -> None:
    page = phone.page
    await page.goto(phone.base_url)
    await phone.begin()
    await page.fill("#text", SAID)
    await page.click("a.leave")
    await page.wait_for_url("**/elsewhere")
    await page.go_back()
    assert SAID not in await page.content()
    assert not any(await page.locator("#text").evaluate_all("fields => fields.map((one) => one.value)"))
    assert await page.context.cookies() == []


async def test_a_photo_goes_again_by_itself_when_the_line_breaks(phone: Phone) -> None:
    page = phone.page
    await phone.begin()
    tries = 0

    async def break_off(route):  # type: ignore[no-untyped-def]
        nonlocal tries
        if route.request.headers.get("x-piece"):
            tries += 1
            if tries == 1:
                await route.abort("connectionreset")
                return
        await route.continue_()

    await page.route("**/page", break_off)
    await page.set_input_files("#photo", SAMPLES / "2-streetlamp.jpg")
    await expect(page.locator(".queue .note")).to_have_text("收下了")
    assert tries == 2
    await phone.write(SAID)
    await expect(page.locator(".pieces img")).to_have_count(1)


async def test_a_large_photo_is_made_smaller_before_it_goes(phone: Phone, tmp_path: Path) -> None:
    from PIL import Image

    large = tmp_path / "large.png"
    Image.effect_noise((3000, 2400), 80).save(large)
    await phone.begin()
    await phone.page.set_input_files("#files", large)
    await expect(phone.page.locator(".queue .note")).to_have_text("收下了")
    assert large.stat().st_size > 5_000_000
    [size] = [int((await one.all_headers())["content-length"]) for one in phone.requests if "x-piece" in one.headers]
    assert size < large.stat().st_size / 2


async def test_a_voice_is_recorded_in_the_page_and_disguised(phone: Phone) -> None:
    page = phone.page
    await phone.begin()
    record = page.locator(".record")
    await record.click()
    await expect(record).to_contain_text(re.compile(r"0:(?!00)"))  # on a busy machine it leaves out seconds
    await record.click()
    await expect(page.locator(".queue .note")).to_have_text("收下了")
    await phone.write(SAID)
    await expect(page.locator(".pieces .file")).to_have_text("录音")
    await expect(page.locator(".said").first).to_contain_text("声音已经变过再存")
    assert phone.errors == []


async def test_on_paper_there_is_the_code_and_one_sentence(phone: Phone) -> None:
    page = phone.page
    await phone.begin()
    await phone.write(SAID)
    await phone.press("1.r.send")
    await page.emulate_media(media="print")
    seen = await page.evaluate(
        """[...document.querySelectorAll("body *")]
            .filter(node => node.checkVisibility({visibilityProperty: true}))
            .filter(node => [...node.childNodes].some(one => one.nodeType === 3 && one.data.trim()))
            .map(node => node.className || node.tagName)"""
    )
    assert sorted(seen) == ["CODE", "on-paper"]
