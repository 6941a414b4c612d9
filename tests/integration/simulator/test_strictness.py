"""Each rule of Telegram that a bot can break, and what the server says then."""

import asyncio

import aiohttp
import pytest

from simulator.errors import ControlError
from simulator.files import DOWNLOAD_LIMIT
from simulator.media import sample
from simulator.server import Simulator

from .conftest import TOKEN, Client, Refusal

# Text


@pytest.mark.parametrize("text", ["", "  \n ", "<b> </b>"])
async def test_an_empty_text_is_refused(bot: Client, resident: int, text: str) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=resident, text=text, parse_mode="HTML")
    assert refusal == "400 Bad Request: message text is empty"


async def test_a_text_has_at_most_4096_utf16_units_after_parsing(bot: Client, resident: int) -> None:
    await bot("sendMessage", chat_id=resident, text=f"<b>{'😀' * 2048}</b>", parse_mode="HTML")
    refusal = await bot.refusal("sendMessage", chat_id=resident, text="😀" * 2048 + "a")
    assert refusal == "400 Bad Request: message is too long"


async def test_a_caption_has_at_most_1024_characters(bot: Client, resident: int) -> None:
    picture = {"photo": ("a.jpg", sample("1-bridge"))}
    await bot.upload("sendPhoto", picture, chat_id=resident, caption="中" * 1024)
    with pytest.raises(Refusal) as caught:
        await bot.upload("sendPhoto", picture, chat_id=resident, caption="中" * 1025)
    assert caught.value.description == "Bad Request: message caption is too long"


async def test_broken_html_is_refused(bot: Client, resident: int) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=resident, text="1 < 2", parse_mode="HTML")
    assert refusal == '400 Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2'


async def test_an_unknown_parse_mode_is_refused(bot: Client, resident: int) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=resident, text="a", parse_mode="BBCode")
    assert refusal == "400 Bad Request: unsupported parse_mode"


async def test_the_message_to_be_replied_must_be_there(bot: Client, resident: int) -> None:
    refusal = await bot.refusal("sendMessage", chat_id=resident, text="a", reply_parameters={"message_id": 99})
    assert refusal == "400 Bad Request: message to be replied not found"
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    assert await bot("sendMessage", chat_id=resident, text="a", reply_parameters=lenient)


# Chats


async def test_an_unknown_chat_is_not_found(bot: Client) -> None:
    assert await bot.refusal("sendMessage", chat_id=1, text="a") == "400 Bad Request: chat not found"
    assert await bot.refusal("sendMessage", text="a") == "400 Bad Request: chat_id is empty"


async def test_a_bot_cannot_write_to_a_person_who_never_wrote(bot: Client, simulator: Simulator) -> None:
    stranger = simulator.add_person("生人")
    assert await bot.refusal("sendMessage", chat_id=stranger, text="a") == "400 Bad Request: chat not found"
    group = simulator.add_group("组", [stranger])
    simulator.add_bot(group)
    refusal = await bot.refusal("sendMessage", chat_id=stranger, text="a")
    assert refusal == "403 Forbidden: bot can't initiate conversation with a user"


async def test_a_person_who_blocked_the_bot_gets_nothing(bot: Client, simulator: Simulator, resident: int) -> None:
    simulator.block(resident)
    refusal = await bot.refusal("sendMessage", chat_id=resident, text="a")
    assert refusal == "403 Forbidden: bot was blocked by the user"
    with pytest.raises(ControlError, match="has blocked the bot"):
        simulator.send_text(resident, "你好")
    simulator.scan(resident, "again")
    assert await bot("sendMessage", chat_id=resident, text="a")
    members = [one["my_chat_member"] for one in await bot("getUpdates") if "my_chat_member" in one]
    assert [one["new_chat_member"]["status"] for one in members] == ["kicked", "member"]


async def test_a_deleted_account_gets_nothing(bot: Client, simulator: Simulator, resident: int) -> None:
    simulator.deactivate(resident)
    refusal = await bot.refusal("sendMessage", chat_id=resident, text="a")
    assert refusal == "403 Forbidden: user is deactivated"


@pytest.mark.parametrize(("supergroup", "kind"), [(False, "group"), (True, "supergroup")])
async def test_a_kicked_bot_cannot_write(
    bot: Client, simulator: Simulator, resident: int, supergroup: bool, kind: str
) -> None:
    group = simulator.add_group("组", [resident], supergroup=supergroup)
    refusal = await bot.refusal("sendMessage", chat_id=group, text="a")
    assert refusal == f"403 Forbidden: bot is not a member of the {kind} chat"
    simulator.add_bot(group)
    assert await bot("sendMessage", chat_id=group, text="a")
    simulator.kick_bot(group)
    refusal = await bot.refusal("sendMessage", chat_id=group, text="a")
    assert refusal == f"403 Forbidden: bot was kicked from the {kind} chat"


