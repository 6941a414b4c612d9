"""A case is passed on to a department on phones, and comes back answered."""

from sqlalchemy import select

from models.complaints import Case
from models.states import CaseState
from models.transfers import Transfer
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.cases.test_transfers import CONTACT, LEADER, RESULT, SAID, SUMMARY
from tests.integration.web.desk import laid
from tests.story import PhoneUser

FORBIDDEN = ("手指头", "竹竿", "邓长庚", "13812345678", "竹坞镇")


async def the_transfer(deployment: Deployment) -> Transfer:
    async with deployment.database.reading() as session:
        return (await session.scalars(select(Transfer))).one()


async def state_of(deployment: Deployment, case_id: str) -> CaseState:
    async with deployment.database.reading() as session:
        return (await session.get_one(Case, case_id)).state


async def passed_on_by_chat(deployment: Deployment, leader: PhoneUser) -> str:
    """Let the leader pass a case on to the department in charge, after two texts that may not leave the team."""
    case_id = await laid(deployment, SAID, state=CaseState.VERIFYING)
    leader.say("/queue")
    await leader.press(f"1.queue.case.{case_id}")
    await leader.press(f"1.transfer.transfer.{case_id}")
    menu = await leader.can_press("1.form.choose.transfer_case-department")
    assert "★ 县交通运输局" in str(menu.buttons)
    await leader.press("1.form.choose.transfer_case-department")
    await leader.reads("请用自己的话写给县交通运输局的问题摘要")
    leader.say("石拱桥裂了手指头宽的缝，栏杆用竹竿子绑着")
    await leader.reads("和反映人的原话一样")
    leader.say("请打 13900001111")
    await leader.reads("不能这样发出去")
    leader.say(SUMMARY)
    shown = await leader.can_press("1.form.send.transfer_case")
    assert SUMMARY in shown.text
    assert case_id not in shown.text
    await leader.press("1.form.send.transfer_case")
    await deployment.settled()
    return case_id


@ONLY_SQLITE
async def test_a_case_goes_to_a_department_and_its_result_to_the_reporter(deployment: Deployment) -> None:
    phones = deployment.simulator
    leader, contact = [PhoneUser(phones, one) for one in await deployment.enrol(LEADER, CONTACT)]
    case_id = await passed_on_by_chat(deployment, leader)
    assert await state_of(deployment, case_id) == CaseState.TRANSFERRED
    transfer = await the_transfer(deployment)
    told = await contact.reads("请最晚")
    assert SUMMARY not in told.text
    await contact.press(f"1.transfer.open.{transfer.id}")
    opened = await contact.reads(SUMMARY)
    assert opened.protected
    await contact.press(f"1.transfer.sign.{transfer.id}")
    await leader.reads("县交通运输局签收了")
    await contact.press(f"1.transfer.report.{transfer.id}")
    await contact.reads("请写给反映的人看")
    contact.say(RESULT)
    await contact.press("1.form.send.report_transfer")
    await contact.reads("反映的人会看到")
    await leader.reads("报了办理结果")
    assert await state_of(deployment, case_id) == CaseState.ANSWERED
    await deployment.settled()
    seen = [one for one in phones.messages(contact.person) if one.from_bot]
    assert not [one.text for one in seen if SUMMARY in one.text]  # taken from the phone with the answer
    everything = "\n".join(f"{one.text} {one.buttons}" for one in seen)
    assert [needle for needle in (*FORBIDDEN, case_id) if needle in everything] == []


@ONLY_SQLITE
async def test_that_nobody_is_there_is_said_before_a_summary_is_written(deployment: Deployment) -> None:
    [account] = await deployment.enrol(LEADER)
    leader, case_id = PhoneUser(deployment.simulator, account), await laid(deployment, SAID, state=CaseState.VERIFYING)
    leader.say("/queue")
    await leader.press(f"1.queue.case.{case_id}")
    await leader.press(f"1.transfer.transfer.{case_id}")
    assert "请换一个部门" in await leader.press("1.form.choose.transfer_case-department")
