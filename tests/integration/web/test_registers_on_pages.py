"""Registers on pages: each opens for those whose it is, its records have addresses, the list of a draw is a file."""

from datetime import date

from models.revisits import Evaluator
from services.access.member import member
from services.rectification.order import NewItem
from services.rectification.origins import NewHandDown, begin_campaign, enter_hand_down, read_aspects
from services.rectification.self_report import prepare_self_report
from services.revisits.revisits import begin_sample
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in
from tests.items import ASPECT


@ONLY_SQLITE
async def test_what_is_registered_is_looked_up_on_pages_by_those_whose_it_is(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await deployment.enrol("P03", "P04", "P15", "P21", "P14")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        office, liaison = await member(session, "P04"), await member(session, "P21")
        campaign = await begin_campaign(
            work, office, "殡葬领域专项整治", "three_assets", work.today, date(2026, 12, 31)
        )
        handed = NewHandDown(
            "市委巡察移交",
            "市委巡察办",
            "市巡7号",
            "县委巡察办",
            work.today,
            date(2027, 3, 1),
            read_aspects("党的建设"),
        )
        hand_down = await enter_hand_down(work, office, handed)
        order = NewItem(
            *("U2", "党费收缴不及时。", date(2026, 12, 31)),
            requirement="补缴。",
            category="three_assets",
            aspect=ASPECT,
            task_force="党建办",
        )
        report = await prepare_self_report(work, liaison, order)
        revisit = await begin_sample(work, office, "R5", Evaluator.OFFICE)
    clerk = await signed_in(deployment, open_browser, "P04")
    for name in ("campaigns", "handdowns", "opinions"):
        assert (await clerk.open(f"/desk/{name}")).status == 200
    await clerk.open("/desk/campaigns")
    await clerk.open(next(address for _, address in clerk.page.links if "/desk/campaign/" in address))
    await clerk.send("1.campaign.close")
    assert "已结束" in clerk.page.text
    await clerk.open(f"/desk/handdown/{hand_down.id}")
    assert "市巡7号" in clerk.page.text
    await clerk.open(f"/desk/revisit/{revisit.id}")
    file = await clerk.open(next(address for _, address in clerk.page.links if "/desk/draw-file/" in address))
    assert file.body.startswith(b"PK")
    director = await signed_in(deployment, open_browser, "P03")
    assert (await director.open("/desk/instructions")).status == 200
    head = await signed_in(deployment, open_browser, "P15")
    await head.open("/desk/selfreports")
    await head.open(next(address for _, address in head.page.links if "/desk/selfreport/" in address))
    await head.send("1.selfreport.confirm")
    assert "现在：已报告" in head.page.text
    stranger = await signed_in(deployment, open_browser, "P14")
    for address in (f"campaign/{campaign.id}", f"handdown/{hand_down.id}", f"selfreport/{report.id}"):
        await stranger.open(f"/desk/{address}")
        assert not any(said in stranger.page.text for said in ("殡葬领域", "市巡7号", "党费收缴"))
    assert (await stranger.open(f"/desk/draw-file/{revisit.id}")).status == 404
