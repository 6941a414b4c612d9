"""Coming back to the pages with the receipt code, whether it was given there or in a chat, and to chats with theirs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from models.complaints import ComplaintMessage
from models.rounds import QrCode, Round
from models.states import CaseState
from privacy.receipt import Receipt, read_receipt
from services.access.member import member
from services.cases.decide import Referral, Refusal, RefusalReason, accept, refuse
from services.intake.split import split
from services.unit_of_work import UnitOfWork
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.resident.conftest import case_of
from tests.integration.resident.test_coming_back import answer, ask, said_by_reporter
from tests.integration.web.conftest import OpenBrowser, begin
from tests.integration.web.test_submission import PHOTO, SAID, count
from tests.pages import page_of_code
from tests.story import PhoneUser, receipt_in


@asynccontextmanager
async def working(deployment: Deployment) -> AsyncIterator[UnitOfWork]:
    """Open a transaction in which the team does something."""
    async with deployment.database.transaction() as session:
        yield deployment.work(session)


async def complain(deployment: Deployment, browser: Browser) -> Receipt:
    """Say something on the pages and send it; return the receipt code."""
    await begin(deployment, browser)
    await browser.send("add", text=SAID, files=[PHOTO])
    return read((await browser.send("1.r.send")).code)


def read(code: str) -> Receipt:
    found = read_receipt(code)
    assert isinstance(found, Receipt)
    return found


async def come_back(browser: Browser, code: str) -> None:
    await browser.open("/")
    await browser.send(text=code)


async def test_the_code_opens_the_complaint_in_another_browser_and_its_address_says_nothing(
    deployment: Deployment, browser: Browser, open_browser: OpenBrowser
) -> None:
    await complain(deployment, browser)
    other = await open_browser()
    await come_back(other, browser.page.code)
    assert other.page.url.endswith("/page")
    assert "文字 1 条，照片、录音等 1 份" in other.page.text
    assert SAID not in other.page.text  # whoever finds the code does not read what was said


async def test_a_question_is_answered_and_more_is_added_after_a_look(
    deployment: Deployment, browser: Browser, open_browser: OpenBrowser
) -> None:
    receipt = await complain(deployment, browser)
    code = browser.page.code
    async with working(deployment) as work:
        await ask(work, receipt, "哪一根灯杆？")
    other = await open_browser()
    await come_back(other, code)
    assert "哪一根灯杆？" in other.page.text
    assert "您的回答" in other.page.text
    page = await other.send("add", text="村口第三根")
    assert "村口第三根" in page.text
    async with working(deployment) as work:
        assert await said_by_reporter(work, receipt) == [SAID, ""]
    page = await other.send("1.r.put_in")
    assert "您的回答送到了" in page.text
    async with working(deployment) as work:
        assert await said_by_reporter(work, receipt) == [SAID, "", "村口第三根"]


async def test_what_is_to_be_added_is_found_again_from_anywhere_on_the_page(
    deployment: Deployment, browser: Browser
) -> None:
    await complain(deployment, browser)
    await browser.send("add", text="灯杆也歪了")
    page = await browser.send("English")
    assert "灯杆也歪了" not in page.text
    page = await browser.send("Show what I wrote")
    assert "灯杆也歪了" in page.text
    assert page.has_button("1.r.put_in")


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
async def test_no_two_buttons_under_what_is_to_be_added_are_called_the_same(
    deployment: Deployment, browser: Browser, open_browser: OpenBrowser, language: str
) -> None:
    await complain(deployment, browser)
    other = await open_browser(language)
    await come_back(other, browser.page.code)
    page = await other.send("add", text="灯杆也歪了")
    assert page.has_button("1.r.put_in")
    labels = [button.label for button in page.form.buttons]
    assert sorted(set(labels)) == sorted(labels)


async def test_an_answer_is_judged_and_rated(
    deployment: Deployment, browser: Browser, open_browser: OpenBrowser
) -> None:
    receipt = await complain(deployment, browser)
    code = browser.page.code
    async with working(deployment) as work:
        await answer(work, receipt, "路灯已经换了新的。")
    other = await open_browser()
    await come_back(other, code)
    assert "路灯已经换了新的。" in other.page.text
    page = await other.send("1.r.solved")
    assert page.has_button("1.r.rate")
    page = await other.send(next(one.value for one in page.form.buttons if one.value.endswith(".3")))
    assert not page.has_button("1.r.rate")


async def test_whoever_is_not_content_objects(deployment: Deployment, browser: Browser) -> None:
    receipt = await complain(deployment, browser)
    code = browser.page.code
    async with working(deployment) as work:
        await answer(work, receipt, "路灯已经换了新的。")
    await come_back(browser, code)
    page = await browser.send("1.r.unsolved")
    assert page.headings
    await come_back(browser, code)
    assert not browser.page.has_button("1.r.solved")


async def test_a_refusal_is_read_with_the_other_door_and_objected_to_once(
    deployment: Deployment, browser: Browser
) -> None:
    receipt = await complain(deployment, browser)
    code = browser.page.code
    refusal = Refusal(RefusalReason.OTHER, Referral.DEPARTMENT, "路灯归供电所管")
    async with working(deployment) as work:
        leader, case = await member(work.session, "P05"), await case_of(work, receipt)
        await refuse(work, leader, case.id, refusal)
    await come_back(browser, code)
    assert "路灯归供电所管" in browser.page.text
    assert "直接找管这件事的部门" in browser.page.text
    page = await browser.send("1.r.object")
    assert "您不同意" in page.text
    await browser.send("add", text="供电所说归村里管")
    await browser.send("1.r.put_in")
    async with working(deployment) as work:
        assert (await case_of(work, receipt)).state == CaseState.ASSIGNED
        await refuse(work, await member(work.session, "P05"), case.id, refusal)
    await come_back(browser, code)
    assert "您的异议看过了" in browser.page.text
    assert not browser.page.has_button("1.r.object")


async def test_a_receipt_shows_how_each_of_several_matters_stands(deployment: Deployment, browser: Browser) -> None:
    receipt = await complain(deployment, browser)
    code = browser.page.code
    async with working(deployment) as work:
        leader, case = await member(work.session, "P05"), await case_of(work, receipt)
        other = await split(work, leader, case.id, "style")
        await accept(work, leader, other.id)
    await come_back(browser, code)
    assert "已经分开来办" in browser.page.text
    assert "：已受理" in browser.page.text
    assert "：待受理" in browser.page.text


async def test_a_complaint_is_withdrawn_when_that_is_asked_twice(deployment: Deployment, browser: Browser) -> None:
    await complain(deployment, browser)
    code = browser.page.code
    await come_back(browser, code)
    page = await browser.send("1.r.withdraw.")
    assert "真的撤回吗？" in page.text
    assert page.has_button("不，留着")
    page = await browser.send("1.r.withdraw_yes")
    assert "撤回了" in page.text
    assert await count(deployment, ComplaintMessage) == 0
    await come_back(browser, code)
    assert not browser.page.has_button("1.r.withdraw")


async def test_a_visit_is_put_away_and_the_page_no_longer_shows_it(deployment: Deployment, browser: Browser) -> None:
    await complain(deployment, browser)
    code = browser.page.code
    page = await browser.send("抄好了，收起来")
    assert code not in page.text
    assert code not in (await browser.open("/page")).text


async def test_a_visit_is_over_after_its_hour_though_a_draft_goes_on(
    deployment: Deployment, browser: Browser, open_browser: OpenBrowser
) -> None:
    await complain(deployment, browser)
    other, text = await open_browser(), "水渠也堵了"
    await begin(deployment, other)
    await other.send("add", text=text)
    await come_back(other, browser.page.code)
    assert "文字 1 条" in other.page.text
    deployment.simulator.advance(2 * 3600)
    page = await other.open("/page")
    assert "文字 1 条" not in page.text
    assert not page.has_button("1.r.withdraw")
    assert text in (await other.send("看我写的")).text


@pytest.mark.parametrize("code", ["村口路灯坏了三年", "一", "桥头岭村"])
async def test_what_is_no_receipt_code_opens_nothing(browser: Browser, code: str) -> None:
    await come_back(browser, code)
    assert not browser.page.has_button("1.r.withdraw")
    assert browser.page.headings


async def test_the_code_is_given_as_a_picture_too_and_is_never_in_an_address(
    deployment: Deployment, browser: Browser
) -> None:
    await complain(deployment, browser)
    code = browser.page.code
    page = await browser.send("1.r.picture")
    assert page.headers["Content-Type"] == "image/png"
    assert page.body.startswith(b"\x89PNG")
    assert page.url.endswith("/page")
    await come_back(browser, code)
    assert browser.page.url.endswith("/page")


async def test_a_complaint_of_a_chat_is_read_here_and_one_of_the_pages_in_a_chat(
    deployment: Deployment, browser: Browser
) -> None:
    phone = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    deployment.simulator.scan(phone.person, await deployment.link("V02"))
    await phone.sees(lambda one: bool(one.buttons))
    phone.say(SAID)
    await phone.press("1.r.send")
    found = receipt_in(await phone.sees(lambda one: receipt_in(one) is not None))
    assert found is not None
    await come_back(browser, found[1])
    assert "您说过：文字 1 条，照片、录音等 0 份" in browser.page.text
    await complain(deployment, browser)
    said = phone.say(browser.page.code)
    await phone.reads("照片、录音等 1 份", after=said)


@pytest.mark.parametrize("shut", ["revoked", "over", "not yet"])
async def test_a_code_that_is_shut_says_why_and_what_else_there_is(
    deployment: Deployment, browser: Browser, shut: str
) -> None:
    address = await page_of_code(deployment)
    now = deployment.simulator.now()
    async with working(deployment) as work:
        round_ = await work.session.get_one(Round, "R6")
        match shut:
            case "revoked":
                revoke = update(QrCode).where(QrCode.place_id == "V02").values(revoked_at=now)
                await work.session.execute(revoke)
            case "over":
                round_.intake_until = now.date() - timedelta(days=1)
            case _:
                round_.stay_from = now.date() + timedelta(days=1)
    page = await browser.open(address)
    assert page.status == 404
    assert page.headings == ["现在不能从这里反映"]
    assert "12345" in page.text
    assert page.link("我有回执码") == "/"
