"""What the phones saw, kept for those who must prove what nobody saw."""

import pytest

from simulator import changes
from simulator.errors import ControlError
from simulator.media import sample
from simulator.server import Simulator

from .conftest import Client


async def test_everything_that_reached_a_phone_is_kept(bot: Client, simulator: Simulator, resident: int) -> None:
    member = simulator.add_person("赵敏")
    group = simulator.add_group("组", [member])
    simulator.add_bot(group)
    card = await bot("sendMessage", chat_id=group, text="卡片一")
    await bot("editMessageText", chat_id=group, message_id=card["message_id"], text="卡片二")
    await bot("deleteMessage", chat_id=group, message_id=card["message_id"])
    simulator.open_bot(member)
    await bot.upload("sendPhoto", {"photo": ("a.jpg", sample("1-bridge"))}, chat_id=member)
    await bot("sendMessage", chat_id=resident, text="只给居民")
    received = simulator.received(member)
    everything = b"\n".join(one.data for one in received)
    assert "卡片一".encode() in everything
    assert "卡片二".encode() in everything
    assert sample("1-bridge") in everything
    assert "只给居民".encode() not in everything
    assert {one.chat_id for one in received} == {member, group}
    assert [one.what for one in simulator.received(group) if one.from_bot] == ["message", "edit"]


async def test_the_answer_to_a_press_reaches_only_who_pressed(bot: Client, simulator: Simulator, resident: int) -> None:
    other = simulator.add_person("李四")
    group = simulator.add_group("组", [resident, other])
    simulator.add_bot(group)
    keyboard = {"inline_keyboard": [[{"text": "认领", "callback_data": "claim"}]]}
    await bot("sendMessage", chat_id=group, text="卡片", reply_markup=keyboard)
    query_id = simulator.press(resident, "认领", chat_id=group)
    await bot("answerCallbackQuery", callback_query_id=query_id, text="已认领")
    assert [one.text for one in simulator.answers(resident)] == ["已认领"]
    assert simulator.answers(other) == []
    assert [one for one in simulator.received(resident) if one.what == "answer"]
    assert not [one for one in simulator.received(other) if one.what == "answer"]


async def test_a_button_that_was_edited_away_can_still_be_pressed_on_an_old_phone(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "旧", "callback_data": "old"}]]}
    sent = await bot("sendMessage", chat_id=resident, text="a", reply_markup=keyboard)
    await bot("editMessageText", chat_id=resident, message_id=sent["message_id"], text="b")
    with pytest.raises(ControlError, match="No button “旧”"):
        simulator.press(resident, "旧")
    simulator.press(resident, "旧", old=True)
    simulator.press_data(resident, sent["message_id"], "forged")
    presses = [one["callback_query"]["data"] for one in await bot("getUpdates")]
    assert presses == ["old", "forged"]


async def test_who_is_not_in_a_group_cannot_act_there(simulator: Simulator, resident: int) -> None:
    owner = simulator.add_person("赵敏")
    group = simulator.add_group("组", [owner])
    with pytest.raises(ControlError, match="is not in chat"):
        simulator.send_text(resident, "我来看看", chat_id=group)


async def test_the_controls_tell_who_has_a_phone(bot: Client, simulator: Simulator, resident: int) -> None:
    neighbour = simulator.add_person("李", last_name="四")
    people = [{"id": resident, "name": "王大娘"}, {"id": neighbour, "name": "李 四"}]
    assert await bot.control("GET", "people") == (200, people)


async def test_waiting_tells_what_the_chat_showed_instead(
    simulator: Simulator, resident: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "WAIT_LIMIT_SECONDS", 0)
    with pytest.raises(TimeoutError, match="王大娘: '/start'"):
        await simulator.wait_for_text(resident, "从不出现")


async def test_a_reset_forgets_people_and_goes_on_counting_updates(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    simulator.send_text(resident, "你好")
    [before] = await bot("getUpdates")
    simulator.reset()
    person = simulator.add_person("新人")
    simulator.open_bot(person)
    [after] = await bot("getUpdates")
    assert after["update_id"] == before["update_id"] + 1
    assert len(simulator.messages(person)) == 1


async def test_a_wait_ends_when_the_bot_has_nothing_left_to_do(
    simulator: Simulator, resident: int, bot: Client
) -> None:
    async def says_one_thing() -> None:
        await bot("sendMessage", chat_id=resident, text="第一句")

    simulator.at_rest = says_one_thing
    await simulator.wait_for_text(resident, "第一句")
    with pytest.raises(TimeoutError, match="第一句"):
        await simulator.wait_for_text(resident, "第二句")


async def test_the_bot_may_write_to_who_has_opened_it_before(simulator: Simulator, bot: Client) -> None:
    known, stranger = simulator.add_person("熟人", started=True), simulator.add_person("生人")
    assert (await bot("sendMessage", chat_id=known, text="您好"))["text"] == "您好"
    assert await bot.refusal("sendMessage", chat_id=stranger, text="您好") == "400 Bad Request: chat not found"
    assert simulator.pending == []
