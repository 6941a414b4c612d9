"""The bot library that the product uses reads everything that the simulator says."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from simulator.media import sample
from simulator.server import Simulator

from .conftest import TOKEN


@pytest.fixture
async def library(simulator: Simulator) -> AsyncIterator[Bot]:
    bot = Bot(TOKEN, base_url=f"{simulator.base_url}/bot", base_file_url=f"{simulator.base_url}/file/bot")
    async with bot:
        yield bot


async def test_every_kind_of_update_is_understood(library: Bot, simulator: Simulator, resident: int) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="x")]])
    await library.send_message(resident, "?", reply_markup=keyboard)
    group = simulator.add_group("组", [resident])
    simulator.add_bot(group, admin=True, start="xyz")
    simulator.send_album(resident, ["1-bridge", "2-streetlamp"], caption="两张")
    simulator.send_document(resident, b"%PDF", "账.pdf")
    simulator.send_voice(resident, b"x")
    simulator.send_voice(resident, b"x", kind="video")
    simulator.send_sticker(resident)
    simulator.send_poll(resident, "?", ["a", "b"])
    simulator.send_location(resident, 26.5, 107.1)
    simulator.send_contact(resident, "13800000000", "李")
    simulator.press(resident, "a")
    simulator.edit_text(resident, simulator.send_text(resident, "q"), "w")
    simulator.block(resident)
    simulator.unblock(resident)
    simulator.kick_bot(group)
    simulator.add_bot(group)
    simulator.migrate(group)
    updates = await library.get_updates()
    assert len(updates) == len(simulator.pending)
    assert not any(update.api_kwargs for update in updates)
    assert updates[-1].message is not None
    assert updates[-1].message.migrate_from_chat_id == group


async def test_what_the_bot_sends_comes_back_as_messages(library: Bot, simulator: Simulator, resident: int) -> None:
    picture = sample("1-bridge")
    photo = await library.send_photo(resident, picture, caption="<i>桥</i>", parse_mode="HTML")
    fetched = await library.get_file(photo.photo[-1].file_id)
    assert bytes(await fetched.download_as_bytearray()) == picture
    album = await library.send_media_group(
        resident, [InputMediaPhoto(picture), InputMediaPhoto(photo.photo[-1].file_id, caption="二")]
    )
    assert album[0].media_group_id == album[1].media_group_id
    document = await library.send_document(resident, b"%PDF", filename="整改清单.pdf")
    assert document.document is not None
    assert document.document.file_name == "整改清单.pdf"
    chat = await library.get_chat(resident)
    assert chat.first_name == "王大娘"
    assert (await library.get_chat_member(resident, resident)).status == "member"


async def test_refusals_become_the_librarys_errors(library: Bot, simulator: Simulator, resident: int) -> None:
    group = simulator.add_group("组", [resident])
    simulator.add_bot(group)
    new = simulator.migrate(group)
    with pytest.raises(ChatMigrated) as migrated:
        await library.send_message(group, "a")
    assert migrated.value.new_chat_id == new
    simulator.fail("sendMessage", retry_after=3)
    with pytest.raises(RetryAfter):
        await library.send_message(resident, "a")
    with pytest.raises(BadRequest, match="Chat not found"):
        await library.send_message(1, "a")
    simulator.block(resident)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await library.send_message(resident, "a")
