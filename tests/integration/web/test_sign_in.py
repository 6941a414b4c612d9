"""Staff come in by a link that is good once, and are out as soon as they are on the staff no more."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.config import WebSettings
from models.audit import Audited, AuditEntry
from models.rectification import ItemEvent
from models.staff import SignInLink, StaffSession
from services.delivery.opened import is_unopened
from services.people.leaving import leave, lock_out
from services.people.sessions import LINK_LIFETIME, MOST_LINKS, forget_sessions
from services.rectification.notices import ItemChanged
from tests.browsing import Browser
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.mail.people import tell
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, link_of, signed_in
from tests.story import PhoneUser
from tests.work import solution_of
from web.desk import sign_in
from web.desk.desk import Desk

LEADER, DIRECTOR, HEAD, LIAISON = "P05", "P03", "P14", "P20"
ITEM, ITS_HEAD = "RI01", "P17"


async def rows(deployment: Deployment, table: type[SignInLink] | type[StaffSession]) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


def is_door(browser: Browser) -> bool:
    return "工作人员登录" in browser.page.headings


async def test_no_link_is_made_up_that_tells_who_was_told_of_what(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await deployment.enrol(ITS_HEAD)
    async with deployment.database.reading() as session:
        event = await session.scalar(select(ItemEvent).where(ItemEvent.item_id == ITEM).limit(1))
    assert event is not None
    await tell(deployment, ITS_HEAD, ItemChanged(ITEM, event.version))
    async with deployment.database.reading() as session:
        assert await is_unopened(deployment.work(session), ITS_HEAD, "item", ITEM)
    stranger = await open_browser()
    for between in ("%00", "."):  # of the first no address has any, whatever stands beside it
        wrong = await stranger.open(f"/desk/waiting/no{between}thing")
        made_up = await stranger.open(f"/desk/waiting/{ITS_HEAD}{between}item{between}{ITEM}")
        assert made_up.text == wrong.text


async def test_a_link_that_is_only_looked_at_is_not_used_up_and_opens_once(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    link = await link_of(deployment, LEADER)
    one, other = await open_browser(), await open_browser()
    for _ in range(2):
        await one.open(link)
        await other.open(link)
    await one.send("进去办事")
    assert "古石生" in one.page.text
    await other.send("进去办事")
    assert "用过了" in other.page.text
    await other.open("/desk/queue")
    assert is_door(other)
    await other.open(link)
    assert "用过了" in other.page.text


async def test_a_link_is_too_old_after_ten_minutes(deployment: Deployment, browser: Browser) -> None:
    link = await link_of(deployment, LEADER)
    await browser.open(link)
    deployment.simulator.advance(int(LINK_LIFETIME.total_seconds()))
    await browser.send("进去办事")
    assert "过了时间" in browser.page.text


async def test_a_session_ends_after_its_hours(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, LEADER)
    hours = WebSettings().desk_hours
    deployment.simulator.advance(hours * 3600 - 60)
    await browser.open("/desk")
    assert not is_door(browser)
    before = browser.page
    deployment.simulator.advance(120)
    await browser.open("/desk")
    assert is_door(browser)
    await browser.send("command", page=before)
    assert is_door(browser)


async def test_what_is_over_is_forgotten(deployment: Deployment, open_browser: OpenBrowser) -> None:
    await signed_in(deployment, open_browser, LEADER)
    await link_of(deployment, LEADER)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        work.now += timedelta(hours=WebSettings().desk_hours)
        await forget_sessions(work)
    assert (await rows(deployment, SignInLink), await rows(deployment, StaffSession)) == (0, 0)


@pytest.mark.parametrize("goes", [leave, lock_out])
@ONLY_SQLITE
async def test_whoever_leaves_or_loses_their_phone_is_out_at_once(
    deployment: Deployment, open_browser: OpenBrowser, goes: object
) -> None:
    await deployment.enrol(LEADER)
    case_id = await laid(deployment, "路坏了")
    browser = await signed_in(deployment, open_browser, LEADER)
    unused = await link_of(deployment, LEADER)
    on_case = await browser.open(f"/desk/case/{case_id}")
    async with deployment.database.transaction() as session:
        await goes(deployment.work(session), LEADER)  # type: ignore[operator]
    await browser.send("1.case.claim", page=on_case)
    assert is_door(browser)
    await browser.open(f"/desk/case/{case_id}")
    assert is_door(browser)
    await browser.open(unused)
    assert "过了时间" in browser.page.text


async def test_whoever_locks_themselves_out_is_out_as_well(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, DIRECTOR)
    await browser.open("/desk/staff?q=容北辰")
    await browser.send("1.people.lost")
    await browser.send("1.people.lost_yes")
    assert browser.page.status == 200
    assert is_door(browser)
    assert await rows(deployment, StaffSession) == 0


async def test_whoever_signs_out_is_out(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, LEADER)
    kept = {cookie.key: cookie.value for cookie in browser.session.cookie_jar}
    await browser.send("退出")
    assert is_door(browser)
    browser.session.cookie_jar.update_cookies(kept)
    await browser.open("/desk")
    assert is_door(browser)
    assert await rows(deployment, StaffSession) == 0


async def test_the_link_is_asked_for_in_chat(deployment: Deployment, browser: Browser) -> None:
    [person] = await deployment.enrol(LEADER)
    leader = PhoneUser(deployment.simulator, person)
    leader.say("/help")
    await leader.press("1.web.link")
    message = await leader.reads("只能用一次")
    [address] = [button.url for row in message.buttons for button in row if button.url]
    await browser.open(address.removeprefix("http://127.0.0.1"))
    await browser.send("进去办事")
    assert "古石生" in browser.page.text
    async with deployment.database.reading() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.SIGNED_IN))
    assert entry is not None
    assert (entry.by_id, entry.detail["asked_on"]) == (LEADER, "telegram")


@pytest.mark.parametrize("written", ["古石生", " 古石生 ", "p05"])
@ONLY_SQLITE
async def test_the_link_is_asked_for_by_name_and_goes_where_they_are_reached(
    deployment: Deployment, browser: Browser, written: str
) -> None:
    [person] = await deployment.enrol(LEADER)
    await browser.open("/desk")
    await browser.send(who=written)
    said = browser.page.text
    message = await PhoneUser(deployment.simulator, person).reads("只能用一次")
    [address] = [button.url for row in message.buttons for button in row if button.url]
    assert re.fullmatch(r"http://127\.0\.0\.1/desk/open/[\w-]{22}", address)
    await browser.open("/desk")
    await browser.send(who="没有这个人")
    assert browser.page.text == said


@ONLY_SQLITE
async def test_pages_do_not_stop_before_a_link_that_was_asked_for_is_queued(
    deployment: Deployment, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert deployment.product is not None
    pages, stopping, queued = deployment.product.pages, asyncio.Event(), []
    assert pages is not None

    async def slowly(_desk: Desk, _update_id: str, written: str, _waiting: str) -> None:
        await stopping.wait()
        for _ in range(10_000):  # longer than pages take to stop that wait for nothing
            await asyncio.sleep(0)
        queued.append(written)

    monkeypatch.setattr(Desk, "ask_for_link", slowly)
    await browser.open("/desk")
    await browser.send(who="古石生")
    stopping.set()
    await pages.close()
    assert queued == ["古石生"]


@ONLY_SQLITE
async def test_the_link_of_a_head_who_cannot_be_reached_goes_to_no_liaison(
    deployment: Deployment, browser: Browser
) -> None:
    head, liaison = await deployment.enrol(HEAD, LIAISON)
    deployment.simulator.block(head)
    await browser.open("/desk")
    await browser.send(who=HEAD)
    await deployment.settled()
    assert not [one for one in deployment.simulator.messages(liaison) if "只能用一次" in one.text]


@ONLY_SQLITE
async def test_a_session_makes_no_link_that_would_outlast_it(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open("/desk/lang")
    fields = {name: browser.page.forms[-1].fields[name] for name in ("form", "at")}
    async with browser.session.post(f"{browser.base_url}/desk", data=fields | {"press": "1.web.link"}) as answer:
        assert answer.status == 200
        assert "/desk/open/" not in await answer.text()
    assert not await rows(deployment, SignInLink)


@ONLY_SQLITE
async def test_nobody_is_flooded_with_links(deployment: Deployment, browser: Browser) -> None:
    [person] = await deployment.enrol(LEADER)
    for _ in range(MOST_LINKS + 2):
        await browser.open("/desk")
        await browser.send(who="古石生")
    await deployment.settled()
    sent = [one for one in deployment.simulator.messages(person) if "只能用一次" in one.text]
    assert len(sent) == MOST_LINKS


@ONLY_SQLITE
async def test_so_many_links_are_asked_for_in_a_minute_and_then_nobody_is_told_that_one_was_sent(
    deployment: Deployment, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "LINKS_A_MINUTE", 1)
    said = []
    for _ in range(2):
        await browser.open("/desk")
        said.append((await browser.send(who="古石生")).status)
    assert said == [200, 503]
    assert "没有发" in browser.page.text
    deployment.simulator.advance(60)
    await browser.open("/desk")
    assert (await browser.send(who="古石生")).status == 200


@ONLY_SQLITE
async def test_whoever_worked_for_it_is_sent_their_link_however_many_others_ask(
    deployment: Deployment, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "LINKS_A_MINUTE", 0)
    browser = await open_browser(works=True)
    door = await browser.open("/desk")
    proof = solution_of(door.form.challenge)
    browser.works = False
    assert (await browser.send(who="古石生", proof=proof)).status == 200
    assert (await browser.send(page=door, who="容北辰", proof=proof)).status == 503


@ONLY_SQLITE
async def test_nothing_in_the_tables_opens_a_session(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, LEADER)
    token = (await link_of(deployment, LEADER)).rpartition("/")[2]
    [cookie] = [cookie.value for cookie in browser.session.cookie_jar if cookie.key == "d"]
    async with deployment.database.reading() as session:
        links, sessions = [await session.scalars(select(one)) for one in (SignInLink.digest, StaffSession.digest)]
        kept = [*links, *sessions]
    assert len(kept) == 2
    assert not any(secret in digest for digest in kept for secret in (token, cookie))


@ONLY_SQLITE
async def test_a_form_of_another_browser_does_nothing(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, "路坏了")
    one = await signed_in(deployment, open_browser, LEADER)
    other = await signed_in(deployment, open_browser, "P06")
    of_other = await other.open(f"/desk/case/{case_id}")
    await one.send("1.case.claim", page=of_other)
    assert one.page.status == 403


@ONLY_SQLITE
async def test_a_form_that_was_fetched_elsewhere_signs_nobody_in(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    attacker, victim = await open_browser(), await open_browser(is_old=True)
    link = await link_of(deployment, LEADER)
    of_residents = (await attacker.open("/")).form.fields["form"]
    to_sign_in = await attacker.open(link)
    for form in (of_residents, to_sign_in.form.fields["form"]):
        assert (await victim.send(page=to_sign_in, form=form)).status == 403
    await victim.open("/desk")
    for form in (of_residents, to_sign_in.form.fields["form"]):
        assert (await victim.send(page=to_sign_in, form=form)).status == 403
    assert await rows(deployment, StaffSession) == 0
    await victim.open(link)
    await victim.send("进去办事")
    assert "古石生" in victim.page.text
