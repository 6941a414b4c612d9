"""A unit's head without Telegram: an item on pages, from the mail that something waits until it is cleared."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from fpdf import FPDF
from playwright.async_api import Browser, expect
from sqlalchemy import select

from models.rectification import ItemPaper, RectificationItem, WarningCard
from models.states import CaseState, ItemState, PaperState
from services.rectification.issue_item import order_fix
from services.rectification.papers import approve_plan, grant_extension
from services.rectification.review_item import Tick, clear_item, pass_item
from services.talks.cards import give_card
from services.unit_of_work import UnitOfWork
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.e2e.desk import PUBLIC, Person, come_in
from tests.integration.cases.conftest import picture
from tests.integration.rectification.conftest import signed, who
from tests.integration.web.desk import laid, link_of
from tests.mail import MailServer
from texts.catalogue import SOURCE, Words

SCREEN = (1100, 860)
SAID = "李老四家的补偿款三年没有发下来,问了几次都不给说法"
ORDER = "征地补偿款没有按时发放。请逐户核对、补发，并公示。"
DUE = date(2027, 1, 21)
REMINDED = ((31, "还有20天"), (10, "还有10天"), (7, "还有3天"), (4, "已逾期1天"), (4, "已逾期5天"))
DAY = 86400


class HeadAtDesk:
    """The head at their browser, and the days that pass; keeps whatever they were shown."""

    def __init__(self, deployment: Deployment, mails: MailServer, person: Person) -> None:
        self._deployment, self._mails, self._person = deployment, mails, person
        self.shown: list[str] = []

    async def pass_days(self, days: int) -> None:
        """Let days pass; then a mail says that something waits, and the head signs in anew."""
        before = len(self._mails.to("head@county.example"))
        self._deployment.simulator.advance(days * DAY)
        await self._deployment.settled()
        [*_, mail] = self._mails.to("head@county.example")[before:]
        assert f"{PUBLIC}/desk/" in mail.text
        await self._person.go(await link_of(self._deployment, "P14", asked_on="web"))
        await self._person.page.locator("button.main").click()
        await self.go("/desk/today")

    async def go(self, path: str) -> None:
        await self._person.go(path)
        await self._look()

    async def press(self, what: str) -> None:
        await self._person.press(what)
        await self._look()

    async def write(self, text: str, *, files: Sequence[Path] = ()) -> None:
        await self._person.write(text, files=files)
        await self._look()

    async def reads(self, text: str) -> None:
        await self._person.reads(text)

    async def finds_once(self, text: str) -> None:
        """See that a text stands on the page, and not twice."""
        await expect(self._person.page.locator("main").get_by_text(text)).to_have_count(1)

    async def _look(self) -> None:
        await self._person.page.wait_for_load_state()
        self.shown.append(await self._person.page.content())


@asynccontextmanager
async def _elsewhere(deployment: Deployment) -> AsyncIterator[UnitOfWork]:
    """Do what others do, each at their own place, and let the product tell it."""
    async with deployment.database.transaction() as session:
        yield deployment.work(session)
    await deployment.settled()


async def _paper(work: UnitOfWork) -> str:
    """Return the paper that waits for an answer."""
    found: str = (await work.session.scalars(select(ItemPaper.id).where(ItemPaper.state == PaperState.SUBMITTED))).one()
    return found


async def _planned(deployment: Deployment, head: HeadAtDesk) -> None:
    """The head acknowledges and plans, from the page of what there is to do today; the office approves."""
    await head.pass_days(4)
    await head.reads("还没有签收")
    await head.press("item.acknowledge_listed")
    await head.reads("已签收")
    await head.finds_once("今天的整改提醒")
    await head.pass_days(19)
    await head.reads("整改方案还没有报")
    await head.press("item.write_plan")
    await head.write("逐户核对应发金额，分两批补发。")
    await head.write("邢立牵头，规划办经办")
    await head.press("form.choose")
    await head.press("form.send")
    await head.reads("已上报，等待答复")
    async with _elsewhere(deployment) as work:
        await approve_plan(work, await who(work, "P03"), await _paper(work))


async def _half_way(deployment: Deployment, head: HeadAtDesk, item_id: str) -> None:
    """The head answers at half time, reports progress and asks for more time, which the director gives."""
    await head.pass_days(7)
    await head.reads("时间过半")
    await head.press("item.write_midterm")
    await head.write("四个村已核对，补发了第一批。")
    await head.press("form.choose")
    await head.press("form.choose")
    await head.press("form.send")
    await head.go(f"/desk/item/{item_id}")
    await head.reads("中期进展（已上报）")
    await head.press("item.report_progress")
    await head.write("第二批名单已公示。")
    await head.press("item.write_extension")
    await head.write("2027年2月11日")
    await head.write("两个村的户主在外，春节前才能回来签字。")
    await head.press("form.send")
    await head.reads("申请延到2027年2月11日")
    async with _elsewhere(deployment) as work:
        await grant_extension(work, await who(work, "P03"), await _paper(work), "情况属实，同意。")


async def _handed_in(head: HeadAtDesk, files: Sequence[Path]) -> None:
    """The head says what was set up, and hands in words, a photo and a list."""
    await head.press("item.tell_system")
    await head.write("补偿款到账后十日内发放，每季度公示。")
    await head.press("item.submit")
    await head.write("两批都已补发，名单张榜七天，无人有异议。", files=files)
    await head.reads("已收下：文字1条、整改后照片1份、文件资料1份")
    await head.press("form.send")
    await head.reads("已提交，等待审核")


def _proof(folder: Path) -> list[Path]:
    """Return a photo and a PDF."""
    photo, list_of_households = folder / "IMG_0042.jpg", folder / "list.pdf"
    photo.write_bytes(picture())
    pdf = FPDF()
    pdf.add_page()
    pdf.output(str(list_of_households))
    return [photo, list_of_households]


@ONLY_SQLITE
async def test_a_head_has_an_item_on_pages_from_its_order_to_its_end_and_reads_nothing_of_the_reporter(
    deployment: Deployment, mails: MailServer, chromium: Browser, tmp_path: Path
) -> None:
    case_id = await laid(deployment, SAID, state=CaseState.VERIFYING, category="land_compensation")
    async with _elsewhere(deployment) as work:
        item_id = (await order_fix(work, await who(work, "P05"), case_id, ORDER, DUE)).id
    head = HeadAtDesk(deployment, mails, await come_in(deployment, mails, chromium, "head", SCREEN))
    await _planned(deployment, head)
    await _half_way(deployment, head, item_id)
    for days, says in REMINDED:
        await head.pass_days(days)
        await head.reads(says)
    async with _elsewhere(deployment) as work:
        await give_card(work, await who(work, "P03"), item_id, WarningCard.YELLOW)
    await head.go(f"/desk/item/{item_id}")
    await head.reads("已给黄牌")
    await _handed_in(head, _proof(tmp_path))
    async with _elsewhere(deployment) as work:
        await pass_item(work, await who(work, "P06"), item_id, Words(SOURCE).plain("item.usual_result"), list(Tick))
        await signed(work, await work.session.get_one(RectificationItem, item_id), "P25")
        await clear_item(work, await who(work, "P03"), item_id)
    await head.go(f"/desk/item/{item_id}")
    await head.reads("已销号")
    async with deployment.database.reading() as session:
        assert (await session.get_one(RectificationItem, item_id)).state == ItemState.CLEARED
    read = "\n".join([*head.shown, *(mail.all for mail in mails.to("head@county.example"))])
    assert ORDER in read
    # the reporter, where they reported it, and another unit of the county
    assert re.findall(f"李老四|不给说法|反映|桥头岭村|花塘|石蒲|{case_id}", read) == []
