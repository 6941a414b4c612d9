"""Joining similar cases, and a brief about many, on the phones of those who do it."""

from datetime import timedelta

from models.complaints import Case
from models.states import CaseState
from services.cases.merge import head_of_merged
from services.intake.preparation import prepare
from services.intake.similar import find_similar_cases
from services.unit_of_work import More
from tests.conftest import NOW
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.story import PhoneUser

SAID = "村口水泥厂天天往河里排污水，鱼都死了。"
ALSO = "水泥厂又在夜里往河里偷排污水，臭得很。"


async def laid(deployment: Deployment, *texts: str) -> list[Case]:
    prepare()
    async with deployment.database.transaction() as session:
        cases = [await lay(deployment.work(session), text) for text in texts]
    while True:
        async with deployment.database.transaction() as session:
            if await find_similar_cases(deployment.work(session)) is not More.TO_DO:
                return cases


async def test_a_member_sees_what_is_alike_and_why_reads_both_joins_them_and_takes_them_apart(
    deployment: Deployment,
) -> None:
    [account] = await deployment.enrol("P06")
    phone = PhoneUser(deployment.simulator, account)
    one, other = await laid(deployment, SAID, ALSO)
    head, case = sorted((one, other), key=lambda each: each.id)  # of the same hour
    phone.say(case.id)
    await phone.press(f"1.case.similar.{case.id}")
    why = await phone.reads("说的都是")
    assert why.protected
    await phone.press(f"1.case.compare.{case.id}.{head.id}")
    for said in (SAID, ALSO):
        assert (await phone.reads(said)).protected
    await phone.press(f"1.case.merge.{case.id}.{head.id}")
    await phone.reads("2 件并在一起，共反映 2 次")
    async with deployment.database.reading() as session:
        joined = await session.get_one(Case, case.id)
        assert joined.state == CaseState.MERGED
        assert (await head_of_merged(deployment.work(session), joined)).id == head.id  # type: ignore[union-attr]
    found = phone.say(case.id)
    await phone.press(f"1.case.take_apart.{case.id}", after=found)
    await phone.can_press(f"1.case.accept.{case.id}", after=found)


async def test_a_member_chooses_by_its_number_what_no_rule_has_found(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P06")
    phone = PhoneUser(deployment.simulator, account)
    [case] = await laid(deployment, SAID)
    async with deployment.database.transaction() as session:
        other = await lay(deployment.work(session), "收了水费不给票", category="fees", came=NOW - timedelta(hours=2))
    phone.say(case.id)
    await phone.can_press(f"1.case.accept.{case.id}")
    await phone.press(f"1.case.more.{case.id}")
    await phone.press(f"1.case.compare_with.{case.id}")
    await phone.reads("和哪一件对比")
    phone.say("99999999")
    await phone.reads("没有")
    phone.say(case.id)
    await phone.reads("就是同一件")
    phone.say(f"{other.id[:4]} {other.id[4:]}")
    assert (await phone.reads("收了水费不给票")).protected
    await phone.press(f"1.case.merge.{case.id}.{other.id}")
    await phone.reads("2 件并在一起")


async def test_a_brief_goes_from_the_leader_to_the_leading_group_and_an_instruction_comes_back(
    deployment: Deployment,
) -> None:
    accounts = await deployment.enrol("P05", "P04", "P01", "P25")
    leader, office, group, county_leader = [PhoneUser(deployment.simulator, one) for one in accounts]
    await laid(deployment, *[f"{SAID}{'又' * n}" for n in range(5)])
    raised = await leader.reads("5 件 5 次")
    await leader.press("1.cluster.brief", after=raised.message_id - 1)
    await leader.reads("请写专报")
    leader.say("水泥厂排污，涉及两个组，建议环保和镇里一起查。")
    await leader.reads("涉及多少户")
    leader.say("30户")
    await leader.press("1.form.send.write_brief")
    await office.press("1.brief.pass_on")
    await group.press("1.brief.instruct")
    await group.reads("请写批示")
    group.say("限期整治到位。")
    await group.reads("由哪位领导牵头")
    asked = await group.can_press("1.form.choose.instruct-lead")
    lead = next(one for row in asked.buttons for one in row if one.data.endswith("P25"))
    await group.press(lead.data)
    due = await group.can_press("1.form.choose.instruct-due")
    await group.press(due.buttons[0][1].data)
    await group.press("1.form.send.instruct")
    for phone in (leader, office, county_leader):
        await phone.reads("限期整治到位。")
    await leader.press("1.brief.report_households")
    await leader.reads("一共解决了多少户")
    leader.say("12")
    await leader.reads("已解决 12 户，共 30 户")
    before = leader.say("/briefs")
    assert "已批示，正在办" in (await leader.reads("巡察专报和批示", after=before)).text
