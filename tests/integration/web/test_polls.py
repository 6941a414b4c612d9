"""A poll on pages: answered once by whoever has a code, without a cookie or JavaScript, and held at the desk."""

import asyncio
import re

import pytest
from sqlalchemy import select

from models.polls import Poll
from services.polls.codes import as_printed, new_code
from services.polls.polls import result_of
from services.polls.questions import Choice
from tests.browsing import Browser, Page
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.polls.story import (
    CLERK,
    DIRECTOR,
    LEADER,
    LEADING_GROUP,
    UNIT_NAME,
    all_of,
    answered,
    closed,
    fields_of,
    opened,
)
from tests.integration.polls.test_conversations import codes_in
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import presses, send_by_hand, signed_in
from tests.integration.web.test_desk_and_chat import offered_in_chat


async def slips(deployment: Deployment, count: int = 10) -> list[str]:
    """Open a poll, and return the codes of its slips."""
    async with deployment.database.transaction() as session:
        return (await opened(deployment.work(session), count))[1]


async def one_poll(deployment: Deployment) -> str:
    """Return the id of the one poll."""
    async with deployment.database.reading() as session:
        return (await session.scalars(select(Poll.id))).one()


async def result(deployment: Deployment) -> dict[str, dict[Choice, int]]:
    """Close the poll and return what came of it."""
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        poll = await closed(work, (await session.scalars(select(Poll))).one())
        counts = result_of(work, poll)
    assert counts is not None
    return {aspect: dict(of_aspect) for aspect, of_aspect in counts.items()}


def without_form(page: Page) -> str:
    """Return a page but for what tells one form from another."""
    return re.sub(r'name="form" value="[^"]*"', "", page.body.decode())


async def test_whoever_has_a_code_answers_once_without_a_cookie(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    codes = await slips(deployment)
    for place, code in enumerate(codes[:7]):
        one = await open_browser()
        page = await one.open(f"/poll/{code}")
        assert UNIT_NAME in page.text
        assert "Set-Cookie" not in page.headers
        style = Choice.POOR if place == 0 else Choice.GOOD
        taken = await one.send("交票", **fields_of(all_of(Choice.FAIRLY_GOOD, style=style)))
        assert taken.headings == ["收到了，谢谢您！"]
        assert "Set-Cookie" not in taken.headers
    counts = await result(deployment)
    assert counts["style"] == {Choice.GOOD: 6, Choice.FAIRLY_GOOD: 0, Choice.FAIR: 0, Choice.POOR: 1}
    assert counts["overall"][Choice.FAIRLY_GOOD] == 7


@pytest.mark.parametrize("typed", [as_printed, str.lower])
async def test_a_code_can_be_typed(deployment: Deployment, browser: Browser, typed: object) -> None:
    [code] = await slips(deployment, 1)
    await browser.open("/poll")
    page = await browser.send("打开", code=typed(code))  # type: ignore[operator]
    assert page.has_button("交票")


async def test_a_used_code_and_one_that_never_was_are_told_the_same(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    codes = await slips(deployment)
    one = await open_browser()
    await one.open(f"/poll/{codes[0]}")
    form = one.page
    await one.send("交票", **fields_of(all_of(Choice.GOOD)))
    never = new_code()
    told = {code: await one.open(f"/poll/{code}") for code in (codes[0], never)}
    assert {page.status for page in told.values()} == {404}
    assert without_form(told[codes[0]]).replace(as_printed(codes[0]), as_printed(never)) == without_form(told[never])
    other = await one.send("交票", page=form, **fields_of(all_of(Choice.POOR)))
    assert other.status == 404
    assert "这个码用不了" in other.text


async def test_whoever_got_no_answer_on_a_bad_line_sends_it_again_and_counts_once(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    codes = await slips(deployment)
    for code in codes[:6]:
        one = await open_browser()
        await one.open(f"/poll/{code}")
        form = one.page
        for _ in range(2):
            taken = await one.send("交票", page=form, **fields_of(all_of(Choice.GOOD)))
            assert taken.headings == ["收到了，谢谢您！"]
    assert (await result(deployment))["overall"][Choice.GOOD] == 6


async def test_what_was_left_out_is_asked_again_and_what_was_chosen_stays(
    deployment: Deployment, browser: Browser
) -> None:
    [code] = await slips(deployment, 1)
    await browser.open(f"/poll/{code}")
    page = await browser.send("交票", duty="good", style="unheard-of", strange="good")
    assert "还有没选的" in page.text
    assert 'name="duty" value="good" required checked' in page.body.decode()
    assert (await browser.send("交票", **fields_of(all_of(Choice.GOOD)))).headings == ["收到了，谢谢您！"]


@ONLY_SQLITE
async def test_a_form_that_we_never_made_is_not_taken(deployment: Deployment, browser: Browser) -> None:
    [code] = await slips(deployment, 1)
    await browser.open(f"/poll/{code}")
    page = await browser.send("交票", form="x" * 48, **fields_of(all_of(Choice.GOOD)))
    assert page.status == 403
    assert (await browser.open(f"/poll/{code}")).status == 200


@ONLY_SQLITE
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "不记名"), ("zh-TW", "不記名"), ("en", "Nobody is named")])
async def test_it_speaks_the_readers_language(
    deployment: Deployment, open_browser: OpenBrowser, language: str, said: str
) -> None:
    [code] = await slips(deployment, 1)
    assert said in (await (await open_browser(language)).open(f"/poll/{code}")).text


