"""The phones in the browser."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from simulator.media import sample
from simulator.server import Simulator
from simulator.wall import Browser, Phone

from .conftest import Client

KEYBOARD = {"inline_keyboard": [[{"text": "发送", "callback_data": "send"}]]}


@pytest.fixture
async def page(simulator: Simulator) -> AsyncIterator[Page]:
    """A browser page that fails the test when it complains."""
    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    complaints: list[str] = []
    async with async_playwright() as playwright:
        executable = installed or playwright.chromium.executable_path
        if not Path(executable).exists():
            pytest.skip("no chromium here: install it, or run `playwright install chromium`")
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        opened = await browser.new_page(viewport={"width": 1600, "height": 1000})
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        await browser.close()
    assert complaints == []


async def test_the_page_allows_nothing_from_elsewhere(bot: Client, simulator: Simulator) -> None:
    async with bot.session.get(f"{simulator.base_url}/") as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in text
    assert "style=" not in text


async def test_the_page_frames_the_sites_of_its_browsers_alone(bot: Client, simulator: Simulator) -> None:
    simulator.set_phones([], [Browser("browser", "http://127.0.0.1:8081/page", label="村民")])
    async with bot.session.get(f"{simulator.base_url}/") as response:
        policy = response.headers["Content-Security-Policy"]
    assert "frame-src 'self' http://127.0.0.1:8081;" in policy
    assert policy.endswith("frame-ancestors 'none'")
    async with bot.session.get(f"{simulator.base_url}/elsewhere/xunsheng_bot?start=abc") as response:
        assert response.status == 200
        assert response.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


async def test_whoever_opens_the_page_by_another_name_is_led_to_where_its_browsers_get_their_cookies(
    bot: Client, simulator: Simulator
) -> None:
    simulator.set_phones([], [Browser("browser", "http://127.0.0.1:8081/page")])
    port = simulator.base_url.rpartition(":")[2]
    headers = {"Host": f"localhost:{port}"}
    async with bot.session.get(f"{simulator.base_url}/", headers=headers, allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"] == f"http://127.0.0.1:{port}/"


async def test_another_site_cannot_use_the_controls(bot: Client, simulator: Simulator) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    url = f"{simulator.base_url}/control/reset"
    async with bot.session.post(url, json={}, headers=headers) as response:
        assert response.status == 403


async def test_one_can_scan_write_press_edit_and_delete_on_a_phone(
    bot: Client, simulator: Simulator, page: Page
) -> None:
    person = simulator.add_person("王大娘")
    simulator.set_phones([Phone("resident", person, label="王大娘", subtitle="村民 · 手机")])
    simulator.add_poster("石桥村", sample("1-bridge"), "https://t.me/xunsheng_bot?start=abc")
    await page.goto(simulator.base_url)
    phone = page.get_by_test_id("phone-resident")
    await page.get_by_test_id("poster-1").click()
    await expect(phone.get_by_test_id("message")).to_have_text(["/start09:00"])

    await bot("sendMessage", chat_id=person, text="<b>您好</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    await expect(phone.locator("b", has_text="您好")).to_be_visible()
    await phone.get_by_test_id("button").click()
    await expect(phone.locator(".key.busy")).to_have_count(1)
    query_id = (await bot("getUpdates"))[-1]["callback_query"]["id"]
    await bot("answerCallbackQuery", callback_query_id=query_id, text="收到了")
    await expect(phone.get_by_test_id("toast")).to_have_text("收到了")
    await expect(phone.locator(".key.busy")).to_have_count(0)

    await phone.get_by_test_id("attach").click()
    await page.get_by_test_id("sample-1-bridge").click()
    await phone.get_by_test_id("composer").fill("桥裂了")
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("photo")).to_have_count(1)

    mine = phone.get_by_test_id("message").filter(has_text="桥裂了")
    await mine.click(button="right")
    await page.get_by_test_id("message-edit").click()
    await phone.get_by_test_id("composer").fill("桥断了")
    await phone.get_by_test_id("composer").press("Enter")
    changed = phone.get_by_test_id("message").filter(has_text="桥断了")
    await expect(changed.get_by_test_id("edited")).to_be_visible()
    await changed.click(button="right")
    await page.get_by_test_id("message-delete").click()
    await expect(phone.get_by_test_id("photo")).to_have_count(0)
    kinds = [next(iter(one.keys() - {"update_id"})) for one in await bot("getUpdates")]
    assert kinds == ["message", "callback_query", "message", "edited_message"]


async def test_the_clock_bar_moves_the_time(simulator: Simulator, resident: int, page: Page) -> None:
    await page.goto(simulator.base_url)
    await expect(page.get_by_test_id("clock")).to_contain_text("2026年3月2日")
    await page.get_by_test_id("clock-week").click()
    await expect(page.get_by_test_id("clock")).to_contain_text("2026年3月9日")
    assert simulator.now().isoformat() == "2026-03-09T01:00:00+00:00"


async def test_what_a_message_says_is_never_markup_on_the_page(
    bot: Client, simulator: Simulator, resident: int, page: Page
) -> None:
    await bot("sendMessage", chat_id=resident, text="<img src=x onerror=alert(1)>")
    await page.goto(simulator.base_url)
    await expect(page.get_by_test_id("message").last).to_contain_text("<img src=x onerror=alert(1)>")
