"""Who has opened what a notice told them of is kept, and shown to those who see to it."""

import re

from sqlalchemy import func, select

from models.complaints import Case
from models.delivery import DeliveredNotice
from models.rectification import ItemEvent
from services.cases.notices import CaseCard
from services.delivery.opened import LINK_LIFETIME, forget_delivered
from services.people.recusal import recuse
from services.rectification.notices import ItemChanged
from services.rounds.notices import CountyImported
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.mail.conftest import PAGES
from tests.integration.mail.people import DIRECTOR, HEAD, has_mail, mailbox, tell
from tests.integration.web.desk import laid, sign_in
from tests.mail import MailServer
from tests.pages import base_url
from tests.story import PhoneUser

ITEM, LEADER = "RI01", "P05"


async def tell_of_item(deployment: Deployment, staff_id: str = HEAD) -> None:
    async with deployment.database.reading() as session:
        query = select(func.min(ItemEvent.version)).where(ItemEvent.item_id == ITEM)
        version = await session.scalar(query)
    assert version is not None
    await tell(deployment, staff_id, ItemChanged(ITEM, version))


def link_in(mails: MailServer, address: str, way: str = "waiting") -> str:
    """Return where the link of somebody's last mail leads."""
    found = re.search(rf"{PAGES}(/desk/{way}/\S+)", mails.to(address)[-1].text)
    assert found is not None
    return found[1]


async def card(deployment: Deployment, browser: Browser, staff_id: str = DIRECTOR) -> str:
    """Return the card of the item as it is shown to somebody who has signed in."""
    if "工作人员登录" in (await browser.open("/desk")).headings:
        await sign_in(deployment, browser, staff_id)
    return (await browser.open(f"/desk/item/{ITEM}")).text


async def test_a_link_that_is_only_fetched_opens_nothing(without_telegram: Deployment, mails: MailServer) -> None:
    await has_mail(without_telegram, HEAD)
    await tell_of_item(without_telegram)
    link = link_in(mails, mailbox(HEAD))
    async with Browser(base_url(without_telegram)) as scanner, Browser(base_url(without_telegram)) as office:
        await scanner.open(link)
        assert ITEM not in scanner.page.text + scanner.page.url
        assert "还没打开：闵达" in await card(without_telegram, office)


async def test_the_link_of_a_mail_leads_its_reader_to_what_waits_and_the_office_sees_that_they_opened_it(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await has_mail(without_telegram, HEAD)
    await tell_of_item(without_telegram)
    async with Browser(base_url(without_telegram)) as head, Browser(base_url(without_telegram)) as office:
        await head.open(link_in(mails, mailbox(HEAD)))
        await head.send("发链接给我")
        await without_telegram.settled()
        assert "还没打开：闵达" in await card(without_telegram, office)  # the press alone shows them nothing
        await head.open(link_in(mails, mailbox(HEAD), "open"))
        await head.send("进去办事")
        assert head.page.url.endswith(f"/desk/item/{ITEM}")
        assert "打开：" not in head.page.text  # who has opened it is no affair of the unit's
        shown = await card(without_telegram, office)
        assert "已打开：闵达（" in shown
        assert "还没打开" not in shown


async def test_whoever_is_signed_in_is_led_there_at_once(without_telegram: Deployment, mails: MailServer) -> None:
    await has_mail(without_telegram, HEAD)
    await tell_of_item(without_telegram)
    async with Browser(base_url(without_telegram)) as head, Browser(base_url(without_telegram)) as office:
        await sign_in(without_telegram, head, HEAD)
        await head.open(link_in(mails, mailbox(HEAD)))
        assert head.page.url.endswith(f"/desk/item/{ITEM}")
        assert "已打开：闵达（" in await card(without_telegram, office)


async def test_somebody_elses_link_leads_nowhere_and_opens_nothing(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await has_mail(without_telegram, HEAD)
    await tell_of_item(without_telegram)
    async with Browser(base_url(without_telegram)) as office:
        await card(without_telegram, office)
        await office.open(link_in(mails, mailbox(HEAD)))
        assert office.page.url.endswith("/desk")
        assert "还没打开：闵达" in await card(without_telegram, office)


async def test_a_link_names_no_case_that_its_reader_may_not_see_any_more(
    without_telegram: Deployment, mails: MailServer
) -> None:
    await has_mail(without_telegram, LEADER)
    case_id = await laid(without_telegram, "村里的账不公开")
    await tell(without_telegram, LEADER, CaseCard(case_id))
    link = link_in(mails, mailbox(LEADER))
    async with Browser(base_url(without_telegram)) as leader:
        await sign_in(without_telegram, leader, LEADER)
        await leader.open(link)
        assert leader.page.url.endswith(f"/desk/case/{case_id}")
        async with without_telegram.database.transaction() as session:
            unit_id = (await session.get_one(Case, case_id)).unit_id
            assert unit_id is not None
            await recuse(without_telegram.work(session), LEADER, unit_id)
        await leader.open(link)
        assert leader.page.url.endswith("/desk")


async def test_a_press_on_the_phone_counts_as_opening(deployment: Deployment, mails: MailServer) -> None:
    await deployment.enrol(HEAD)
    await tell_of_item(deployment)
    async with deployment.database.reading() as session:
        assert (await session.scalars(select(DeliveredNotice.opened_at))).all() == [None]
    await PhoneUser(deployment.simulator, deployment.staff[HEAD]).press("1.item.report_progress")
    await deployment.settled()
    async with deployment.database.reading() as session:
        [opened_at] = await session.scalars(select(DeliveredNotice.opened_at))
    assert opened_at is not None
    assert mails.taken == []


async def test_links_to_what_is_not_kept_are_forgotten(without_telegram: Deployment, mails: MailServer) -> None:
    await has_mail(without_telegram, DIRECTOR, HEAD)
    await tell(without_telegram, DIRECTOR, CountyImported("P04", 1, 0))
    await tell_of_item(without_telegram)
    async with without_telegram.database.reading() as session:
        assert set(await session.scalars(select(DeliveredNotice.area))) == {None, "item"}
    without_telegram.simulator.advance(LINK_LIFETIME.total_seconds())
    async with without_telegram.database.transaction() as session:
        work = without_telegram.work(session)
        await forget_delivered(work)
        # Not what they are told of meanwhile: that a month has gone by.
        told_before = DeliveredNotice.arrived_at <= work.now - LINK_LIFETIME
        assert (await session.scalars(select(DeliveredNotice.area).where(told_before))).all() == ["item"]