async def test_an_upgraded_group_names_its_new_id(bot: Client, simulator: Simulator, resident: int) -> None:
    group = simulator.add_group("组", [resident])
    simulator.add_bot(group)
    new = simulator.migrate(group)
    with pytest.raises(Refusal) as caught:
        await bot("sendMessage", chat_id=group, text="a")
    assert caught.value.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert caught.value.parameters == {"migrate_to_chat_id": new}
    assert await bot("sendMessage", chat_id=new, text="a")
    told = [one["message"] for one in await bot("getUpdates") if "message" in one][-2:]
    assert (told[0]["chat"]["id"], told[0]["migrate_to_chat_id"]) == (group, new)
    assert (told[1]["chat"]["id"], told[1]["migrate_from_chat_id"]) == (new, group)


async def test_in_groups_a_bot_hears_only_what_is_meant_for_it(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    group = simulator.add_group("组", [resident])
    simulator.add_bot(group)
    card = await bot("sendMessage", chat_id=group, text="卡片")
    simulator.drop_pending()
    simulator.send_text(resident, "闲聊", chat_id=group)
    simulator.send_text(resident, "/queue@other_bot", chat_id=group)
    simulator.send_text(resident, "/queue", chat_id=group)
    simulator.send_text(resident, "回复", chat_id=group, reply_to=card["message_id"])
    simulator.send_text(resident, "@xunsheng_bot 在吗", chat_id=group)
    heard = [one["message"]["text"] for one in await bot("getUpdates", offset=0)]
    assert heard == ["/queue", "回复", "@xunsheng_bot 在吗"]
    simulator.set_bot_status(group, "administrator")
    simulator.send_text(resident, "管理员听得见", chat_id=group)
    assert (await bot("getUpdates"))[-1]["message"]["text"] == "管理员听得见"


# Editing and deleting


async def test_an_edit_that_changes_nothing_is_refused(bot: Client, resident: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}
    sent = await bot("sendMessage", chat_id=resident, text="a", reply_markup=keyboard)
    place = {"chat_id": resident, "message_id": sent["message_id"]}
    same = (
        "400 Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    )
    assert await bot.refusal("editMessageText", **place, text=" a", reply_markup=keyboard) == same
    assert await bot.refusal("editMessageReplyMarkup", **place, reply_markup=keyboard) == same
    edited = await bot("editMessageText", **place, text="a")
    assert "reply_markup" not in edited
    assert await bot.refusal("editMessageText", **place, text="a") == same


async def test_only_the_bots_own_messages_can_be_edited(bot: Client, simulator: Simulator, resident: int) -> None:
    theirs = simulator.send_text(resident, "我的话")
    refusal = await bot.refusal("editMessageText", chat_id=resident, message_id=theirs, text="改")
    assert refusal == "400 Bad Request: message can't be edited"
    refusal = await bot.refusal("editMessageText", chat_id=resident, message_id=99, text="改")
    assert refusal == "400 Bad Request: message to edit not found"


async def test_a_bot_changes_its_own_message_however_old(bot: Client, simulator: Simulator, resident: int) -> None:
    """The 48 hours are for deleting, and for what others have sent."""
    sent = await bot("sendMessage", chat_id=resident, text="a")
    simulator.advance(100 * 24 * 3600)
    await bot("editMessageText", chat_id=resident, message_id=sent["message_id"], text="b")
    assert simulator.last(resident).text == "b"


async def test_a_photo_has_a_caption_and_no_text(bot: Client, resident: int) -> None:
    photo = await bot.upload("sendPhoto", {"photo": ("a.jpg", sample("1-bridge"))}, chat_id=resident)
    text = await bot("sendMessage", chat_id=resident, text="a")
    refusal = await bot.refusal("editMessageText", chat_id=resident, message_id=photo["message_id"], text="b")
    assert refusal == "400 Bad Request: there is no text in the message to edit"
    refusal = await bot.refusal("editMessageCaption", chat_id=resident, message_id=text["message_id"], caption="b")
    assert refusal == "400 Bad Request: there is no caption in the message to edit"
    edited = await bot("editMessageCaption", chat_id=resident, message_id=photo["message_id"], caption="b")
    assert edited["caption"] == "b"


async def test_a_message_can_be_deleted_for_48_hours(bot: Client, simulator: Simulator, resident: int) -> None:
    early = await bot("sendMessage", chat_id=resident, text="a")
    theirs = simulator.send_text(resident, "我的话")
    late = await bot("sendMessage", chat_id=resident, text="b")
    simulator.advance(48 * 3600)
    for message_id in (early["message_id"], theirs):
        assert await bot("deleteMessage", chat_id=resident, message_id=message_id) is True
    assert [one.text for one in simulator.messages(resident)] == ["/start", "b"]
    simulator.advance(1)
    refusal = await bot.refusal("deleteMessage", chat_id=resident, message_id=late["message_id"])
    assert refusal == "400 Bad Request: message can't be deleted for everyone"
    refusal = await bot.refusal("deleteMessage", chat_id=resident, message_id=early["message_id"])
    assert refusal == "400 Bad Request: message to delete not found"


async def test_deleting_many_skips_those_that_are_gone(bot: Client, simulator: Simulator, resident: int) -> None:
    sent = [(await bot("sendMessage", chat_id=resident, text=text))["message_id"] for text in "ab"]
    assert await bot("deleteMessages", chat_id=resident, message_ids=[*sent, 99]) is True
    assert [one.text for one in simulator.messages(resident)] == ["/start"]
    refusal = await bot.refusal("deleteMessages", chat_id=resident, message_ids=list(range(101)))
    assert refusal == "400 Bad Request: too many message identifiers specified"


async def test_in_a_group_a_bot_deletes_others_messages_only_as_admin(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    group = simulator.add_group("组", [resident])
    simulator.add_bot(group)
    theirs = simulator.send_text(resident, "话", chat_id=group)
    refusal = await bot.refusal("deleteMessage", chat_id=group, message_id=theirs)
    assert refusal == "400 Bad Request: message can't be deleted"
    simulator.set_bot_status(group, "administrator")
    assert await bot("deleteMessage", chat_id=group, message_id=theirs)


# Files


async def test_an_uploaded_photo_can_be_sent_again_and_fetched(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    picture = sample("1-bridge")
    sent = await bot.upload("sendPhoto", {"photo": ("a.jpg", picture)}, chat_id=resident)
    small, large = sent["photo"]
    assert (small["width"], large["width"], large["height"]) == (90, 1024, 768)
    again = await bot("sendPhoto", chat_id=resident, photo=large["file_id"])
    assert again["photo"][-1]["file_unique_id"] == large["file_unique_id"]
    assert simulator.last(resident).files == (picture,)
    found = await bot("getFile", file_id=large["file_id"])
    url = f"{simulator.base_url}/file/bot{TOKEN}/{found['file_path']}"
    async with bot.session.get(url) as response:
        assert await response.read() == picture
    simulator.advance(3601)
    async with bot.session.get(url) as response:
        assert response.status == 404


async def test_a_file_over_20_mb_cannot_be_fetched(bot: Client, simulator: Simulator, resident: int) -> None:
    simulator.send_document(resident, bytes(DOWNLOAD_LIMIT + 1), "大.bin")
    document = (await bot("getUpdates"))[-1]["message"]["document"]
    assert document["file_size"] == DOWNLOAD_LIMIT + 1
    refusal = await bot.refusal("getFile", file_id=document["file_id"])
    assert refusal == "400 Bad Request: file is too big"


async def test_a_document_is_not_a_photo(bot: Client, resident: int) -> None:
    sent = await bot.upload("sendDocument", {"document": ("a.jpg", sample("1-bridge"))}, chat_id=resident)
    assert sent["document"]["file_name"] == "a.jpg"
    refusal = await bot.refusal("sendPhoto", chat_id=resident, photo=sent["document"]["file_id"])
    assert refusal == "400 Bad Request: can't use file of type Document as Photo"
    refusal = await bot.refusal("sendPhoto", chat_id=resident, photo="nonsense")
    assert refusal == "400 Bad Request: wrong file identifier/HTTP URL specified"
    assert await bot.refusal("sendPhoto", chat_id=resident) == ("400 Bad Request: there is no photo in the request")


async def test_an_album_of_a_person_arrives_as_several_updates(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    simulator.send_album(resident, ["1-bridge", "2-streetlamp"], caption="两张")
    first, second = [one["message"] for one in await bot("getUpdates")]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("两张", False)


async def test_an_album_of_the_bot_holds_up_to_ten_of_a_kind(bot: Client, resident: int) -> None:
    files = {"one": ("1.jpg", sample("1-bridge")), "two": ("2.jpg", sample("2-streetlamp"))}
    media = '[{"type":"photo","media":"attach://one"},{"type":"photo","media":"attach://two"}]'
    sent = await bot.upload("sendMediaGroup", files, chat_id=resident, media=media)
    assert len({one["media_group_id"] for one in sent}) == 1
    mixed = media.replace("photo", "document", 1)
    with pytest.raises(Refusal) as caught:
        await bot.upload("sendMediaGroup", files, chat_id=resident, media=mixed)
    assert caught.value.description == "Bad Request: document can't be mixed with other media types"
    many = [{"type": "photo", "media": "x"}] * 11
    assert await bot.refusal("sendMediaGroup", chat_id=resident, media=many) == (
        "400 Bad Request: too many messages to send as an album"
    )


# Limits, faults, conflicts


async def test_limits_are_kept_when_they_are_switched_on(bot: Client, simulator: Simulator, resident: int) -> None:
    for _ in range(5):
        await bot("sendMessage", chat_id=resident, text="a")
    simulator.settings.limits = True
    for _ in range(3):
        await bot("sendMessage", chat_id=resident, text="a")
    with pytest.raises(Refusal) as caught:
        await bot("sendMessage", chat_id=resident, text="a")
    assert (caught.value.code, caught.value.parameters) == (429, {"retry_after": 1})
    simulator.advance(1)
    assert await bot("sendMessage", chat_id=resident, text="a")


async def test_calls_fail_as_often_as_asked(bot: Client, simulator: Simulator, resident: int) -> None:
    simulator.fail("sendMessage", retry_after=7)
    simulator.fail("sendMessage", status=502)
    simulator.fail("sendMessage", chat_id=1)
    with pytest.raises(Refusal) as caught:
        await bot("sendMessage", chat_id=resident, text="a")
    assert (caught.value.code, caught.value.parameters) == (429, {"retry_after": 7})
    assert await bot.refusal("sendMessage", chat_id=resident, text="a") == "502 Bad Gateway"
    assert await bot("sendMessage", chat_id=resident, text="a")
    assert [call.status for call in simulator.calls("sendMessage")] == [429, 502, 200]


async def test_a_call_that_a_gateway_answers_is_logged_with_the_gateways_status(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    page = "<html>桥断了</html>"
    simulator.fail("sendMessage", kind="answer", status=502, body=page)
    url = f"{simulator.base_url}/bot{TOKEN}/sendMessage"
    async with bot.session.post(url, json={"chat_id": resident, "text": "a"}) as response:
        assert (response.status, await response.text()) == (502, page)
    assert [call.status for call in simulator.calls("sendMessage")] == [502]


async def test_a_connection_can_break_before_or_after_the_action(
    bot: Client, simulator: Simulator, resident: int
) -> None:
    simulator.fail("sendMessage", kind="drop")
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot("sendMessage", chat_id=resident, text="丢了")
    simulator.fail("sendMessage", kind="drop_after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot("sendMessage", chat_id=resident, text="到了")
    assert [one.text for one in simulator.messages(resident)] == ["/start", "到了"]


async def test_a_held_call_goes_on_when_it_is_released(bot: Client, simulator: Simulator, resident: int) -> None:
    hold = simulator.hold("sendMessage")
    sending = asyncio.create_task(bot("sendMessage", chat_id=resident, text="a"))
    await simulator.wait_until(lambda: hold.waiting)
    assert [one.text for one in simulator.messages(resident)] == ["/start"]
    simulator.release(hold)
    assert (await sending)["text"] == "a"


async def test_a_broken_update_spoils_the_whole_answer(bot: Client, simulator: Simulator, resident: int) -> None:
    simulator.inject("{not json")
    url = f"{simulator.base_url}/bot{TOKEN}/getUpdates"
    async with bot.session.get(url) as response:
        assert await response.text() == '{"ok":true,"result":[{not json]}'


async def test_commands_are_checked(bot: Client) -> None:
    assert await bot("setMyCommands", commands=[{"command": "queue", "description": "看队列"}])
    refusal = await bot.refusal("setMyCommands", commands=[{"command": "Queue", "description": "a"}])
    assert refusal == "400 Bad Request: BOT_COMMAND_INVALID"


async def test_a_form_says_the_same_as_json(bot: Client, simulator: Simulator, resident: int) -> None:
    form = {"chat_id": str(resident), "text": "<i>a</i>", "parse_mode": "HTML", "reply_markup": ""}
    async with bot.session.post(f"{simulator.base_url}/bot{TOKEN}/sendmessage", data=form) as response:
        assert (await response.json())["result"]["entities"] == [{"type": "italic", "offset": 0, "length": 1}]
