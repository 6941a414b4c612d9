"""Lists brought on a page: what was read is shown first, kept by a press, once, by those on the team alone."""

import pytest
from sqlalchemy import func, select

from models.name_lists import NameList
from services.cases.name_list_file import MOST_ROWS
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, send_by_hand, signed_in

MEMBER, OTHER_TEAM, DIRECTOR, HEAD = "P06", "P08", "P03", "P16"
LIST = "姓名,村,月补贴\r\n钱万顺,上竹坞村,300\r\n孙小田,桥头岭村,280\r\n3月5日,桥头岭村,1\r\n"


async def choose(browser: Browser, content: bytes) -> None:
    await browser.open("/desk/names")
    await browser.send("先看看读出什么", kind="allowances", name="2026年低保", files=[content])


async def kept(deployment: Deployment) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(NameList)) or 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
async def test_a_list_is_shown_first_and_kept_by_a_press(
    deployment: Deployment, open_browser: OpenBrowser, encoding: str
) -> None:
    case_id = await laid(deployment, "钱万顺家吃低保")
    browser = await signed_in(deployment, open_browser, MEMBER)
    await choose(browser, LIST.encode(encoding))
    assert "读出 2 行，1 行不导入" in browser.page.text
    assert "姓名一格里不是人名" in browser.page.text
    assert "第 4 行" in browser.page.text
    assert await kept(deployment) == 0
    await browser.send("do")
    assert "已导入 2 行。" in browser.page.text
    assert await kept(deployment) == 1
    await choose(browser, LIST.encode(encoding))
    await browser.send("do")
    assert "这份名单本组已经导入过了" in browser.page.text
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.open")
    assert "可能相关" in browser.page.text
    await browser.open("/desk/names")
    await browser.send("删除")
    assert await kept(deployment) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x14\x00\x00\x00", "Excel 文件请先“另存为 CSV”"),
        ("序号,金额\n1,2\n".encode(), "第一行里没有能比对的列"),
        ('姓名,村\n"张三,上竹坞村\n'.encode(), "引号没有成对"),
        (b"a," * 5000, "列太多了"),
        (("姓名\n" + "张三\n" * (MOST_ROWS + 1)).encode(), "行太多了"),
        ("姓名,村\n=1+1,上竹坞村\n".encode(), "姓名一格里不是人名"),
        (("姓名\n" + "张" * 150_000).encode(), "读不下去"),
    ],
)
async def test_what_is_no_list_is_refused_in_a_sentence(
    deployment: Deployment, open_browser: OpenBrowser, content: bytes, said: str
) -> None:
    browser = await signed_in(deployment, open_browser, MEMBER)
    await choose(browser, content)
    assert browser.page.status == 200
    assert said in browser.page.text
    assert not browser.page.has_button("do")


async def test_only_those_on_a_team_have_the_page_and_each_their_own_lists(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    theirs, other = [await signed_in(deployment, open_browser, one) for one in (MEMBER, OTHER_TEAM)]
    await choose(theirs, LIST.encode())
    await theirs.send("do")
    await other.open("/desk/names")
    assert "2 行" not in other.page.text
    assert await send_by_hand(other, "/desk/names", team="T1", kind="allowances", rows=LIST, do="1") == 404
    for staff_id in (DIRECTOR, HEAD):
        browser = await signed_in(deployment, open_browser, staff_id)
        assert (await browser.open("/desk/names")).status == 404
