"""What staff write on a page: what goes to a reporter and what is for colleagues look unlike each other."""

from models.complaints import Case
from models.states import CaseState
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, signed_in

LEADER = "P05"
NOTE = "先去镇里调去年的低保名单，再进村"


async def test_on_a_page_a_note_looks_otherwise_than_what_goes_out(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    case_id = await laid(deployment, "低保不公平")
    browser = await signed_in(deployment, open_browser, LEADER)
    await browser.open(f"/desk/case/{case_id}")
    await browser.send("1.case.ask")
    body = browser.page.body.decode()
    assert "for-reporter" in body
    assert "for-colleagues" not in body
    await browser.send("1.form.cancel")
    await browser.send("1.case.note")
    body = browser.page.body.decode()
    assert "for-colleagues" in body
    assert "for-reporter" not in body
    await browser.send("add", text=NOTE)
    assert NOTE not in browser.page.text
    await browser.send("1.case.open")
    assert NOTE in browser.page.text
    assert "for-colleagues" in browser.page.body.decode()
    async with deployment.database.reading() as session:
        assert (await session.get_one(Case, case_id)).state == CaseState.ASSIGNED
