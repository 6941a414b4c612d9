"""Campaigns and what is handed down: the office enters them, and items come from them."""

from datetime import date

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.origins import Campaign, HandDown
from models.rectification import RectificationItem
from models.states import NotEntitled
from services.rectification.feedback_list import Will, plan_list
from services.rectification.origins import (
    EndsBeforeItBegins,
    UnfitAspects,
    begin_campaign,
    campaigns,
    close_campaign,
    go_on_with_campaign,
    read_aspects,
)
from services.rectification.sources import counts_of_campaign
from services.table_file import TableRow
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.rectification.conftest import at, who
from tests.integration.rectification.test_conversations import phones
from tests.integration.rectification.test_entering import FIRST, HEADING

OFFICE, LEADER, HEAD, COUNTY_LEADER = "P04", "P05", "P14", "P25"


def test_aspects_are_read_from_lines_with_their_parts_below_them() -> None:
    assert read_aspects("党的建设\n- 三会一课不经常\n  - 发展党员不严\n\n民生资金\n") == [
        {"name": "党的建设", "parts": ["三会一课不经常", "发展党员不严"]},
        {"name": "民生资金", "parts": []},
    ]
    for text, line, reason in (
        ("- 小项", 1, "no_aspect"),
        ("甲\n乙\n- 甲", 3, "twice"),
        ("甲\n" + "长" * 101, 2, "too_long"),
    ):
        with pytest.raises(UnfitAspects) as unfit:
            read_aspects(text)
        assert (unfit.value.line, unfit.value.reason) == (line, reason)


async def test_the_office_begins_and_closes_a_campaign_and_nobody_else_does(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        office = await who(work, OFFICE)
        first, last = date(2026, 11, 1), date(2026, 12, 31)
        for stranger in (LEADER, HEAD, COUNTY_LEADER):
            with pytest.raises(NotEntitled):
                await begin_campaign(work, await who(work, stranger), "农村集体三资", "three_assets", first, last)
        with pytest.raises(EndsBeforeItBegins):
            await begin_campaign(work, office, "农村集体三资", "three_assets", last, first)
        campaign = await begin_campaign(work, office, "农村集体三资", "three_assets", first, last)
        assert campaign.id in {one.id for one in (await campaigns(work)).rows}
        item = await work.session.get_one(RectificationItem, "RI01")
        item.campaign_id = campaign.id
        await work.session.flush()
        counts = await counts_of_campaign(work, office, campaign)
        assert [(name, count.done, count.total) for name, count in counts.units] == [
            ((await work.directory()).units[item.unit_id].name, 0, 1)
        ]
        for stranger in (LEADER, HEAD):
            with pytest.raises(NotEntitled):
                await close_campaign(work, await who(work, stranger), campaign.id)
        rows = [TableRow(1, (*HEADING, "来源")), TableRow(2, (*FIRST, "农村集体三资"))]
        assert not (await plan_list(work, office, "R6", rows)).of(Will.NOTHING)
        assert (await close_campaign(work, office, campaign.id)).closed_on == work.today
        assert (await plan_list(work, office, "R6", rows)).of(Will.NOTHING)  # no new item is of it
        assert (await go_on_with_campaign(work, office, campaign.id)).closed_on is None
        written = await work.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == campaign.id))
        assert set(written) == {Audited.CAMPAIGN_BEGUN, Audited.CAMPAIGN_CLOSED}


async def test_what_is_entered_on_a_phone_is_where_an_item_can_come_from_until_it_is_closed(
    deployment: Deployment,
) -> None:
    (office,) = await phones(deployment, OFFICE)
    office.say("/handdowns")
    await office.press("1.handdown.new")
    for asked, said in (
        ("交办的是什么", "市委巡察村（社区）移交问题"),
        ("谁交办的", "市委巡察办"),
        ("文号", "市巡〔2026〕7号"),
        ("总负责", "县委巡察办"),
        ("收到", "2026-11-02"),
        ("办完", "2027-03-31"),
        ("各个方面", "- 小项在前"),
        ("先有一个方面", "党的建设\n- 三会一课不经常\n民生资金"),
    ):
        await office.reads(asked)
        office.say(said)
    await office.reads("三会一课不经常")
    await office.press("1.form.send.new_hand_down")
    await office.reads("市巡〔2026〕7号")
    office.say("/campaigns")
    await office.press("1.campaign.new")
    await office.reads("叫什么名字")
    office.say("殡葬领域专项整治")
    await office.press("1.form.choose.new_campaign-category-e3b0.three_assets")
    await office.reads("从哪一天开始")
    office.say("2026-11-01")
    await office.reads("到哪一天结束")
    office.say("2026-12-31")
    await office.press("1.form.send.new_campaign")
    await office.reads("正在开展")
    async with deployment.database.reading() as session:
        campaign = (await session.scalars(select(Campaign).where(Campaign.name == "殡葬领域专项整治"))).one()
        hand_down = (await session.scalars(select(HandDown).where(HandDown.origin == "市委巡察办"))).one()
        assert hand_down.aspects == [
            {"name": "党的建设", "parts": ["三会一课不经常"]},
            {"name": "民生资金", "parts": []},
        ]
        assert (campaign.begins_on, campaign.ends_on) == (date(2026, 11, 1), date(2026, 12, 31))
    await office.press(f"1.campaign.close.{campaign.id}")
    await office.reads("已结束")
    async with deployment.database.reading() as session:
        assert (await session.get_one(Campaign, campaign.id)).closed_on is not None
