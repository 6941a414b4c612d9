"""Nothing that leads to a reporter reaches any phone of the staff before a leader has unmasked the case."""

from tests.deployment import Deployment
from tests.journey import Journey

PLANTED = ("阙鹮羽", "13800138000", "138 0013 8000", "11010519491231002X", "13911112222")
SAID = "我叫阙鹮羽,桥裂了,电话138 0013 8000,身份证11010519491231002X"


def received(journey: Journey) -> dict[str, list[str]]:
    """Return which planted traces each member of the staff, and the board, got."""
    simulator = journey.deployment.simulator
    places = {**journey.deployment.staff, "board": journey.board.chat}
    return {
        name: [
            trace
            for trace in PLANTED
            if any(trace.encode() in one.data for one in simulator.received(chat) if one.from_bot)
        ]
        for name, chat in places.items()
    }


async def test_planted_traces_reach_no_staff_before_unmasking_and_only_the_leader_after(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    resident, member, leader, office = journey.resident, journey.member, journey.leader, journey.office

    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    await resident.sees(lambda one: bool(one.buttons))
    message = resident.say("桥裂了")
    await resident.can_press("1.r.send")
    before = resident.last_id
    deployment.simulator.edit_text(resident.person, message, SAID)  # an edit is marked as anything else is
    warned = await resident.can_press("1.r.traces_stay", after=before)
    assert "手机号" in warned.text
    await resident.press("1.r.traces_stay")
    await resident.press("1.r.send")
    await resident.reads("回执")

    await journey.board.press("1.case.claim")
    await journey.board.press("1.case.open")
    await member.reads("▇身份证号▇")
    assert not any(received(journey).values())

    leader.say("/queue")
    await leader.press("1.queue.case")
    await leader.press("1.case.open")
    await leader.press("1.case.unmask")
    await leader.reads("用一句话写明理由")
    assert not any(received(journey).values())
    leader.say("要和反映人约时间看桥")
    await leader.reads("138 0013 8000")
    told = await office.reads("要和反映人约时间看桥")
    assert "打开了" in told.text
    got = received(journey)
    assert got.pop("P05")
    assert not any(got.values())
