"""A unit's head and an item, on their phone: told of it, reminded, and the plan written."""

from playwright.async_api import expect

from tests.e2e.wall import Wall

SAID = "村里的低保名单三年没有贴出来过,问了几次都不给看"
ORDER = "低保名单没有按时公示。请补公示，并定下谁来管。"
LAST_DAY = "2027年1月21日"  # sixty days on: long enough for a plan and an answer at half time


async def _ordered(wall: Wall) -> None:
    """A resident reports, the team verifies it and orders it to be mended."""
    await wall.scan_poster()
    await wall.resident.reads("桥头岭村")
    await wall.resident.type(SAID)
    await wall.resident.press("1.r.send")
    await wall.resident.code.wait_for()
    await wall.board.press("1.case.claim")
    await wall.board.press("1.case.open")
    await wall.leader.reads("不给看")
    for action in ("case.accept", "case.verify", "item.order_fix"):
        await wall.leader.press(f"1.{action}")
    await wall.leader.can_press("1.form.cancel")
    await wall.leader.type(ORDER)
    await wall.leader.can_press("1.form.choose.order_fix-due")
    await wall.leader.type(LAST_DAY)
    await wall.leader.press("1.form.send")


async def _acknowledged_and_planned(wall: Wall) -> None:
    """The head acknowledges by the button of one digest, and writes the plan by that of another."""
    head, office = wall.head, wall.office
    await wall.pass_days(4)
    await head.reads("还没有签收")
    await head.press("1.item.acknowledge_listed")
    await expect(head.node.locator('[data-callback^="1.item.acknowledge_listed"]')).to_have_count(0)
    await wall.pass_days(19)
    await head.reads("整改方案还没有报")
    await head.press("1.item.write_plan")
    for asked, said in (("打算怎么改", "逐户核对，张榜公示七天。"), ("谁来做", "邢立牵头，民政办经办")):
        await head.reads(asked)
        await head.type(said)
    await head.press("1.form.choose.plan_item-until")
    await head.reads("将要上报的就是下面这些")
    await head.press("1.form.send")
    await office.reads("请答复")
    await head.reads("已上报，等待答复")


async def test_a_head_acknowledges_and_plans_from_the_digests_and_reads_nothing_of_the_reporter(
    wall: Wall,
) -> None:
    await _ordered(wall)
    await wall.head.reads("有一件新的整改问题，请签收")
    await _acknowledged_and_planned(wall)
    for hidden in ("不给看", "反映人", "回执码", "花塘"):  # the reporter, and another unit of the county
        await expect(wall.head.message(hidden)).to_have_count(0)
