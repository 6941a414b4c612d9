"""The phone on the wall that has no Telegram: the poster's code leads to a page, and all is said and read there."""

from playwright.async_api import expect

from tests.e2e import story
from tests.e2e.wall import Wall


async def test_what_is_said_on_a_page_is_on_the_teams_board_and_its_answer_on_the_page(wall: Wall) -> None:
    await story.submit_on_page(wall, story.SAID)
    code = await wall.browser.code.inner_text()
    await wall.board.reads("桥头岭村")
    await expect(wall.page.get_by_test_id("step-2")).to_have_class("done")
    await story.claim_and_read(wall)
    await wall.leader.press("1.case.ask")
    await wall.leader.can_press("1.form.cancel")
    await wall.leader.type(story.QUESTION)
    await wall.leader.press("1.form.send")
    await wall.leader.reads("问题已放进反映人的回执里")
    await wall.browser.press("抄好了")
    await wall.browser.shown.get_by_role("link", name="回执码").click()
    await wall.browser.write(code)
    await wall.browser.press("查看")
    await wall.browser.reads(story.QUESTION)


async def test_the_browser_goes_back_opens_anew_and_is_left_quickly_without_leaving_the_wall(wall: Wall) -> None:
    back = wall.page.get_by_test_id("page-back")
    await expect(back).to_be_disabled()
    await wall.scan_poster(phone="browser")
    await wall.browser.reads("桥头岭村")
    await wall.browser.press("在这里写")
    await expect(wall.browser.shown.locator("#text")).to_be_visible()
    await back.click()
    await expect(wall.browser.shown.get_by_role("button", name="在这里写")).to_be_visible()
    await expect(back).to_be_disabled()
    await wall.page.get_by_test_id("page-home").click()
    await expect(wall.browser.shown.locator("#text")).to_be_visible()
    await wall.browser.shown.locator(".leave").click()
    await expect(wall.browser.shown.locator(".elsewhere")).to_be_visible()
    await wall.resident.node.get_by_test_id("start").wait_for()


async def test_a_phone_with_telegram_goes_from_the_same_poster_to_the_chat(wall: Wall) -> None:
    await wall.scan_poster(phone="resident")
    await wall.resident.reads("桥头岭村")
    await expect(wall.page.get_by_test_id("page")).to_be_hidden()


async def test_what_is_done_where_the_wall_cannot_see_it_is_ticked_off_by_hand(wall: Wall) -> None:
    step = wall.page.get_by_test_id("step-8")
    await step.click()
    await expect(step).to_have_class("done")
