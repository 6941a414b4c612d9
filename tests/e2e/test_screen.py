"""The large screen before the wall: the desk as pages, beside everybody's phones."""

from playwright.async_api import expect

from tests.e2e import story
from tests.e2e.wall import Wall


async def test_the_leader_opens_the_desk_on_the_large_screen_and_puts_it_away_again(wall: Wall) -> None:
    await story.submit(wall)
    await story.claim_and_read(wall)
    await story.open_desk(wall)
    await expect(wall.screen.locator("table").first).to_contain_text("桥头岭村")
    await wall.page.get_by_test_id("screen-close").click()
    await expect(wall.page.get_by_test_id("screen")).to_be_hidden()
    await wall.page.get_by_test_id("screen-button").click()
    await expect(wall.screen.locator("table").first).to_contain_text("桥头岭村")
