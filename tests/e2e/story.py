"""The full story on the phones, in steps; the pictures are taken between them."""

import re

from tests.e2e.wall import Wall

SAID = "桥头岭到小学那个石拱桥,中间裂了手指头宽的缝,娃儿天天从那里过,求你们快点来看"
SAID_ON_PAGE = "村口的路灯坏了三个月,晚上接娃放学要打手电"
QUESTION = "裂缝在桥面上还是在桥墩上?"
REPLY = "在桥面中间,一米多长"
ORDER = "桥头岭石拱桥开裂、栏杆缺失。当日封桥、设绕行标志,一个月内修复。"
PROGRESS = "当天已封桥,绕行标志已立,校车改走新路。"
DONE = "检测完成,裂缝已灌浆,护栏已装好,见照片。"
SYSTEM = "每月巡查一次桥梁,记入台账。"
RESULT = "桥已修好,护栏装上了,今天起恢复通行。"


async def submit(wall: Wall) -> None:
    """Scan the poster, say it with a photo, send."""
    await wall.scan_poster()
    await wall.resident.reads("桥头岭村")
    await wall.resident.type(SAID)
    await wall.resident.can_press("1.r.send")
    await wall.resident.send_sample("1-bridge")
    await wall.resident.node.get_by_text(re.compile("录音等 1 份")).last.wait_for()
    await wall.resident.node.locator('[data-callback^="1.r.toggle"][data-callback$=".tell"]').last.click()
    await wall.resident.press("1.r.send")
    await wall.resident.code.wait_for()


async def submit_on_page(wall: Wall, said: str = SAID_ON_PAGE) -> None:
    """Scan the poster with the phone that has a browser alone, say something on the page, look at it, send."""
    await wall.scan_poster(phone="browser")
    await wall.browser.press("在这里写")
    await wall.browser.write(said)
    await wall.browser.press("add")
    await wall.browser.reads(said[:8])
    await wall.browser.press("1.r.send")
    await wall.browser.code.wait_for()


async def claim_and_read(wall: Wall) -> None:
    """Claim the card on the board and open the text in private."""
    await wall.board.press("1.case.claim")
    await wall.board.press("1.case.open")
    await wall.leader.reads("手指头宽")


async def ask(wall: Wall) -> None:
    """Ask the resident something; they answer."""
    await wall.leader.press("1.case.ask")
    await wall.leader.can_press("1.form.cancel")
    await wall.leader.type(QUESTION)
    await wall.leader.press("1.form.send")
    await wall.resident.reads(QUESTION)
    await wall.resident.press("1.r.reply")
    await wall.resident.node.get_by_test_id("composer").focus()
    await wall.resident.type(REPLY)
    await wall.resident.press("1.r.put_in")
    await wall.resident.reads("送到了")


async def order_fix(wall: Wall) -> None:
    """Accept, verify, and order a fix."""
    await wall.leader.press("1.case.accept")
    await wall.leader.press("1.case.verify")
    await wall.leader.press("1.item.order_fix")
    await wall.leader.can_press("1.form.cancel")
    await wall.leader.type(ORDER)
    await wall.leader.press("1.form.choose.order_fix-due")
    await wall.leader.press("1.form.send")
    await wall.head.reads("桥头岭石拱桥开裂")


async def hand_in(wall: Wall) -> None:
    """Acknowledge, report progress, hand in a text and a photo."""
    await wall.head.press("1.item.acknowledge")
    await wall.head.press("1.item.report_progress")
    await wall.head.can_press("1.form.cancel")
    await wall.head.type(PROGRESS)
    await wall.head.press("1.item.tell_system")
    await wall.head.can_press("1.form.choose.tell_system")
    await wall.head.type(SYSTEM)
    await wall.head.reads(SYSTEM)
    await wall.head.press("1.item.submit")
    await wall.head.can_press("1.form.choose.submit_item")
    await wall.head.type(DONE)
    await wall.head.can_press("1.form.send")
    await wall.head.send_sample("3-riverside")
    await wall.head.node.get_by_text(re.compile("整改后照片.{0,2}1 ?份")).last.wait_for()
    await wall.head.press("1.form.send")
    await wall.leader.reads("灌浆")


async def pass_and_clear(wall: Wall) -> None:
    """The team passes it with a sentence for the reporter; the office clears it."""
    await wall.leader.press("1.item.pass")
    for end in (".00100", ".done-00100"):
        await wall.leader.node.locator(f'[data-callback$="{end}"]').last.click()
    await wall.leader.can_press("1.form.choose.pass_item-result")
    await wall.leader.type(RESULT)
    await wall.office.press("1.item.clear")
    await wall.resident.reads(RESULT)


async def open_desk(wall: Wall) -> None:
    """Ask for the link in chat, and open the desk with it on the large screen."""
    await wall.leader.type("/web")
    await wall.leader.reads("在网页上办")
    await wall.leader.node.locator(".key.link").last.click()
    await wall.screen.get_by_role("button", name="进去办事").click()
    await wall.screen.get_by_role("heading", name="古石生").wait_for()


async def read_by_code(wall: Wall) -> None:
    """Come back with the receipt code and read the result."""
    await wall.resident.type(await wall.resident.code.inner_text())
    await wall.resident.can_press("1.r.solved")
