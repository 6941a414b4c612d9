"""A liaison prepares a problem of their own unit, and the head confirms it or gives it back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.rectification import RectificationItem
from models.self_reports import SelfReport
from models.states import Impossible, ItemState, NotEntitled, SelfReportState
from services.rectification.order import NewItem
from services.rectification.self_report import (
    confirm_self_report,
    give_back_self_report,
    open_self_report,
    prepare_self_report,
    report_seen,
    self_reports,
    tell_of_late_self_reports,
)
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.rectification.conftest import at, queued, who
from tests.integration.rectification.test_conversations import phones
from tests.notices import notice_of, rendered_for

HEAD, LIAISON, OTHER_HEAD, OFFICE = "P15", "P21", "P14", "P04"


async def test_what_a_liaison_prepares_is_no_item_before_the_head_of_the_unit_confirms_it(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        order = NewItem(
            "U2",
            "党费收缴不及时。",
            work.today + timedelta(days=30),
            requirement="本月补缴并公示。",
            category="three_assets",
            aspect=(await work.settings()).rectification.aspects[0],
            task_force="党建办",
        )
        with pytest.raises(NotEntitled):
            await open_self_report(work, await who(work, LIAISON), order)
        for stranger in (OTHER_HEAD, OFFICE):
            with pytest.raises(NotEntitled):
                await prepare_self_report(work, await who(work, stranger), order)
        report = await prepare_self_report(work, await who(work, LIAISON), order)
        again = await prepare_self_report(work, await who(work, LIAISON), order)
        report_id, again_id = report.id, again.id
        assert {one.staff_id for one in await queued(work, "self_report_prepared")} == {HEAD}
        entered = select(RectificationItem.id).where(RectificationItem.source == "self_report")
        before = set(await work.session.scalars(entered))
        for stranger in (OTHER_HEAD, OFFICE):
            with pytest.raises(NotEntitled):
                await report_seen(work, await who(work, stranger), report_id)
            assert (await self_reports(work, await who(work, stranger))).rows == []
        with pytest.raises(NotEntitled):
            await confirm_self_report(work, await who(work, LIAISON), report_id)
        await tell_of_late_self_reports(work)
        assert await queued(work, "self_report_late") == []
    async with county(now=at(23)) as work:  # its days have passed
        await tell_of_late_self_reports(work)
        await tell_of_late_self_reports(work)
        assert [one.staff_id for one in await queued(work, "self_report_late")] == [HEAD, HEAD]
        await give_back_self_report(work, await who(work, HEAD), report_id, "请写明金额")
        with pytest.raises(Impossible):
            await confirm_self_report(work, await who(work, HEAD), report_id)
        given_back = notice_of("self_report_given_back", {"report_id": report_id})
        told = await rendered_for(work, f"staff:{LIAISON}", given_back)
        assert told is not None
        assert "请写明金额" in told.text
        assert set(await work.session.scalars(entered)) == before
        confirmed = await confirm_self_report(work, await who(work, HEAD), again_id)
        item = await work.session.get_one(RectificationItem, confirmed.item_id)
        assert (item.state, item.problem, item.head) == (ItemState.ACKNOWLEDGED, order.problem, "罗湘岸")
        assert confirmed.state is SelfReportState.CONFIRMED
        assert {one.id for one in (await self_reports(work, await who(work, LIAISON))).rows} == {report_id, again_id}


async def test_from_the_liaisons_phone_to_the_heads(deployment: Deployment) -> None:
    liaison, head = await phones(deployment, LIAISON, HEAD)
    liaison.say("/selfreport")
    await liaison.press("1.form.choose.self_report-unit")
    await liaison.press("1.form.choose.self_report-category-e3b0.three_assets")
    await liaison.press("1.form.choose.self_report-aspect")
    await liaison.reads("发现了什么问题")
    liaison.say("党费收缴不及时。")
    await liaison.reads("打算怎么改")
    liaison.say("本月补缴并公示。")
    await liaison.reads("由哪个专班")
    liaison.say("党建办")
    await liaison.reads("什么时候完成")
    liaison.say("12月31日")
    await liaison.reads("交给一把手确认")
    await liaison.press("1.form.send.self_report")
    await head.reads("请您确认")
    async with deployment.database.reading() as session:
        report_id = (await session.scalars(select(SelfReport.id))).one()
    await head.press(f"1.selfreport.confirm.{report_id}")
    await head.reads("现在：已报告")
    liaison.say("/selfreports")
    await liaison.reads("已报告")
