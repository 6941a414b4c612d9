"""A draft is shown by one preview in the chat, over Telegram: changed in place, and brought down when it is far up."""

from simulator.chat_reader import SeenMessage
from simulator.server import Simulator
from tests.deployment import Deployment
from tests.story import PhoneUser, data_of, receipt_in

SHORT = ("村口的路灯坏了", "三个月了", "晚上看不见", "老人摔过", "找过村里", "没人管")


async def at_home(deployment: Deployment) -> PhoneUser:
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    deployment.simulator.scan(resident.person, await deployment.link("V06"))
    await resident.reads("在听")
    return resident


async def with_a_draft(deployment: Deployment) -> tuple[PhoneUser, SeenMessage]:
    """Return somebody who has written one line, and its preview."""
    resident = await at_home(deployment)
    resident.say(SHORT[0])
    return resident, await resident.previews(SHORT[0])


def previews(resident: PhoneUser) -> list[SeenMessage]:
    return [one for one in resident.simulator.messages(resident.chat) if data_of(one, "1.r.discard")]


def edits(simulator: Simulator, resident: PhoneUser) -> int:
    return len(simulator.calls("editMessageText", chat_id=resident.chat))


async def test_six_short_lines_draw_one_preview(deployment: Deployment) -> None:
    resident = await at_home(deployment)
    for number, line in enumerate(SHORT, start=1):
        resident.say(line)
        await resident.previews(f"文字 {number} 条")
    [shown] = previews(resident)
    assert all(line in shown.text for line in SHORT)
    assert len(deployment.simulator.calls("sendMessage", chat_id=resident.chat)) == 2  # the greeting, and the preview
    assert edits(deployment.simulator, resident) == 5


async def test_lines_that_come_while_a_preview_is_on_its_way_are_shown_together(deployment: Deployment) -> None:
    resident, _ = await with_a_draft(deployment)
    held = deployment.simulator.hold("editMessageText", chat_id=resident.chat)
    for line in SHORT[1:]:
        resident.say(line)
    await deployment.simulator.wait_taken()
    await deployment.simulator.wait_until(lambda: held.waiting or None)
    deployment.simulator.release(held)
    await resident.previews("文字 6 条")
    await deployment.settled()
    assert len(previews(resident)) == 1
    assert edits(deployment.simulator, resident) == 2


async def test_lines_that_come_before_the_first_preview_is_there_draw_one_all_the_same(deployment: Deployment) -> None:
    resident = await at_home(deployment)
    held = deployment.simulator.hold("sendMessage", chat_id=resident.chat)
    for line in SHORT:
        resident.say(line)
    await deployment.simulator.wait_taken()
    await deployment.simulator.wait_until(lambda: held.waiting or None)
    deployment.simulator.release(held)
    await resident.previews("文字 6 条")
    await deployment.settled()
    assert len(previews(resident)) == 1


async def test_an_album_draws_one_preview_that_counts_all_of_it(deployment: Deployment) -> None:
    resident = await at_home(deployment)
    deployment.simulator.send_album(resident.person, ["1-bridge", "2-streetlamp", "3-riverside"], caption="三张")
    await resident.previews("录音等 3 份")
    await deployment.settled()
    assert len(previews(resident)) == 1
    assert len(deployment.simulator.calls("sendMessage", chat_id=resident.chat)) == 2


async def test_a_preview_that_was_pushed_far_up_is_brought_down_and_does_not_stand_twice(
    deployment: Deployment,
) -> None:
    resident = await at_home(deployment)
    resident.say("开头")
    first = await resident.previews("开头")
    said = resident.say("村里的事说来话长" * 40)
    second = await resident.sees(lambda one: "文字 2 条" in one.text, after=said)
    await deployment.settled()
    assert [one.message_id for one in previews(resident)] == [second.message_id]
    assert second.message_id > first.message_id
    resident.say("/help")
    helped = await resident.reads("怎么用")
    await resident.can_press("1.r.send", after=helped.message_id)
    await deployment.settled()
    assert len(previews(resident)) == 1


async def test_a_preview_that_was_cleared_away_is_said_anew(deployment: Deployment) -> None:
    resident = await at_home(deployment)
    resident.say("开头")
    await resident.previews("开头")
    resident.say("/clear")
    await resident.press("1.r.clear_now")
    await resident.reads("清空了")
    resident.say("接着说")
    await resident.previews("文字 2 条")
    assert len(previews(resident)) == 1


async def test_the_receipt_stands_where_the_preview_stood_or_below_all_lines(deployment: Deployment) -> None:
    resident, shown = await with_a_draft(deployment)
    await resident.press("1.r.send")
    first = await resident.sees(lambda one: receipt_in(one) is not None)
    assert first.message_id == shown.message_id
    deployment.simulator.scan(resident.person, await deployment.link("V06"))
    await resident.reads("在听", after=first.message_id)
    for line in SHORT:
        last = resident.say(line)
    await resident.previews("文字 6 条")
    await resident.press("1.r.send")
    second = await resident.sees(lambda one: receipt_in(one) is not None, after=last)
    await deployment.settled()
    assert previews(resident) == []
    assert receipt_in(first) != receipt_in(second)
    kept = [one for one in deployment.simulator.messages(resident.chat) if receipt_in(one)]
    assert [one.message_id for one in kept] == [first.message_id, second.message_id]


async def test_calling_off_the_end_of_a_draft_leaves_one_preview(deployment: Deployment) -> None:
    resident, _ = await with_a_draft(deployment)
    resident.say("/cancel")
    await resident.press("1.r.keep")
    await deployment.settled()
    [shown] = previews(resident)
    assert shown.message_id == deployment.simulator.last(resident.chat).message_id


async def test_whoever_wants_to_be_forgotten_sees_no_preview_any_more(deployment: Deployment) -> None:
    resident, _ = await with_a_draft(deployment)
    resident.say("/forget")
    await resident.reads("这里一点不留")
    await deployment.settled()
    assert previews(resident) == []


async def test_a_draft_that_is_deleted_by_a_question_of_its_own_leaves_no_preview(deployment: Deployment) -> None:
    resident, _ = await with_a_draft(deployment)
    resident.say("/cancel")
    await resident.press("1.r.discard_yes")
    await resident.reads("删掉了")
    await deployment.settled()
    assert previews(resident) == []


async def test_one_that_is_deleted_from_its_preview_says_so_in_its_place(deployment: Deployment) -> None:
    resident, shown = await with_a_draft(deployment)
    await resident.press("1.r.discard")
    await resident.press("1.r.discard_yes")
    assert (await resident.reads("删掉了")).message_id == shown.message_id
    await deployment.settled()
    assert shown.message_id in [one.message_id for one in deployment.simulator.messages(resident.chat)]


async def test_what_waited_to_be_added_and_was_left_has_no_preview_any_more(deployment: Deployment) -> None:
    resident, _ = await with_a_draft(deployment)
    await resident.press("1.r.send")
    receipt = await resident.sees(lambda one: receipt_in(one) is not None)
    resident.say("还有水渠")
    await resident.can_press("1.r.put_in", after=receipt.message_id)
    resident.say("/cancel")
    await resident.reads("没加进去")
    await deployment.settled()
    shown = deployment.simulator.messages(resident.chat)
    assert not any(data_of(one, "1.r.put_in") for one in shown)
