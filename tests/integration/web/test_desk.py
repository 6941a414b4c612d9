"""Staff work on pages: from the list to the end of a case and of an item, and what stays unseen there."""

import re
from html import unescape

import pytest
from sqlalchemy import func, select

from handlers.press import short_digest
from models.audit import Audited, AuditEntry
from models.complaints import Case, ComplaintMessage
from models.delivery import OutboxRow
from models.rectification import RectificationItem
from models.staff import OpenFormRow
from models.states import CaseState, ItemState
from privacy.receipt import Script, new_receipt
from services.cases.cards import show_card
from services.people.recusal import recuse
from tests.browsing import Page
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, picture
from tests.integration.rectification.conftest import at
from tests.integration.rectification.test_actions import an_ordered_item
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, presses, send_by_hand, signed_in
from tests.story import PhoneUser

LEADER, MEMBER, HEAD, DIRECTOR = "P05", "P06", "P14", "P03"
SECRET = "李老四家的低保是他舅舅村会计批的"
ANSWER = "查过了，低保名单去年公示过，村民代表都签了字。"


def files(page: Page) -> list[str]:
    """Return the addresses of the pictures on a page."""
    return [unescape(found) for found in re.findall(r'<img src="([^"]+)"', page.body.decode())]


async def case_of(deployment: Deployment, case_id: str) -> Case:
    async with deployment.database.reading() as session:
        return await session.get_one(Case, case_id)


