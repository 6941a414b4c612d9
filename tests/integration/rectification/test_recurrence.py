"""What was cleared and has come back: the old item is opened again instead of a new one, as the director decides."""

from datetime import timedelta

import pytest

from models.complaints import CaseShutOut
from models.desk import Desk
from models.states import Impossible, ItemState, NotEntitled
from services.cases.case_log import complaints_of
from services.cases.dialogue import reporter_says
from services.rectification.item_drafts import begin_draft
from services.rectification.item_log import events_of
from services.rectification.notices import ReopenProposed
from services.rectification.order import NewItem
from services.rectification.recurrence import (
    AlreadyProposed,
    NobodyDecides,
    decides,
    may_have_come_back,
    propose_reopening,
)
from services.rectification.reopen import ReopenReason, reopen_item
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.rectification.conftest import a_verified_case, queued, who
from tests.integration.rectification.test_after_the_team import a_cleared_item
from tests.integration.rectification.test_conversations import DAY, item, phones
from tests.notices import rendered_for

LEADER, MEMBER, OFFICE, DIRECTOR, HEAD = "P05", "P06", "P04", "P03", "P14"
WHY = "李秀英说办法没有执行"


async def test_what_was_cleared_of_late_is_proposed_with_the_reason_and_the_director_decides(county: OpenWork) -> None:
    async with county() as work:
        number = (await a_cleared_item(work)).id
    async with county(now=NOW + timedelta(days=365)) as work:
        case = await a_verified_case(work)
        case.category = "other"
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, "我叫李秀英")
        leader, place = await who(work, LEADER), ("U1", "other")
        [found] = await may_have_come_back(work, leader, *place, case.id)
        assert (found.id, decides(leader, found), decides(await who(work, DIRECTOR), found)) == (number, False, True)
        for elsewhere in (("U1", "road"), ("U2", "other")):
            assert await may_have_come_back(work, leader, *elsewhere) == []
        for stranger in (MEMBER, HEAD, "P08"):
            with pytest.raises(NotEntitled):
                await propose_reopening(work, await who(work, stranger), number, WHY)

        events = len(await events_of(work, found))
        draft = await begin_draft(work, leader, NewItem("U1", "办法没有执行。", category="other"), case_id=case.id)
        await propose_reopening(work, leader, number, WHY, case_id=draft.case_id)
        with pytest.raises(AlreadyProposed):
            await propose_reopening(work, await who(work, OFFICE), number, WHY)
        [told] = await queued(work, "reopen_proposed")
        assert (told.staff_id, told.args["by_id"]) == (DIRECTOR, LEADER)
        assert "李秀英" not in told.args["words"]  # the director has not read the case
        assert case.id not in str(told.args)
        assert len(await events_of(work, found)) == events  # the unit reads nothing of it
        notice = ReopenProposed(number, LEADER, told.args["words"])
        assert await rendered_for(work, f"staff:{DIRECTOR}", notice) is not None
        assert await rendered_for(work, f"staff:{HEAD}", notice) is None
        await reopen_item(work, await who(work, DIRECTOR), number, ReopenReason.RECURRED, "没有执行")
        assert await rendered_for(work, f"staff:{DIRECTOR}", notice) is None
        with pytest.raises(Impossible):
            await propose_reopening(work, leader, number, WHY)


async def test_nothing_is_proposed_too_late_or_to_whom_the_case_is_kept_from(county: OpenWork) -> None:
    async with county() as work:
        number = (await a_cleared_item(work)).id
    async with county(now=NOW + timedelta(days=366)) as work:
        assert await may_have_come_back(work, await who(work, OFFICE), "U1", "other") == []
        with pytest.raises(Impossible):
            await propose_reopening(work, await who(work, OFFICE), number, WHY)
    async with county(now=NOW + timedelta(days=1)) as work:
        leader, case = await who(work, LEADER), await a_verified_case(work)
        case.category = "other"
        work.session.add(CaseShutOut(case_id=case.id, staff_id=DIRECTOR))
        await work.session.flush()
        with pytest.raises(NobodyDecides):
            await propose_reopening(work, leader, number, WHY, case_id=case.id)
        assert await queued(work, "reopen_proposed") == []
        case.desk = Desk.leader("T1")
        assert await may_have_come_back(work, leader, "U1", "other", case.id) == []
        with pytest.raises(NotEntitled):
            await propose_reopening(work, leader, number, WHY, case_id=case.id)


async def test_it_is_pressed_where_a_new_item_would_be_entered(deployment: Deployment) -> None:
    office, director = await phones(deployment, OFFICE, DIRECTOR)
    office.say("/newitem")
    await office.can_press("1.form.choose.new_item-unit")
    office.say("枫汊")
    await office.press("1.form.choose.new_item-category-e3b0.page-8")
    await office.press("1.form.choose.new_item-category-e3b0.wages_owed")
    await office.press("1.form.choose.new_item-problem-e3b0.again-RI08")
    await office.reads("又出现了同样的问题")
    office.say("工钱又拖了两个月")
    await office.reads("已提请主任")
    deployment.simulator.advance(DAY)  # it was Sunday
    asked = await director.reads("工钱又拖了两个月")
    assert "简小满" in asked.text
    await director.press("1.item.open_again.RI08")
    await director.press("1.form.choose.reopen_item-reason")
    await director.reads("请写明看到了什么")
    director.say("又拖欠两个月，限期补发。")
    await director.reads("重新整改", after=director.last_id)
    assert (await item(deployment, "RI08")).state == ItemState.REOPENED
