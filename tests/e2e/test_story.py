"""What a newcomer sees in the demo, played in a real browser."""

from playwright.async_api import expect

from tests.e2e import story
from tests.e2e.wall import Wall


async def test_the_full_story_can_be_played_on_the_phones(wall: Wall) -> None:
    await story.submit(wall)
    await story.claim_and_read(wall)
    await expect(wall.leader.photos.last).to_be_visible()
    await story.ask(wall)
    await story.order_fix(wall)
    await expect(wall.head.message("手指头宽")).to_have_count(0)
    await story.hand_in(wall)
    await story.pass_and_clear(wall)
    await story.read_by_code(wall)
    await expect(wall.board.message("手指头宽")).to_have_count(0)


async def test_a_resident_keeps_the_receipt_as_a_picture_and_clears_the_chat(wall: Wall) -> None:
    await story.submit(wall)
    before = await wall.resident.photos.count()
    await wall.resident.press("1.r.picture")
    await expect(wall.resident.photos).to_have_count(before + 1)
    await wall.resident.press("1.r.clear")
    await wall.resident.press("1.r.clear_now")
    await wall.resident.reads("清空了")
    await expect(wall.resident.photos).to_have_count(0)
    await expect(wall.resident.code).to_have_count(0)
    await wall.resident.press("1.r.vanish")
    await expect(wall.resident.message("清空了")).to_have_count(0)


async def test_moving_the_clock_brings_the_reminder_of_an_overdue_item(wall: Wall) -> None:
    await story.submit(wall)
    await story.claim_and_read(wall)
    await story.order_fix(wall)
    await wall.pass_time("week")
    await wall.pass_time("week")
    await wall.head.reads("逾期")
