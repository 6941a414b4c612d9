"""A feedback list brought on a page: row by row what would be done, done by a press, and once."""

import pytest
from sqlalchemy import func, select

from models.rectification import RectificationItem
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in
from tests.items import ASPECT

OFFICE, HEAD = "P04", "P14"
ROUND = "R6"
HEADING = "编号,被巡察单位,反馈问题,整改要求,类别,方面,整改时限,工作专班\r\n"
ROWS = (
    f"1,竹坞镇党委,三会一课不认真。,补齐。,其他,{ASPECT},2026-12-31,党建办\r\n"
    f"2,没有的镇,账目没有公示。,公示。,其他,{ASPECT},2026-12-31,财政所\r\n"
)


async def listed(deployment: Deployment) -> int:
    query = select(func.count(RectificationItem.id)).where(RectificationItem.list_number.is_not(None))
    async with deployment.database.reading() as session:
        return await session.scalar(query) or 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
async def test_a_list_is_shown_row_by_row_and_done_once_by_a_press(
    deployment: Deployment, open_browser: OpenBrowser, encoding: str
) -> None:
    browser = await signed_in(deployment, open_browser, OFFICE)
    for issued, left in ((1, 0), (0, 1)):
        await browser.open("/desk/feedback-list")
        await browser.send("先看看读出什么", round=ROUND, files=[(HEADING + ROWS).encode(encoding)])
        assert f"新下达{issued}个，改时限0个，已经有的{left}个，有错的1行" in browser.page.text
        assert "B3 被巡察单位：没有“没有的镇”这个单位" in browser.page.text
        assert browser.page.has_button("do") is bool(issued)
        if issued:
            assert await listed(deployment) == 0
            await browser.send("do")
            assert "已下达1个" in browser.page.text
        assert await listed(deployment) == 1

    template = await browser.open("/desk/feedback-list/template.csv")
    assert template.status == 200
    await browser.open("/desk/feedback-list")
    await browser.send("先看看读出什么", round=ROUND, files=["编号,整改要求\r\n1,公示\r\n".encode()])
    assert "还缺：被巡察单位、反馈问题" in browser.page.text
    await browser.open("/desk/sources")
    assert "巡察反馈：" in browser.page.text

    head = await signed_in(deployment, open_browser, HEAD)
    assert (await head.open("/desk/feedback-list")).status == 404
    assert (await head.open("/desk/feedback-list/template.xlsx")).status == 404
