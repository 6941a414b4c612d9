"""A department works on its page: it reads the summary, signs, sends back, and sees nothing else."""

from models.states import CaseState
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.cases.test_transfers import CONTACT, LEADER, SUMMARY
from tests.integration.cases.test_transfers_on_phones import FORBIDDEN, passed_on_by_chat, state_of, the_transfer
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in
from tests.story import PhoneUser


@ONLY_SQLITE
async def test_a_department_works_on_its_page(deployment: Deployment, open_browser: OpenBrowser) -> None:
    [leader] = await deployment.enrol(LEADER)
    await deployment.enrol(CONTACT)
    case_id = await passed_on_by_chat(deployment, PhoneUser(deployment.simulator, leader))
    transfer = await the_transfer(deployment)
    browser = await signed_in(deployment, open_browser, CONTACT)
    await browser.open("/desk/transfers")
    assert "县交通运输局" in browser.page.text
    assert SUMMARY not in browser.page.text
    await browser.open(f"/desk/transfer/{transfer.id}")
    assert SUMMARY in browser.page.text
    await browser.send("1.transfer.sign")
    await browser.send("1.transfer.send_back")
    await browser.send("add", text="这座桥归水务局管")
    assert "已退回巡察组" in browser.page.text
    assert await state_of(deployment, case_id) == CaseState.VERIFYING
    for address in (f"/desk/transfer/{transfer.id}", f"/desk/case/{case_id}", "/desk/transfers", "/desk"):
        await browser.open(address)
        shown = browser.page.body.decode()
        assert [needle for needle in (*FORBIDDEN, SUMMARY) if needle in shown] == []


@ONLY_SQLITE
async def test_whom_to_ring_at_the_departments_is_read_on_pages(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await deployment.enrol(CONTACT, "P06", "P14")
    contact = await signed_in(deployment, open_browser, CONTACT)
    await contact.open("/desk")
    assert "/desk/departments" in {address for _, address in contact.page.links}
    await contact.open("/desk/departments")
    assert "县民政局" in contact.page.text
    assert "0000-8822101" in contact.page.text
    assert "移交件：" not in contact.page.text
    await contact.send("1.department.list.6")
    assert "公路养护股 0000-8822107" in contact.page.text
    assert contact.page.text.count("没有您能看的移交件") == 1  # of their own department alone
    member = await signed_in(deployment, open_browser, "P06")
    await member.open("/desk/departments")
    assert member.page.text.count("没有您能看的移交件") == 6
    head = await signed_in(deployment, open_browser, "P14")
    await head.open("/desk")
    assert "/desk/departments" not in {address for _, address in head.page.links}
    await head.open("/desk/departments")
    assert "0000-88221" not in head.page.text
