"""The file on the head of a unit on the leader's page: one press sends it to the browser, and to nobody else's."""

import pytest

from models.audit import Audited
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.cases.test_head_file import CLERK, DIRECTOR, HEAD, LEADER, MEMBER, SUMMARY, about_head, text_of
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import send_by_hand, signed_in
from tests.integration.web.test_rounds import entries


async def a_case(deployment: Deployment) -> str:
    async with deployment.database.transaction() as session:
        return (await about_head(deployment.work(session))).id


async def test_it_is_written_and_printed_with_one_press_and_logged(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    case_id = await a_case(deployment)
    leader = await signed_in(deployment, open_browser, LEADER)
    await leader.open(f"/desk/case/{case_id}")
    await leader.send("1.case.summarise")
    await leader.send("add", text=SUMMARY)
    assert "材料里就这样写" in leader.page.text
    await leader.open(f"/desk/case/{case_id}")
    printed = await leader.send("1.case.head_file")
    assert printed.headers["Content-Type"] == "application/pdf"
    assert SUMMARY in text_of(printed.body)
    [entry] = await entries(deployment, Audited.HEAD_FILE_COMPILED)
    assert (entry.by_id, entry.subject) == (LEADER, HEAD)


@ONLY_SQLITE
@pytest.mark.parametrize("staff_id", [MEMBER, DIRECTOR, CLERK, HEAD, "P20", "P25", "P01", "P08"])
async def test_nobody_else_gets_it_whatever_they_send(
    deployment: Deployment, open_browser: OpenBrowser, staff_id: str
) -> None:
    case_id = await a_case(deployment)
    browser = await signed_in(deployment, open_browser, staff_id)
    await browser.open("/desk")
    assert await send_by_hand(browser, "/desk/head-file", press=f"1.case.head_file.{case_id}") == 404
    assert await send_by_hand(browser, "/desk/head-file", press="nonsense") == 400
    assert await entries(deployment, Audited.HEAD_FILE_COMPILED) == []
