"""A complaint that is taken back is gone from the phones of the staff, and 'all deleted' is said only when it is."""

from dataclasses import replace

from simulator.chat_reader import SeenMessage
from tests.deployment import Deployment
from tests.journey import Journey
from tests.story import data_of, receipt_in

SAID = "村口的路灯坏了三个月,会计不让修"


async def submitted(deployment: Deployment) -> Journey:
    """Let somebody send something that can be taken back."""
    journey = await Journey.begin(deployment)
    resident = journey.resident
    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    await resident.reads("在听")
    resident.say(SAID)
    await resident.previews(SAID)
    deployment.simulator.send_photo(resident.person, "2-streetlamp")
    await resident.previews("录音等 1 份")
    await resident.press("1.r.send")
    await resident.sees(lambda one: receipt_in(one) is not None)
    journey.code = await journey.receipt()
    return journey


async def opened(journey: Journey) -> None:
    await journey.board.press("1.case.claim")
    await journey.board.press("1.case.open")
    await journey.member.reads(SAID)
    await journey.member.sees(lambda one: one.kind == "photo" and one.protected)
    await journey.deployment.settled()


async def takes_back(journey: Journey) -> None:
    said = journey.resident.say(journey.code)
    await journey.resident.press("1.r.withdraw.", after=said)
    await journey.resident.press("1.r.withdraw_yes", after=said)


async def is_gone(journey: Journey) -> None:
    """Wait until nothing of it lies on the member's phone."""

    def look(seen: list[SeenMessage]) -> bool | None:
        return not any(SAID in one.text or one.kind == "photo" for one in seen) or None

    await journey.simulator.wait_for(journey.member.chat, look)


async def visits(journey: Journey) -> str:
    said = journey.resident.say(journey.code)
    return (await journey.resident.can_press("1.r.leave", after=said)).text


async def test_what_a_member_has_opened_is_gone_from_their_phone_as_soon_as_it_is_taken_back(
    deployment: Deployment,
) -> None:
    journey = await submitted(deployment)
    await opened(journey)
    await takes_back(journey)
    told = await journey.resident.reads("正在从他们那里收回")
    assert "手机上也没有" not in told.text
    await is_gone(journey)
    await deployment.settled()
    deployment.simulator.advance(61)
    await journey.resident.reads("收完了")
    assert "您已经撤回，内容删掉了" in await visits(journey)


