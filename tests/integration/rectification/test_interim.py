"""Where people are in danger the unit first keeps them from it, and reporters hear of that and of the fix apart."""

import pytest

from models.rectification import InterimMeasure
from models.states import Actor, CaseState, Impossible, ItemState, NotEntitled
from services.cases.case_log import complaints_of
from services.cases.dialogue import team_messages_of
from services.rectification.digest import DigestHeading, NextStep, read_today
from services.rectification.interim import NothingSaid, report_interim
from services.rectification.issue_item import order_fix
from services.rectification.item_log import events_of
from services.rectification.reopen import open_again
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.integration.rectification.test_conversations import phones

HEAD, LIAISON, LEADER = "P14", "P20", "P05"
DUE = at(29).date()
CORDONED, WORDS = InterimMeasure.CORDONED, "村支书李守田带人拉了警戒线。"


async def reported(work: UnitOfWork, staff_id: str, item_id: str, text: str = WORDS) -> None:
    await report_interim(work, await who(work, staff_id), item_id, CORDONED, [text], [])


async def test_the_head_alone_reports_it_once_and_reporters_are_told_in_no_words_of_the_units(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work, hazard=True)
        item = await order_fix(work, await who(work, LEADER), case.id, "桥头岭石拱桥开裂，请修好。", DUE)
        [line] = [one for one in await read_today(work, await who(work, HEAD)) if one.item.id == item.id]
        assert (line.heading, line.step) == (DigestHeading.INTERIM, NextStep.INTERIM)
        for staff_id in (LIAISON, LEADER, "P15"):
            with pytest.raises(NotEntitled):
                await reported(work, staff_id, item.id)
        with pytest.raises(NothingSaid):
            await reported(work, HEAD, item.id, " ")
        await reported(work, HEAD, item.id)
        assert (item.state, item.interim_on, item.due_on) == (ItemState.IN_PROGRESS, at(22).date(), DUE)
        assert (await events_of(work, item))[-1].note == WORDS
        told = {one.staff_id for one in await queued(work, "item_event")}
        assert {LEADER, "P06", "P07"} <= told
        [complaint] = await complaints_of(work, case)
        said = await team_messages_of(work, complaint)
        assert [one.key for one in said] == ["being_fixed", "made_safe"]
        assert said[-1].codes == {"measure": "cordoned"}
        assert "李守田" not in str(said[-1])
        assert case.state == CaseState.FIXING  # the final answer is still to come
        with pytest.raises(Impossible):
            await reported(work, HEAD, item.id)
        item.state = ItemState.CLEARED
        await open_again(work, item, {Actor.SYSTEM}, 7, by=None)
        assert (item.interim_due_on, item.interim_on) == (at(23).date(), None)  # the danger is there again
        other = await a_verified_case(work)
        fix = await order_fix(work, await who(work, LEADER), other.id, "路灯不亮，请修好。", DUE)
        with pytest.raises(Impossible):
            await reported(work, HEAD, fix.id)


async def test_a_head_reports_it_with_a_photo_and_the_team_sees_both(deployment: Deployment) -> None:
    head, reviewer = await phones(deployment, HEAD, "P06")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await a_verified_case(work, hazard=True)
        item = await order_fix(work, await who(work, LEADER), case.id, "桥头岭石拱桥开裂，请修好。", DUE)
    order = await head.reads("桥头岭石拱桥开裂")
    assert "先行排险" in order.text
    await head.press(f"1.item.report_interim.{item.id}")
    await head.can_press("1.form.choose.report_interim")
    await head.press_ending(".cordoned")
    before = head.last_id
    head.say(WORDS)
    shown = await head.can_press("1.form.send.report_interim", after=before)
    assert "拉了警戒、围了起来" in shown.text
    assert "还没有现场照片" in shown.text
    deployment.simulator.send_photo(head.person, "1-bridge")
    await head.can_press("1.form.send.report_interim", after=shown.message_id)
    await head.press("1.form.send.report_interim", after=shown.message_id)
    told = await reviewer.reads("的先行排险")
    assert "拉警戒、围起来" in told.text
    assert WORDS in told.text
    await reviewer.sees(lambda one: one.kind == "photo" and one.protected)
    head.say("/items")
    await head.press(f"1.item.open.{item.id}", after=shown.message_id)
    card = await head.reads("先行排险：", after=shown.message_id)
    assert "report_interim" not in str(card.buttons)
