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