async def test_a_page_is_asked_for_behind_anything_and_the_first_comes(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    case_id = await laid(deployment, SECRET)
    browser = await signed_in(deployment, open_browser, LEADER)
    for after in ("%00", "nothing", "0-zzzzzzzzzzzz-zzzz-x-1", "%EF%BF%BF", "9" * 400):
        await browser.open(f"/desk/queue?after={after}")
        assert case_id in browser.page.text
        await browser.open(f"/desk/items?after={after}&unit={after}")
        assert browser.page.status == 200
    for press in ("1.task.list.", "1.account.list.", "1.docket.list.", "1.copy.list.", "1.field_items.list."):
        for after in ("nothing", "9" * 40):
            assert await send_by_hand(browser, "/desk", press=f"{press}{after}") < 500
    async with browser.session.get(f"{browser.base_url}/desk/item/%00") as answer:
        assert answer.status == 404


async def test_a_case_from_the_list_to_its_answer(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET, photos=[picture()])
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open("/desk/queue")
    await browser.open(browser.page.link(case_id))
    assert SECRET not in browser.page.text
    await browser.send("1.case.open")
    assert SECRET in browser.page.text
    [photo] = files(browser.page)
    for press in ("claim", "accept", "verify"):
        await browser.send(f"1.case.{press}")
    assert SECRET in browser.page.text  # still beside what is done about it
    await browser.send("1.case.answer")
    await browser.send("add", text=ANSWER)
    assert ANSWER in browser.page.text
    assert (await case_of(deployment, case_id)).state == CaseState.VERIFYING
    await browser.send("1.form.send")
    assert "答复已发出" in browser.page.text
    await browser.send("1.case.close")
    assert (await case_of(deployment, case_id)).state == CaseState.CLOSED
    picture_page = await browser.open(photo)
    assert picture_page.headers["Content-Type"] == "image/jpeg"
    assert picture_page.headers["Cache-Control"] == "no-store"


async def test_an_item_from_the_order_to_its_end(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET, state=CaseState.VERIFYING)
    leader, head, director = [await signed_in(deployment, open_browser, one) for one in (LEADER, HEAD, DIRECTOR)]
    await leader.open(f"/desk/case/{case_id}")
    await leader.send("1.item.order_fix")
    await leader.send("add", text="桥头岭石拱桥开裂，请封桥绕行。")
    await leader.send("add", text="2026-11-30")
    await leader.send("1.form.send")
    await head.open("/desk")
    assert SECRET not in head.page.text
    [address] = [address for said, address in head.page.links if "桥头岭石拱桥开裂，请封桥" in said]
    await head.open(address)
    assert "请封桥绕行" in head.page.text
    await head.send("1.item.acknowledge")
    await head.send("1.item.tell_system")
    await head.send("add", text="每月查一次桥梁")
    await head.send("1.item.submit")
    await head.send("add", text="已封桥，绕行标志已立。", files=[picture(), picture()])
    await head.send("1.form.send")
    assert "已封桥" in head.page.text
    assert not files(head.page)  # as in chat, the photos go to those who review them
    await leader.open(address)
    assert "已封桥" in leader.page.text
    shown = files(leader.page)
    assert shown
    for browser, status in ((leader, 200), (head, 404)):
        assert (await browser.open(shown[0])).status == status
    await leader.open(address)
    await leader.send("1.item.pass")
    await leader.send("1.form.choose")  # the first tick
    await leader.send(f"1.form.choose.pass_item-ticks-{short_digest(address.rpartition('/')[2], 4)}.done-10000")
    await leader.send("1.form.choose")
    await director.open(address)
    await director.send("1.item.clear")
    async with deployment.database.reading() as session:
        item = await session.get_one(RectificationItem, address.rpartition("/")[2])
    assert item.state == ItemState.CLEARED


async def test_what_answers_a_press_stays_on_the_page_and_what_others_are_told_goes_to_them(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    mine, colleague = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol(LEADER, MEMBER)]
    case_id = await laid(deployment, SECRET)
    async with deployment.database.transaction() as session:
        await show_card(deployment.work(session), await session.get_one(Case, case_id))
    card = await mine.can_press(f"1.case.claim.{case_id}")
    await colleague.can_press(f"1.case.claim.{case_id}")
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.open")
    assert SECRET in browser.page.text
    await browser.send("1.case.claim")
    await colleague.sees(lambda one: case_id in one.text and "古石生" in one.text)
    await deployment.settled()
    on_phone = deployment.simulator.messages(mine.person)
    assert not [one for one in on_phone if SECRET in one.text]
    [hanging] = [one for one in on_phone if case_id in one.text]
    assert hanging.message_id == card.message_id  # the phone's own card is where it was, renewed
    async with deployment.database.reading() as session:
        left = list(await session.scalars(select(OutboxRow)))
    assert [(str(one.recipient), one.kind, one.reason) for one in left] == []


async def test_whoever_looks_is_written_down_as_in_chat(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET)
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.open")
    await browser.open(f"/desk/case/{case_id}")
    async with deployment.database.reading() as session:
        opened = select(AuditEntry).where(AuditEntry.action == Audited.OPENED, AuditEntry.case_id == case_id)
        [entry] = await session.scalars(opened)
        assert entry.by_id == MEMBER
        assert "open" in await events_of(deployment.work(session), await session.get_one(Case, case_id))


async def test_what_was_not_opened_is_not_shown_nor_sent(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET, photos=[picture()])
    one, other = [await signed_in(deployment, open_browser, staff_id) for staff_id in (LEADER, MEMBER)]
    await one.open(f"/desk/case/{case_id}")
    await one.send("1.case.open")
    [photo] = files(one.page)
    assert (await other.open(photo)).status == 404
    await other.open(f"/desk/case/{case_id}")
    assert SECRET not in other.page.text
    another = await laid(deployment, "另一件事")
    await one.open(f"/desk/case/{another}")
    assert SECRET not in one.page.text
    await one.send("1.case.open")
    assert (await one.open(photo)).status == 404  # of one case at a time


async def test_what_somebody_may_not_see_any_more_is_gone_at_the_next_look(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    case_id = await laid(deployment, SECRET, photos=[picture()])
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.open")
    before, [photo] = browser.page, files(browser.page)
    async with deployment.database.transaction() as session:
        await recuse(deployment.work(session), MEMBER, "U1")
    assert (await browser.open(photo)).status == 404
    await browser.open(f"/desk/case/{case_id}")
    assert SECRET not in browser.page.text
    assert not presses(browser.page)
    gone = browser.page.text
    await browser.open("/desk/case/00000000")
    assert browser.page.text.replace("00000000", case_id) == gone
    await browser.send("1.case.claim", page=before)
    assert (await case_of(deployment, case_id)).owner_id is None


async def test_what_is_erased_is_gone_at_the_next_look(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET, photos=[picture()])
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.open")
    async with deployment.database.transaction() as session:
        for message in await session.scalars(select(ComplaintMessage)):
            await session.delete(message)
    await browser.open(f"/desk/case/{case_id}")
    assert SECRET not in browser.page.text
    assert not files(browser.page)


async def test_a_form_that_is_sent_twice_is_taken_once(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET, state=CaseState.VERIFYING)
    browser = await signed_in(deployment, open_browser, LEADER)
    on_case = await browser.open(f"/desk/case/{case_id}")
    for _ in range(2):
        await browser.send("1.case.answer", page=on_case)
    asked = browser.page
    for _ in range(2):
        await browser.send("add", page=asked, text=ANSWER)
    before = browser.page
    for _ in range(2):
        await browser.send("1.form.send", page=before)
    async with deployment.database.reading() as session:
        case = await session.get_one(Case, case_id)
        assert (await events_of(deployment.work(session), case)).count("answer") == 1


async def test_what_is_too_long_is_not_lost(deployment: Deployment, open_browser: OpenBrowser) -> None:
    async with deployment.database.transaction() as session:
        item, _ = await an_ordered_item(deployment.work(session))
        item.state = ItemState.ACKNOWLEDGED
    browser, long = await signed_in(deployment, open_browser, HEAD), "正在修。" * 400
    await browser.open(f"/desk/item/{item.id}")
    await browser.send("1.item.report_progress")
    await browser.send("add", text=long)
    form, _ = browser.page.pressed("add")
    assert form.fields["text"] == long
    await browser.send("add", text="正在修。")
    assert "正在修。" in browser.page.text
    async with deployment.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(OpenFormRow)) == 0


async def test_nobody_is_a_resident_at_these_pages(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET, state=CaseState.VERIFYING)
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.answer")
    code = new_receipt().text(Script.SIMPLIFIED)
    await browser.send("add", text=code)
    assert "回执码" in browser.page.text
    assert code not in browser.page.body.decode()
    assert "1.r." not in browser.page.body.decode()


@pytest.mark.parametrize("claimed", ["https://example.org/", "//example.org", "/desk//example.org", "/page"])
@ONLY_SQLITE
async def test_a_form_leads_nowhere_else(deployment: Deployment, open_browser: OpenBrowser, claimed: str) -> None:
    case_id = await laid(deployment, SECRET)
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.not_accept", at=claimed)
    assert browser.page.url == f"{browser.base_url}/desk"


async def test_a_queue_names_days_and_one_press_leaves_what_is_late(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    late, in_time = await laid(deployment, came=at(4)), await laid(deployment, came=at(22, 8))
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open("/desk/queue")
    assert in_time in browser.page.text
    assert "最晚 11月23日 08:00 要有人认领" in browser.page.text
    await browser.open(browser.page.link("超期"))
    assert late in browser.page.text
    assert in_time not in browser.page.text
    assert "最晚 11月5日 09:00 该有人认领" in browser.page.text
    await browser.open(browser.page.link("📋 全部待办"))
    assert in_time in browser.page.text


async def test_a_list_is_narrowed_by_words_and_turned(deployment: Deployment, open_browser: OpenBrowser) -> None:
    there = [await laid(deployment, SECRET, village="V01") for _ in range(9)]
    [elsewhere] = [await laid(deployment, SECRET, village="V02")]
    browser = await signed_in(deployment, open_browser, LEADER)
    async with deployment.database.reading() as session:
        villages = (await deployment.work(session).directory()).villages
    await browser.open("/desk/queue")
    assert '<option value="道路出行">' in browser.page.body.decode()
    await browser.open(f"/desk/queue?words={villages['V02'].name}")
    assert elsewhere in browser.page.text
    assert not [one for one in there if one in browser.page.text]
    await browser.open(f"/desk/queue?words={villages['V01'].name}")
    first = {one for one in there if one in browser.page.text}
    await browser.open(browser.page.link("下一页 ▶"))
    second = {one for one in there if one in browser.page.text}
    assert first | second == set(there)
    assert not first & second


async def test_a_number_leads_to_its_case_or_item(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET)
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open(f"/desk/find?number={case_id[:4]}%20{case_id[4:]}")
    assert browser.page.url.endswith(f"/desk/case/{case_id}")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in case_id)  # as Chinese keyboards write digits
    await browser.open(f"/desk/find?number={wide}")
    assert browser.page.url.endswith(f"/desk/case/{case_id}")
    await browser.open("/desk/find?number=ri999999")
    assert "没有这个编号" in browser.page.text


async def test_only_the_director_finds_people_and_who_saw_what(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    director, leader = [await signed_in(deployment, open_browser, one) for one in (DIRECTOR, LEADER)]
    for address, known in (("/desk/staff", "古石生"), ("/desk/audit", "在网页上登录")):
        await director.open(address)
        assert known in director.page.text
        await leader.open(address)
        assert known not in leader.page.text.replace("古石生\n退出", "")


@ONLY_SQLITE
async def test_nothing_of_a_page_is_kept_by_the_browser(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET)
    browser = await signed_in(deployment, open_browser, LEADER)
    for address in ("/desk", "/desk/queue", f"/desk/case/{case_id}", "/desk/items", "/desk/whoami"):
        await browser.open(address)
        assert browser.page.headers["Cache-Control"] == "no-store"
        assert browser.page.headers["Referrer-Policy"] == "no-referrer"


async def test_a_browser_goes_to_what_was_opened_and_reads_the_words_before_the_photos(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    case_id = await laid(deployment, SECRET, photos=[picture()])
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.open")
    content = browser.page.body.decode()
    assert 'formaction="/desk#opened"' in content
    assert content.index('id="opened"') < content.index(SECRET) < content.index("/desk/file/")


async def test_one_empty_line_follows_a_quotation(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, SECRET)
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.open")
    assert re.search(r"</blockquote>\n\S", browser.page.body.decode())
