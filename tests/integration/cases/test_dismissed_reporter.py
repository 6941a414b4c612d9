"""What a reporter hears of a dismissal, on their phone and on one that was never here."""

from tests.deployment import Deployment
from tests.journey import Journey
from tests.story import PhoneUser


async def visited(journey: Journey, name: str, code: str) -> str:
    """Come back with a receipt code on another phone; return what it shows."""
    other = PhoneUser(journey.simulator, journey.simulator.add_person(name))
    journey.simulator.open_bot(other.person)
    await other.sees(lambda one: True)
    other.say(code)
    return (await other.reads("现在：")).text


async def test_a_reporter_is_told_by_a_push_and_on_a_visit_that_it_was_dismissed_and_when_that_is_undone(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member.press(f"1.case.propose_dismissal.{journey.case_id}")
    await journey.member.press("1.form.choose.dismiss_case-why")
    await journey.member.press("1.form.send.dismiss_case")
    await journey.leader.press(f"1.case.dismiss.{journey.case_id}")
    pushed = await journey.resident.reads("无效件")
    assert "广告" in pushed.text
    assert "弄错了" in pushed.text
    assert "按无效件处理" in await visited(journey, "第二部手机", journey.code)
    await journey.leader.press(f"1.case.undo_dismissal.{journey.case_id}")
    await journey.resident.reads("现在接着办")
    assert "现在接着办" in await visited(journey, "第三部手机", journey.code)
    await journey.member.press(f"1.case.accept.{journey.case_id}")  # its owner goes on where they were
    await journey.resident.reads("受理了")