async def test_of_what_nobody_opened_all_is_said_to_be_deleted_at_once(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await journey.board.can_press("1.case.claim")
    await takes_back(journey)
    await journey.resident.reads("照片和录音都删掉了。谢谢您")
    deployment.simulator.advance(61)
    await deployment.settled()
    assert not any("收完了" in one.text for one in deployment.simulator.messages(journey.resident.chat))


async def test_what_was_on_its_way_to_a_member_when_it_was_taken_back_does_not_stay(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await journey.board.press("1.case.claim")
    held = deployment.simulator.hold("sendMessage", chat_id=journey.member.chat)
    await journey.board.press("1.case.open")
    await deployment.simulator.wait_until(lambda: held.waiting or None)
    await takes_back(journey)
    await journey.resident.reads("正在从他们那里收回")
    deployment.simulator.release(held)
    await deployment.settled()
    await is_gone(journey)
    deployment.simulator.advance(61)
    await journey.resident.reads("收完了")


async def test_what_a_phone_out_of_reach_keeps_is_said_and_is_not_called_deleted(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await opened(journey)
    deployment.simulator.block(journey.member.person)
    await takes_back(journey)
    await journey.resident.reads("正在从他们那里收回")
    await deployment.settled()
    deployment.simulator.advance(61)
    await journey.resident.reads("还有 2 条没从办件的人手机上收回来")
    assert "还有 2 条正在收回" in await visits(journey)
    for _ in range(50):  # as long as both are tried, one after the other
        deployment.simulator.advance(3600)
        await deployment.settled()
    assert "有 2 条在办件的人手机上收不回来了" in await visits(journey)


async def test_a_phone_that_is_back_in_reach_keeps_nothing(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await opened(journey)
    deployment.simulator.block(journey.member.person)
    await takes_back(journey)
    await journey.resident.reads("正在从他们那里收回")
    await deployment.settled()
    deployment.simulator.unblock(journey.member.person)
    deployment.simulator.advance(3601)
    await is_gone(journey)
    await deployment.settled()
    assert "您已经撤回，内容删掉了" in await visits(journey)


async def test_what_is_too_old_to_be_deleted_is_said_to_stay(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await opened(journey)
    deployment.simulator.block(journey.member.person)  # so that it is not deleted after a day
    deployment.simulator.advance(24 * 3600)
    await deployment.settled()
    deployment.simulator.advance(24 * 3600 + 60)
    deployment.simulator.unblock(journey.member.person)
    await takes_back(journey)
    await deployment.settled()
    deployment.simulator.advance(61)
    await deployment.settled()
    assert not any("收完了" in one.text for one in deployment.simulator.messages(journey.resident.chat))
    assert "有 2 条在办件的人手机上收不回来了" in await visits(journey)


async def test_nothing_more_is_said_of_it_in_a_chat_that_was_cleared(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await opened(journey)
    await takes_back(journey)
    told = await journey.resident.reads("正在从他们那里收回")
    await journey.resident.press("1.r.clear.", after=told.message_id - 1)
    await journey.resident.press("1.r.clear_now", after=told.message_id)
    await journey.resident.reads("清空了")
    deployment.simulator.advance(61)
    await deployment.settled()
    assert not any("收完了" in one.text for one in deployment.simulator.messages(journey.resident.chat))
    assert "您已经撤回，内容删掉了" in await visits(journey)


async def two_phones(deployment: Deployment) -> Journey:
    """Let the owner and the leader each open what somebody sent: a text and a photo."""
    journey = await submitted(deployment)
    card = await journey.board.can_press("1.case.claim")
    journey.case_id = (data_of(card, "1.case.claim") or "").split(".")[3]
    await opened(journey)
    journey.leader.say("/queue")
    await journey.leader.press(f"1.queue.case.{journey.case_id}")
    await journey.leader.press(f"1.case.open.{journey.case_id}")
    await journey.leader.reads(SAID)
    await journey.leader.sees(lambda one: one.kind == "photo")
    await deployment.settled()
    return journey


async def test_it_goes_from_the_phones_of_all_who_opened_it(deployment: Deployment) -> None:
    journey = await two_phones(deployment)
    await takes_back(journey)
    await is_gone(journey)
    await is_gone(replace(journey, member=journey.leader))
    await deployment.settled()
    deployment.simulator.advance(61)
    await journey.resident.reads("收完了")
    assert "您已经撤回，内容删掉了" in await visits(journey)


async def test_what_one_phone_of_several_keeps_is_counted_and_not_called_deleted(deployment: Deployment) -> None:
    journey = await two_phones(deployment)
    deployment.simulator.fail(
        "deleteMessage", chat_id=journey.leader.chat, status=400, description="Bad Request: message can't be deleted"
    )
    await takes_back(journey)
    await is_gone(journey)
    await deployment.settled()
    deployment.simulator.advance(61)
    told = await journey.resident.reads("有 1 条")
    assert "收完了" not in told.text
    assert "有 1 条在办件的人手机上收不回来了" in await visits(journey)


async def test_what_a_member_has_deleted_themselves_is_gone(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await opened(journey)
    deployment.simulator.fail(
        "deleteMessage", chat_id=journey.member.chat, times=2, status=400, description="message to delete not found"
    )
    await takes_back(journey)
    await deployment.settled()
    deployment.simulator.advance(61)
    await journey.resident.reads("收完了")


async def test_while_telegram_is_in_trouble_nothing_is_called_deleted_and_then_it_goes(deployment: Deployment) -> None:
    journey = await submitted(deployment)
    await opened(journey)
    deployment.simulator.fail("deleteMessage", times=1_000_000, status=502, description="Bad Gateway")
    await takes_back(journey)
    await journey.resident.reads("正在从他们那里收回")
    await deployment.settled()
    deployment.simulator.advance(61)
    await journey.resident.reads("还有 2 条没从办件的人手机上收回来")
    assert "还有 2 条正在收回" in await visits(journey)
    deployment.simulator.clear_faults()
    for _ in range(3):  # both are tried again, one after the other
        deployment.simulator.advance(3600)
        await deployment.settled()
    await is_gone(journey)
    assert "您已经撤回，内容删掉了" in await visits(journey)
