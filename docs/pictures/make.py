"""Take the pictures of the documentation from the running demo: `make pictures`."""

import asyncio
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from playwright.async_api import Browser, FloatRect, Locator, Page, ViewportSize, expect

from tests.e2e import month, story
from tests.e2e.wall import Phone, Wall, browser, demo

HERE = Path(__file__).parent


SETTLED = 2500  # milliseconds until the last bubble has come to rest
WALL = ViewportSize(width=1800, height=1000)
DESK = ViewportSize(width=1100, height=900)
# What else was reported, so that there is something in a team's list.
ALSO_SAID = ("低保名单贴了半天就撕了,没人看到", "村里欠我们十几个人的工钱,干完活半年了", "林权证交了材料两年没下来")
FINDING = "三资平台有九份合同没有录入，租金没有入账。"


async def picture(part: Locator, name: str) -> None:
    """Take a picture of a part of the page once nothing moves any more."""
    await part.page.wait_for_timeout(SETTLED)
    await part.screenshot(path=HERE / f"{name}.png")


async def take_results(opened: Browser, pages: str) -> None:
    """Take a picture of the public page of the demo's earlier round. `pages`: the address of any page."""
    page = await opened.new_page(viewport={"width": 360, "height": 1040}, locale="zh-CN")
    await page.goto(urljoin(pages, "/results/R5"), wait_until="networkidle")
    await page.screenshot(path=HERE / "results.png")


async def says_last(phone: Phone, text: str) -> None:
    """Wait until the last message on a phone holds a text that an earlier one may hold, too."""
    await expect(phone.node.get_by_test_id("message").last).to_contain_text(text)


async def desk_of(opened: Browser, wall: Wall, phone: Phone, key: str) -> Page:
    """Open the desk of somebody in a browser of its own, by the link that they ask for on their phone."""
    await phone.type("/web")
    await says_last(phone, "在网页上办")
    shown = next(one for one in (await wall.control("wall"))["phone_states"] if one["key"] == key)
    links = [
        button["url"] for one in shown["messages"] for row in one["buttons"] or [] for button in row if "url" in button
    ]
    page = await (await opened.new_context(viewport=DESK, locale="zh-CN")).new_page()
    await page.goto(links[-1])
    await page.get_by_role("button", name="进去办事").click()
    await page.get_by_role("link", name="整改问题").first.wait_for()
    return page


async def desk_picture(page: Page, name: str) -> None:
    """Take a picture of a page of somebody's desk, down to what can be begun anywhere."""
    await page.wait_for_load_state("networkidle")
    end = await page.locator("main").evaluate(
        "main => main.querySelector('.begins')?.getBoundingClientRect().top ?? main.getBoundingClientRect().bottom"
    )
    clip = FloatRect(x=0, y=0, width=DESK["width"], height=min(DESK["height"], end))
    await page.screenshot(path=HERE / f"{name}.png", clip=clip)


async def take_story(opened: Browser, address: str) -> None:
    """Play the story and take pictures of it on the way."""
    page = await opened.new_page(viewport=WALL, locale="zh-CN", device_scale_factor=1)
    wall = Wall(page)
    await wall.open(address)
    await story.submit(wall)
    await story.claim_and_read(wall)
    await story.ask(wall)
    await picture(wall.leader.node, "workbench")
    await story.order_fix(wall)
    await story.submit_on_page(wall)
    await page.wait_for_timeout(SETTLED)
    await page.screenshot(path=HERE / "wall.png", full_page=True)
    await picture(wall.browser.node, "page")
    await take_results(opened, await wall.browser.node.get_by_test_id("page").get_attribute("src") or "")
    await story.hand_in(wall)
    await story.pass_and_clear(wall)
    await story.read_by_code(wall)
    await picture(wall.resident.node, "result")


async def take_month(opened: Browser, address: str) -> None:
    """Play the first half of a head's month and take pictures of it, and of what the team and the office have then."""
    page = await opened.new_page(viewport=WALL, locale="zh-CN", device_scale_factor=1)
    wall = Wall(page)
    await wall.open(address)
    item_id = await month.order(wall)
    for said in ALSO_SAID:
        await story.submit_on_page(wall, said)
    await take_team(await desk_of(opened, wall, wall.leader, "leader"))
    await take_comment(opened, wall)
    await month.acknowledge_and_plan(wall)
    await month.come_to_half_time(wall)
    await says_last(wall.head, "整改周调度")
    await picture(wall.head.node, "digest")
    await picture(await wall.office.reads("没有达标的单位"), "weekly")
    await month.answer_half_way(wall)
    desk = await desk_of(opened, wall, wall.head, "head")
    await desk.goto(urljoin(desk.url, f"/desk/item/{item_id}"))
    await desk_picture(desk, "item")


async def take_team(desk: Page) -> None:
    """Take pictures of a team's list, of a case in it, and of who has how much."""
    await desk.goto(urljoin(desk.url, "/desk/queue"))
    await desk_picture(desk, "desk")
    await desk.goto(urljoin(desk.url, "/desk/load"))
    await desk.locator("button[value^='1.load.look']").first.click()
    await desk_picture(desk, "load")
    await desk.goto(urljoin(desk.url, "/desk/queue"))
    await desk.locator("main table a").last.click()
    await desk.locator("button[value^='1.case.open']").first.click()
    await desk.locator("#opened").wait_for()
    await desk_picture(desk, "case")


async def take_comment(opened: Browser, wall: Wall) -> None:
    """Take a picture of what a head is asked before an item is issued."""
    office = wall.office
    await office.type("/newitem")
    await office.can_press("1.form.choose.new_item-unit")
    await office.type("竹坞")
    await office.press("1.form.choose.new_item-category-e3b0.three_assets")
    await office.reads("查到什么问题")
    await office.type(FINDING)
    await office.press("1.draft.ask_heads")
    await office.can_press("1.form.choose.ask_heads-day")
    await office.type("三天后")
    await office.press("1.form.send.ask_heads")
    asked = await wall.head.reads("还没下达，想先听您的意见")
    to_comment = await asked.locator('[data-callback^="1.comment.comment"]').get_attribute("data-callback") or ""
    desk = await desk_of(opened, wall, wall.head, "head")
    await desk.goto(urljoin(desk.url, f"/desk/comment/{to_comment.rpartition('.')[2]}"))
    await desk.locator("button[value^='1.comment.comment']").click()
    await desk.locator("#text").fill("九份里有两份是去年清理出来的，正在补录。")
    await desk_picture(desk, "comment")


async def take() -> None:
    """Run a demo in a folder of its own for each of the two, and take every picture."""
    async with browser() as opened:
        for play in (take_story, take_month):
            with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as address:
                await play(opened, address)


def main() -> None:
    """Take every picture."""
    asyncio.run(take())


if __name__ == "__main__":
    main()
