"""What is due, on the phones of a team: lists in their order, page by page, and what comes by itself."""

from datetime import timedelta

import pytest

from models.complaints import Case
from models.states import CaseState
from services.access.member import member
from services.cases.claim import claim
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.integration.rectification.conftest import at
from tests.story import PhoneUser

LATE, IN_TIME = at(4), at(22, 8)  # it is Sunday, the 22nd


@pytest.fixture
async def phone(deployment: Deployment) -> PhoneUser:
    """A member's phone."""
    [account] = await deployment.enrol("P06")
    return PhoneUser(deployment.simulator, account)


async def laid(deployment: Deployment, *, owner: str | None = None, **how: object) -> Case:
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await lay(work, "路坏了", **how)  # type: ignore[arg-type]
        if owner is not None:
            await claim(work, await member(session, owner), case.id)
        return case


async def test_a_list_says_which_page_of_how_many_it_is(deployment: Deployment, phone: PhoneUser) -> None:
    for _ in range(17):
        await laid(deployment)
    phone.say("/queue")
    first = await phone.reads("第 1 页，共 3 页")
    await phone.press("1.queue.page.queue.")
    await phone.sees(lambda one: one.message_id == first.message_id and "第 2 页，共 3 页" in one.text)
    phone.say("/queue 道路")
    await phone.reads("第 1 页，共 3 页", after=first.message_id)


async def test_one_press_leaves_what_is_late_and_one_brings_all_back(deployment: Deployment, phone: PhoneUser) -> None:
    late, in_time = await laid(deployment, came=LATE), await laid(deployment, came=IN_TIME)
    phone.say("/queue")
    whole = await phone.can_press("1.queue.page.queue-超期")
    assert whole.text.index(late.id) < whole.text.index(in_time.id)
    assert "最晚 11月5日 09:00 该有人认领" in whole.text
    assert "最晚 11月23日 08:00 要有人认领" in whole.text
    await phone.press("1.queue.page.queue-超期")
    await phone.sees(lambda one: one.message_id == whole.message_id and in_time.id not in one.text)
    await phone.press("1.queue.page.queue")
    await phone.sees(lambda one: one.message_id == whole.message_id and in_time.id in one.text)


async def test_words_say_whose_the_cases_are(deployment: Deployment, phone: PhoneUser) -> None:
    own, others, nobodys = (
        await laid(deployment, owner="P06"),
        await laid(deployment, owner="P07"),
        await laid(deployment),
    )
    for words, listed in (("我的", own), ("没人认领", nobodys), ("沒人認領", nobodys)):
        await deployment.settled()  # the list before is known to stand, and goes
        before = phone.last_id
        phone.say(f"/queue {words}")
        shown = await phone.can_press(f"1.queue.case.{listed.id}", after=before)
        assert [one.id for one in (own, others, nobodys) if one.id in shown.text] == [listed.id]


async def test_the_owner_is_told_on_the_last_working_day_before_a_decision_is_due(
    deployment: Deployment, phone: PhoneUser
) -> None:
    case = await laid(deployment, owner="P06", came=at(10))  # due on Wednesday, the 25th
    deployment.simulator.advance(int(timedelta(hours=23).total_seconds()))
    await deployment.settled()
    assert not [one for one in deployment.simulator.messages(phone.chat) if "有时限" in one.text]
    deployment.simulator.advance(int(timedelta(hours=1).total_seconds()))
    told = await phone.reads("这些件有时限")
    assert f"{case.id} ⏳ 最晚 11月25日 要定下受不受理" in told.text
    await phone.press(f"1.queue.case.{case.id}", after=told.message_id - 1)
    await phone.can_press(f"1.case.accept.{case.id}", after=told.message_id)


async def test_a_leader_gives_a_case_more_time_by_two_presses(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P05")
    leader = PhoneUser(deployment.simulator, account)
    case = await laid(deployment, state=CaseState.VERIFYING)
    leader.say(case.id)
    await leader.press(f"1.case.extension_reasons.{case.id}")
    asked = await leader.reads("再给 30 天")
    assert "最晚 2027年1月21日 要办完" in asked.text
    await leader.press(f"1.case.extend.{case.id}.works")
    card = await leader.reads("最晚 2027年2月20日 要办完")
    assert "extension_reasons" not in str(card.buttons)


async def test_a_leader_puts_a_case_on_the_fast_track_and_is_told_first_what_that_means(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P05")
    leader = PhoneUser(deployment.simulator, account)
    case = await laid(deployment, owner="P05", came=IN_TIME)
    leader.say(case.id)
    await leader.press(f"1.case.look_at_fast_track.{case.id}")
    assert "2 个工作日内定下受不受理" in (await leader.reads("走快移快查快结")).text
    await leader.press(f"1.case.fast_track.{case.id}")
    card = await leader.reads("⚡ 快移快查快结")
    assert "最晚 11月24日 要定下受不受理" in card.text
    assert "fast_track" not in str(card.buttons)
