"""Who is on call, on the pages of the staff."""

from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in

LEADER, MEMBER, HEAD = "P05", "P06", "P14"


@ONLY_SQLITE
async def test_the_roster_is_set_on_a_page_as_well(deployment: Deployment, open_browser: OpenBrowser) -> None:
    await deployment.enrol(LEADER, MEMBER, HEAD)
    leader = await signed_in(deployment, open_browser, LEADER)
    await leader.open("/desk/oncall")
    assert "今天没有排值班" in leader.page.text
    await leader.send("1.oncall.put")
    await leader.send("阮知秋")
    await leader.send("11月22日")
    await leader.send("只这一天：11月22日")
    await leader.open("/desk/oncall")
    assert "今天值班：阮知秋" in leader.page.text
    head = await signed_in(deployment, open_browser, HEAD)
    await head.open("/desk")
    assert "/desk/oncall" not in {address for _, address in head.page.links}
    await head.open("/desk/oncall")
    assert "阮知秋" not in head.page.text
