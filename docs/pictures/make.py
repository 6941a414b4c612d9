"""Take the pictures of the documentation from the running demo: `make pictures`."""

import asyncio
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from playwright.async_api import Browser, Locator

from tests.e2e import story
from tests.e2e.wall import Wall, browser, demo

HERE = Path(__file__).parent


SETTLED = 2500  # milliseconds until the last bubble has come to rest


async def picture(part: Locator, name: str) -> None:
    """Take a picture of a part of the page once nothing moves any more."""
    await part.page.wait_for_timeout(SETTLED)
    await part.screenshot(path=HERE / f"{name}.png")


async def take_results(opened: Browser, pages: str) -> None:
    """Take a picture of the public page of the demo's earlier round. `pages`: the address of any page."""
    page = await opened.new_page(viewport={"width": 360, "height": 1040}, locale="zh-CN")
    await page.goto(urljoin(pages, "/results/R5"), wait_until="networkidle")
    await page.screenshot(path=HERE / "results.png")


async def take(address: str) -> None:
    """Play the story and take pictures of it on the way."""
    async with browser() as opened:
        page = await opened.new_page(viewport={"width": 1800, "height": 1000}, locale="zh-CN", device_scale_factor=1)
        wall = Wall(page)
        await wall.open(address)
        await story.submit(wall)
        await picture(wall.resident.node, "receipt")
        await story.claim_and_read(wall)
        await story.ask(wall)
        await picture(wall.leader.node, "workbench")
        await story.order_fix(wall)
        await story.submit_on_page(wall)
        await page.wait_for_timeout(SETTLED)
        await page.screenshot(path=HERE / "wall.png", full_page=True)
        await picture(wall.browser.node, "page")
        await take_results(opened, await wall.browser.node.get_by_test_id("page").get_attribute("src") or "")
        await story.open_desk(wall)
        await picture(page.get_by_test_id("screen").locator(".monitor-glass"), "desk")
        await page.get_by_test_id("screen-close").click()
        await story.hand_in(wall)
        await picture(wall.head.node, "head")
        await story.pass_and_clear(wall)
        await story.read_by_code(wall)
        await picture(wall.resident.node, "result")


def main() -> None:
    """Run a demo in a folder of its own and take every picture."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as address:
        asyncio.run(take(address))


if __name__ == "__main__":
    main()
