"""Grades, rates, reports and clearance on the staff's pages: one walk from the sum to the unit."""

from sqlalchemy import select

from models.audit import Audited, AuditEntry
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import presses, signed_in

DIRECTOR, HEAD_OF_GROUP, HEAD, ORGANISATION = "P03", "P01", "P17", "P35"
UNIT = "县住房和城乡建设局党组"

pytestmark = ONLY_SQLITE


async def _audited(deployment: Deployment) -> list[Audited]:
    async with deployment.database.reading() as session:
        return [Audited(one.action) for one in await session.scalars(select(AuditEntry).order_by(AuditEntry.number))]


async def test_from_the_sum_to_the_report_card_of_a_unit(deployment: Deployment, open_browser: OpenBrowser) -> None:
    office = await signed_in(deployment, open_browser, DIRECTOR)
    head = await signed_in(deployment, open_browser, HEAD)
    await office.open("/desk/grades")
    await office.open("/desk/grade/R5")
    await office.send("1.grade.compute.R5")
    assert "5 个单位：好 1，中 0，差 4" in office.page.text
    await head.open("/desk/grade/R5")
    assert UNIT not in head.page.text
    await office.send("1.grade.confirm.R5.1")
    await office.send("1.grade.release.R5")
    await office.send("1.grade.places.R5")
    assert "各单位也收到了自己的成绩单" in office.page.text
    await head.open("/desk/grade/R5")
    assert UNIT in head.page.text
    assert "塘岔镇党委" not in head.page.text
    [card] = [address for _, address in head.page.links if "/desk/reportcard/" in address]
    shown = await head.open(card)
    assert "已销号 0/1" in shown.text
    assert "/40 分" not in shown.text  # a unit is shown no points
    assert "名次" in shown.text

    leader = await signed_in(deployment, open_browser, HEAD_OF_GROUP)
    for address in ("/desk/weekly", "/desk/rates"):
        page = await leader.open(address)
        assert "1/6（17%）" in page.text or "2/8（25%）" in page.text
        assert b"data:image/png;base64," in page.body
    await leader.open("/desk/report/R5")
    assert "1.report.alone.R5" in presses(leader.page)
    for kind, begins in (("summary", b"%PDF"), ("slide", b"\x89PNG"), ("items", b"PK")):
        file = await leader.open(f"/desk/{kind}-file/R5")
        assert file.body.startswith(begins)
    assert (await head.open("/desk/summary-file/R5")).status == 404
    assert (await _audited(deployment)).count(Audited.RECTIFICATION_TAKEN) == 3

    organisation = await signed_in(deployment, open_browser, ORGANISATION)
    await organisation.open("/desk/clearance?q=塘岔")
    [asks] = [one for one in presses(organisation.page) if one.startswith("1.clearance.ask.")]
    await organisation.send(asks)
    assert "没有销号的 2 项，已经销号的 0 项" in organisation.page.text
    assert Audited.CLEARANCE_ASKED in await _audited(deployment)
