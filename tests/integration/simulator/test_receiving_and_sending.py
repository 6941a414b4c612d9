"""What a bot gets and sends, over HTTP."""

import asyncio
from datetime import datetime

import pytest

from simulator.errors import ControlError
from simulator.server import Simulator

from .conftest import START, Client


async def test_the_bot_learns_who_it_is(bot: Client) -> None:
    me = await bot("getMe")
    assert me["id"] == 7000000001
    assert me["is_bot"] is True
    assert me["username"] == "xunsheng_bot"


async def test_a_wrong_token_is_unauthorized(bot: Client, simulator: Simulator) -> None:
    simulator.token = "7000000001:another"
    right, simulator.token = simulator.token, "7000000001:simulated"
    async with bot.session.post(f"{simulator.base_url}/bot{right}/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(bot: Client) -> None:
    assert await bot.refusal("sendPigeon") == "404 Not Found"


async def test_a_scan_reaches_the_bot_as_a_start_command(bot: Client, simulator: Simulator) -> None:
    person = simulator.add_person("李四", language_code="zh-hant")
    simulator.scan(person, "https://t.me/xunsheng_bot?start=abc-DEF_1")
    [update] = await bot("getUpdates")
    message = update["message"]
    assert message["text"] == "/start abc-DEF_1"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["chat"] == {"id": person, "type": "private", "first_name": "李四"}
    assert message["from"]["language_code"] == "zh-hant"
    assert message["date"] == int(START.timestamp())


@pytest.mark.parametrize("payload", ["a" * 65, "a.b", "中", "a\n", "a=b"])
async def test_a_phone_does_not_send_a_start_payload_that_telegram_forbids(simulator: Simulator, payload: str) -> None:
    person = simulator.add_person("李四")
    with pytest.raises(ControlError, match="1 to 64 characters"):
        simulator.scan(person, payload)


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    simulator.send_text(resident, "路灯坏了")
    [first] = await bot("getUpdates")
    assert await bot("getUpdates", offset=first["update_id"]) == [first]
    assert await bot("getUpdates", offset=first["update_id"] + 1) == []
    assert await bot("getUpdates") == []


async def test_a_negative_offset_keeps_only_the_last_updates(bot: Client, simulator: Simulator, resident: int) -> None:
    for text in "一二三":
        simulator.send_text(resident, text)
    assert [one["message"]["text"] for one in await bot("getUpdates", offset=-1)] == ["三"]
    assert [one["message"]["text"] for one in await bot("getUpdates")] == ["三"]


async def test_long_polling_answers_as_soon_as_something_comes(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    waiting = asyncio.create_task(bot("getUpdates", timeout=30))
    await simulator.wait_until(lambda: simulator.calls("getUpdates"))
    simulator.send_text(resident, "你好")
    assert [one["message"]["text"] for one in await waiting] == ["你好"]


async def test_a_second_poller_ends_the_first_with_a_conflict(bot: Client, simulator: Simulator) -> None:
    first = asyncio.create_task(bot.refusal("getUpdates", timeout=30))
    await simulator.wait_until(lambda: simulator.calls("getUpdates"))
    assert await bot("getUpdates") == []
    assert await first == (
        "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


async def test_allowed_updates_stay_until_others_are_named(bot: Client, simulator: Simulator, resident: int) -> None:
    await bot("getUpdates", allowed_updates=["callback_query"])
    simulator.send_text(resident, "没人听见")
    assert await bot("getUpdates") == []
    await bot("getUpdates", allowed_updates=[])
    simulator.send_text(resident, "听见了")
    assert len(await bot("getUpdates")) == 1


async def test_a_sent_message_appears_on_the_phone(bot: Client, simulator: Simulator, resident: int) -> None:
    sent = await bot(
        "sendMessage",
        chat_id=resident,
        text="<b>收到</b>了",
        parse_mode="HTML",
        protect_content=True,
        reply_markup={"inline_keyboard": [[{"text": "发送", "callback_data": "send"}]]},
    )
    assert sent["text"] == "收到了"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert sent["from"]["is_bot"] is True
    assert sent["has_protected_content"] is True
    seen = simulator.last(resident)
    assert (seen.text, seen.button_texts, seen.protected) == ("收到了", ["发送"], True)


async def test_a_press_is_answered_once_on_the_phone(bot: Client, simulator: Simulator, resident: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "发送", "callback_data": "send"}]]}
    sent = await bot("sendMessage", chat_id=resident, text="好吗", reply_markup=keyboard)
    query_id = simulator.press(resident, "发送")
    [update] = await bot("getUpdates")
    query = update["callback_query"]
    assert (query["id"], query["data"]) == (query_id, "send")
    assert query["message"]["message_id"] == sent["message_id"]
    assert await bot("answerCallbackQuery", callback_query_id=query_id, text="已发送", show_alert=True)
    assert await bot("answerCallbackQuery", callback_query_id=query_id, text="又一次")
    press = await simulator.wait_for_answer(query_id)
    assert (press.text, press.show_alert) == ("已发送", True)


async def test_a_press_can_be_answered_for_15_seconds(bot: Client, simulator: Simulator, resident: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "发送", "callback_data": "send"}]]}
    await bot("sendMessage", chat_id=resident, text="好吗", reply_markup=keyboard)
    query_id = simulator.press(resident, "send")
    simulator.advance(16)
    too_late = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query_id) == too_late
    assert await bot.refusal("answerCallbackQuery", callback_query_id="1") == too_late


async def test_the_control_api_does_what_the_object_does(bot: Client, simulator: Simulator) -> None:
    _, person = await bot.control("POST", "people", {"first_name": "赵六", "language_code": "en"})
    await bot.control("POST", "scan", {"person": person["id"], "link": "abc"})
    [update] = await bot("getUpdates")
    assert update["message"]["text"] == "/start abc"
    await bot("sendMessage", chat_id=person["id"], text="hello")
    status, seen = await bot.control("POST", "wait", {"chat": person["id"], "contains": "hell"})
    assert (status, seen["text"]) == (200, "hello")
    _, messages = await bot.control("GET", f"chats/{person['id']}/messages")
    assert [one["text"] for one in messages] == ["/start abc", "hello"]
    status, answer = await bot.control("POST", "scan", {"person": 1, "link": "abc"})
    assert (status, answer["error"]) == (422, "There is no person 1; add one first.")


async def test_the_clock_moves_forward_and_tells_its_listeners(bot: Client, simulator: Simulator) -> None:
    heard: list[datetime] = []
    simulator.on_clock_change(heard.append)
    _, answer = await bot.control("POST", "clock", {"advance": 86400})
    assert answer == {"now": "2026-03-03T01:00:00+00:00"}
    assert [moment.isoformat() for moment in heard] == ["2026-03-03T01:00:00+00:00"]
    status, _ = await bot.control("POST", "clock", {"advance": -1})
    assert status == 422
