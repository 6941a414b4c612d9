"""A head's month on the phones, in steps; the pictures are taken between them."""

import re

from playwright.async_api import expect

from tests.e2e.wall import Phone, Wall

SAID = "征地补偿款三年没有发下来,问了几次都不给说法"
ORDER = "征地补偿款没有按时发放。请逐户核对、补发，并公示。"
LAST_DAY, LATER = "2027年1月21日", "2027年2月11日"  # sixty days on: long enough for a plan and an answer at half time
MEASURES = "逐户核对应发金额，分两批补发。"
HALF_WAY = "四个村已核对，补发了第一批。"
PROGRESS = "第二批名单已公示。"
WHY = "两个村的户主在外，春节前才能回来签字。"
GRANTED = "情况属实，同意。"
SYSTEM = "补偿款到账后十日内发放，每季度公示。"
DONE = "两批都已补发，名单张榜七天，无人有异议。"
RESULT = "补偿款已经发到各户。"
TICKS = (".10000", ".11000", ".11100", ".11110", ".11111", ".done-11111")  # listened, checked, seen, asked, visited
REMINDED = ((31, "还有20天"), (10, "还有10天"), (7, "还有3天"), (4, "已逾期1天"), (4, "已逾期5天"))


async def order(wall: Wall) -> str:
    """A resident reports, the team verifies it and orders it to be mended; gives the number of the item."""
    await wall.scan_poster()
    await wall.resident.reads("桥头岭村")
    await wall.resident.type(SAID)
    await wall.resident.press("1.r.send")
    await wall.resident.code.wait_for()
    await wall.board.press("1.case.claim")
    await wall.board.press("1.case.open")
    await wall.leader.reads("不给说法")
    for action in ("case.accept", "case.verify", "item.order_fix"):
        await wall.leader.press(f"1.{action}")
    await wall.leader.can_press("1.form.cancel")
    await wall.leader.type(ORDER)
    await wall.leader.can_press("1.form.choose.order_fix-due")
    await wall.leader.type(LAST_DAY)
    await wall.leader.press("1.form.send")
    told = await (await wall.head.reads("有一件新的整改问题，请签收")).inner_text()
    return str(re.findall(r"RI\d+", told)[0])


async def _write(head: Phone, *answers: tuple[str, str]) -> None:
    """Answer the questions of a form in words, or by the button that an answer names."""
    for asked, said in answers:
        await head.reads(asked)
        await (head.press(said) if said.startswith("1.") else head.type(said))
    await head.reads("将要上报的就是下面这些")
    await head.press("1.form.send")


async def acknowledge_and_plan(wall: Wall) -> None:
    """The head acknowledges by the button of one digest, and writes the plan by that of another; it is approved."""
    head, office = wall.head, wall.office
    await wall.pass_days(4)
    await head.reads("还没有签收")
    await head.press("1.item.acknowledge_listed")
    await expect(head.node.locator('[data-callback^="1.item.acknowledge_listed"]')).to_have_count(0)
    await wall.pass_days(19)
    await head.reads("整改方案还没有报")
    await head.press("1.item.write_plan")
    people = ("谁来做", "邢立牵头，规划办经办")
    await _write(head, ("打算怎么改", MEASURES), people, ("什么时候完成", "1.form.choose.plan_item-until"))
    await head.reads("已上报，等待答复")
    await office.reads(MEASURES)
    await office.press("1.paper.approve_plan")
    await head.reads("整改方案同意了")


async def come_to_half_time(wall: Wall) -> None:
    """The head is asked at half time."""
    await wall.pass_days(7)
    await wall.head.reads("时间过半")


async def answer_half_way(wall: Wall) -> None:
    """The head answers at half time, reports progress and asks for more time, which the office gives."""
    head, office = wall.head, wall.office
    await head.press("1.item.write_midterm")
    hindered = ("有什么困难", "1.form.choose.midterm_item-hindered")
    until = ("预计什么时候完成", "1.form.choose.midterm_item-until")
    await _write(head, ("做到哪一步", HALF_WAY), hindered, until)
    await head.reads("中期进展（已上报）")
    await head.press("1.item.report_progress")
    await head.reads("请用一条消息")
    await head.type(PROGRESS)
    await head.reads("进展已记下")
    await head.press("1.item.write_extension")
    await _write(head, ("想延到哪一天", LATER), ("为什么要延期", WHY))
    await office.reads(WHY.rstrip("。"))
    await office.press("1.paper.grant_extension")
    await office.reads("同意延期的理由")
    await office.type(GRANTED)
    await head.reads(GRANTED)


async def remind_and_warn(wall: Wall, item_id: str) -> None:
    """The head hears of the new day again and again, and once it has passed; then the director gives a card."""
    for days, says in REMINDED:
        await wall.pass_days(days)
        await wall.head.reads(says)
    await wall.office.press(f"1.item.give.{item_id}")
    await wall.office.press(f"1.item.confirm_card.{item_id}")
    await wall.head.reads("被给予黄牌")


async def hand_in(wall: Wall) -> None:
    """The head says what was set up, and hands in words and a photo."""
    head = wall.head
    await head.press("1.item.tell_system")
    await head.can_press("1.form.choose.tell_system")
    await head.type(SYSTEM)
    await head.reads(SYSTEM)
    await head.press("1.item.submit")
    await head.can_press("1.form.choose.submit_item")
    await head.type(DONE)
    await head.can_press("1.form.send")
    await head.send_sample("3-riverside")
    await head.node.get_by_text(re.compile("整改后照片.{0,2}1 ?份")).last.wait_for()
    await head.press("1.form.send")
    await head.reads("已提交，等待审核")


async def clear(wall: Wall, county_leader: Phone, item_id: str) -> None:
    """The team passes it, the county leader signs for it, the director clears it."""
    await wall.leader.reads(DONE)
    await wall.leader.press("1.item.pass")
    for end in TICKS:
        await wall.leader.node.locator(f'[data-callback$="{end}"]').last.click()
    await wall.leader.can_press("1.form.choose.pass_item-result")
    await wall.leader.type(RESULT)
    await wall.head.reads("审核通过，等待销号")
    await county_leader.press(f"1.item.countersign.{item_id}")
    await county_leader.reads("请看清再签字")
    await county_leader.press(f"1.item.sign.{item_id}")
    await wall.office.reads("已签字背书，可以销号")
    await wall.office.press(f"1.item.clear.{item_id}")
    await wall.head.reads(f"{item_id} 已销号")
