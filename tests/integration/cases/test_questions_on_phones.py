"""What a form asks, on the phone: it loses its buttons once answered, and a reason written before is taken; and what a
reporter writes is told once.
"""

import pytest
from sqlalchemy import select

from models.complaints import CaseComplaint, Complaint, Unmasking
from models.staff import OpenFormRow
from models.states import CaseState
from services.access.member import member
from services.cases.ask import ask
from services.cases.cards import bring_card
from services.cases.claim import claim
from services.cases.dialogue import reporter_says
from services.cases.read_case import hand_over
from simulator.chat_reader import SeenMessage
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.story import PhoneUser, data_of

CANCEL = "1.form.cancel"
NAMED = "李老四的电话是13812345678，他占了集体的鱼塘"


@pytest.fixture
async def leader(deployment: Deployment) -> PhoneUser:
    [account] = await deployment.enrol("P05")
    return PhoneUser(deployment.simulator, account)


async def card_for(deployment: Deployment, *, opened: bool = False, state: CaseState = CaseState.ASSIGNED) -> str:
    """Bring the leader the card of a case of their own; return its number."""
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case, who = await lay(work, NAMED, state=state), await member(session, "P05")
        await claim(work, who, case.id)
        if opened:
            await hand_over(work, who, case.id)
        else:
            await bring_card(work, case, who)
    return case.id


async def lost_its_buttons(user: PhoneUser, question: SeenMessage) -> SeenMessage:
    """Wait until nothing can be pressed under a question any more; its words stay."""
    seen = await user.sees(lambda one: one.message_id == question.message_id and not one.buttons)
    assert seen.text == question.text
    return seen


async def test_a_question_that_was_answered_loses_its_cancel(deployment: Deployment, leader: PhoneUser) -> None:
    case_id = await card_for(deployment)
    await leader.press(f"1.case.ask.{case_id}")
    question = await leader.can_press(CANCEL)
    leader.say("哪一个鱼塘？")
    preview = await leader.can_press("1.form.send")
    await lost_its_buttons(leader, question)
    await leader.press("1.form.send")
    await leader.reads("问题已放进")
    await lost_its_buttons(leader, preview)


async def test_every_question_of_a_form_loses_its_cancel_as_it_is_answered(
    deployment: Deployment, leader: PhoneUser
) -> None:
    case_id = await card_for(deployment, state=CaseState.VERIFYING)
    await leader.press(f"1.case.answer.{case_id}")
    question = await leader.can_press(CANCEL)
    leader.say("查过了。")
    first = await leader.can_press("1.form.send", after=question.message_id)
    await lost_its_buttons(leader, question)
    leader.say("查过了，属实。")
    second = await leader.can_press("1.form.send", after=first.message_id)
    await lost_its_buttons(leader, first)
    await leader.press("1.form.send", after=second.message_id - 1)
    await deployment.settled()
    assert not [one for one in leader.simulator.messages(leader.chat) if data_of(one, CANCEL)]


async def test_a_question_dropped_by_a_command_or_by_another_form_loses_its_cancel(
    deployment: Deployment, leader: PhoneUser
) -> None:
    case_id = await card_for(deployment)
    await leader.press(f"1.case.ask.{case_id}")
    first = await leader.can_press(CANCEL)
    await leader.press(f"1.case.set_category.{case_id}")
    second = await leader.can_press("1.form.choose.set_category")
    await lost_its_buttons(leader, first)
    leader.say("/cancel")
    await lost_its_buttons(leader, second)


async def test_a_reason_written_before_the_button_is_shown_and_used(deployment: Deployment, leader: PhoneUser) -> None:
    case_id = await card_for(deployment, opened=True)
    await leader.can_press(f"1.case.unmask.{case_id}")
    leader.say("要找他本人核实鱼塘的合同")
    await leader.reads("10 分钟")
    await leader.press(f"1.case.unmask.{case_id}")
    shown = await leader.can_press("1.form.send.unmask_case")
    assert "要找他本人核实鱼塘的合同" in shown.text
    async with deployment.database.reading() as session:
        assert await session.scalar(select(Unmasking)) is None  # looked at first
    await leader.press("1.form.send.unmask_case")
    await leader.reads("遮住的内容已打开")


