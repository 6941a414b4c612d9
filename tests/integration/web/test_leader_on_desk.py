"""What a leader sees of their team on the pages, and does there."""

from sqlalchemy import select

from models.complaints import Case
from tests.deployment import Deployment
from tests.integration.rectification.conftest import at
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, signed_in


async def test_a_leader_spreads_cases_on_the_page(deployment: Deployment, open_browser: OpenBrowser) -> None:
    await deployment.enrol("P06", "P07")
    for _ in range(4):
        await laid(deployment, "路坏了")
    leader = await signed_in(deployment, open_browser, "P05")
    await leader.open("/desk/load")
    assert "没人认领：4 件" in leader.page.text
    await leader.send("1.load.look")
    assert "建议这样分，共 4 件" in leader.page.text
    await leader.send("1.load.balance")
    assert "阮知秋：在办 2 件" in leader.page.text
    async with deployment.database.reading() as session:
        assert sorted(map(str, await session.scalars(select(Case.owner_id)))) == ["P06", "P06", "P07", "P07"]


async def test_a_digest_is_on_the_page(deployment: Deployment, open_browser: OpenBrowser) -> None:
    number = await laid(deployment, "路坏了", came=at(4))
    leader = await signed_in(deployment, open_browser, "P05")
    await leader.open("/desk/digest")
    assert "已经超期：1 件" in leader.page.text
    assert number in leader.page.text
    assert leader.page.link("今天的数")