# ---- at the desk


async def test_a_poll_is_held_on_pages_from_its_opening_to_its_result(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    leader = await signed_in(deployment, open_browser, LEADER)
    await leader.open("/desk/polls")
    await leader.send("办一次测评")
    await leader.send("add", text="竹坞")
    await leader.send("不定日子，自己来结束")
    await leader.send("开始测评")
    poll_id = await one_poll(deployment)
    at = f"/desk/poll/{poll_id}"
    page = await leader.open(at)
    assert UNIT_NAME in page.text
    printed = await leader.send("下载", count="8")
    assert printed.headers["Content-Type"] == "application/pdf"
    codes = codes_in(printed.body)
    assert len(codes) == 8
    for code in codes[:6]:
        voter = await open_browser()
        await voter.open(f"/poll/{code}")
        await voter.send("交票", **fields_of(all_of(Choice.FAIR)))
    assert "一般 6" not in (await leader.open(at)).text
    await leader.send("1.poll.close")
    await leader.send("1.poll.close_yes")
    assert "工作作风：好 0，较好 0，一般 6，差 0" in (await leader.open(at)).text
    assert not leader.page.has_button("下载")
    group = await signed_in(deployment, open_browser, LEADING_GROUP)
    assert "一般 6" in (await group.open(at)).text


@ONLY_SQLITE
@pytest.mark.parametrize("count", ["", "0", "-1", "501", "seven", "99999"])
async def test_a_number_that_is_none_is_asked_for_again(
    deployment: Deployment, open_browser: OpenBrowser, count: str
) -> None:
    await slips(deployment)
    leader = await signed_in(deployment, open_browser, LEADER)
    await leader.open(f"/desk/poll/{await one_poll(deployment)}")
    assert "请写一个数，1 到 490" in (await leader.send("下载", count=count)).text


@pytest.mark.parametrize("staff_id", [CLERK, DIRECTOR, LEADING_GROUP, LEADER, "P06", "P08", "P14", "P20", "P25"])
async def test_a_page_offers_what_the_chat_offers_and_nothing_to_the_unit(
    deployment: Deployment, open_browser: OpenBrowser, staff_id: str
) -> None:
    await slips(deployment)
    poll_id = await one_poll(deployment)
    browser = await signed_in(deployment, open_browser, staff_id)
    async with deployment.database.transaction() as session:
        expected = await offered_in_chat(deployment.work(session), "poll", staff_id, poll_id)
    page = await browser.open(f"/desk/poll/{poll_id}")
    holds = staff_id in {CLERK, DIRECTOR, LEADER}
    assert presses(page) == expected - {f"1.poll.print.{poll_id}"}  # whose place is further down
    assert page.has_button("下载") == holds
    assert (UNIT_NAME in page.text) == (holds or staff_id == LEADING_GROUP)
    if not holds:
        assert await send_by_hand(browser, f"/desk/poll/{poll_id}/print", count="1") == 404
    listed = await browser.open("/desk/polls")
    assert (UNIT_NAME in listed.text) == (holds or staff_id == LEADING_GROUP)


async def test_nothing_of_a_poll_is_shown_to_a_stranger(deployment: Deployment, open_browser: OpenBrowser) -> None:
    await slips(deployment)
    stranger = await open_browser()
    page = await stranger.open(f"/desk/poll/{await one_poll(deployment)}")
    assert UNIT_NAME not in page.text


async def test_answers_that_come_at_once_are_all_counted(deployment: Deployment, open_browser: OpenBrowser) -> None:
    codes = await slips(deployment)

    async def vote(code: str) -> None:
        one = await open_browser()
        await one.open(f"/poll/{code}")
        await one.send("交票", **fields_of(all_of(Choice.GOOD)))

    await asyncio.gather(*(vote(code) for code in codes))
    assert (await result(deployment))["duty"][Choice.GOOD] == len(codes)


async def test_a_code_that_is_sent_twice_at_once_counts_once(deployment: Deployment, open_browser: OpenBrowser) -> None:
    codes = await slips(deployment)
    async with deployment.database.transaction() as session:
        await answered(deployment.work(session), codes[:5])
    both = [await open_browser(), await open_browser()]
    for one in both:
        await one.open(f"/poll/{codes[5]}")
    pages = await asyncio.gather(*(one.send("交票", **fields_of(all_of(Choice.POOR))) for one in both))
    assert sorted(page.status for page in pages) == [200, 404]
    assert (await result(deployment))["duty"] == {
        Choice.GOOD: 5, Choice.FAIRLY_GOOD: 0, Choice.FAIR: 0, Choice.POOR: 1,
    }  # fmt: skip