async def test_a_reason_written_before_a_dismissal_is_used_and_one_too_old_is_not(
    deployment: Deployment, leader: PhoneUser
) -> None:
    case_id = await card_for(deployment, opened=True)
    await leader.can_press(f"1.case.propose_dismissal.{case_id}")
    leader.say("整段都是广告")
    await leader.reads("10 分钟")
    await leader.press(f"1.case.propose_dismissal.{case_id}")
    shown = await leader.can_press("1.form.send.dismiss_case")
    assert "整段都是广告" in shown.text
    await leader.press("1.form.cancel.dismiss_case")
    leader.say("整段都是广告")
    await leader.reads("10 分钟", after=shown.message_id)
    deployment.simulator.advance(11 * 60)
    await leader.press(f"1.case.propose_dismissal.{case_id}")
    await leader.can_press("1.form.choose.dismiss_case", after=shown.message_id)


async def test_what_was_kept_goes_when_its_writer_scans_to_report(deployment: Deployment, leader: PhoneUser) -> None:
    leader.say("村里的路坏了没人管")
    await leader.reads("10 分钟")
    async with deployment.database.reading() as session:
        assert await session.get(OpenFormRow, "P05") is not None
    deployment.simulator.scan(leader.person, await deployment.link("V05"))
    await leader.sees(lambda one: "1.r." in str(one.buttons))
    await deployment.settled()
    async with deployment.database.reading() as session:
        assert await session.get(OpenFormRow, "P05") is None


# ---- what a reporter writes


async def writes(deployment: Deployment, case_id: str, *texts: str) -> None:
    """Let the reporter of a case write, one message after another."""
    for text in texts:
        async with deployment.database.transaction() as session:
            work = deployment.work(session)
            query = select(Complaint).join(CaseComplaint).where(CaseComplaint.case_id == case_id)
            await reporter_says(work, (await session.scalars(query)).one(), text)
        await deployment.settled()


def pings(user: PhoneUser) -> list[SeenMessage]:
    return [one for one in user.simulator.messages(user.chat) if "的反映人有新的话" in one.text]


async def test_three_messages_of_a_reporter_are_one_ping(deployment: Deployment, leader: PhoneUser) -> None:
    case_id = await card_for(deployment)
    await writes(deployment, case_id, "还有", "就是东边那口", "今年的")
    [ping] = pings(leader)
    assert "3 条" in ping.text
    assert "不是答组里的问题" in ping.text


async def test_in_the_group_too_three_messages_of_a_case_nobody_has_are_one_ping(
    deployment: Deployment, leader: PhoneUser
) -> None:
    group = await deployment.board("县委第一巡察组", "P05")
    async with deployment.database.transaction() as session:
        case_id = (await lay(deployment.work(session), NAMED)).id
    await writes(deployment, case_id, "还有", "就是东边那口", "今年的")
    [ping] = pings(PhoneUser(deployment.simulator, leader.person, group))
    assert "3 条" in ping.text
    assert pings(leader) == []


async def test_a_ping_says_that_the_question_was_answered(deployment: Deployment, leader: PhoneUser) -> None:
    case_id = await card_for(deployment)
    async with deployment.database.transaction() as session:
        await ask(deployment.work(session), await member(session, "P05"), case_id, "哪一口鱼塘？")
    await writes(deployment, case_id, "东边那口", "今年的")
    [ping] = pings(leader)
    assert "2 条" in ping.text
    assert "组里问的已经答了" in ping.text


async def test_what_comes_after_it_was_read_is_told_anew(deployment: Deployment, leader: PhoneUser) -> None:
    case_id = await card_for(deployment)
    await writes(deployment, case_id, "还有")
    await leader.press(f"1.case.open.{case_id}")
    await leader.reads("还有")
    await deployment.settled()
    await writes(deployment, case_id, "再补一句")
    [first, second] = pings(leader)
    assert "1 条" in second.text
    assert second.message_id > first.message_id
