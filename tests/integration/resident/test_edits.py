"""Corrections on a phone, and what a phone can send besides words and photos: taken, or said not to be."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from channels.telegram.address import address_of
from models.complaints import Case, Complaint
from services.cases.read_case import dialogue_of
from services.intake.conversation_store import load_conversation
from services.intake.drafts import Draft
from simulator.chat_reader import SeenMessage
from storage.folder import FolderStore
from tests.deployment import Deployment
from tests.drafts import file_opened
from tests.story import PhoneUser


def picture(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
async def resident(deployment: Deployment) -> PhoneUser:
    """Somebody who has scanned the code of a village."""
    phone = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    deployment.simulator.scan(phone.person, await deployment.link("V02"))
    await phone.sees(lambda one: bool(one.buttons))
    return phone


async def draft_of(deployment: Deployment, phone: PhoneUser) -> Draft:
    await deployment.settled()
    async with deployment.database.transaction() as session:
        draft = (await load_conversation(deployment.work(session), address_of(phone.person))).draft
    assert draft is not None
    return draft


async def colours(deployment: Deployment) -> list[str]:
    """Return the colours of the photos that are kept, of whichever complaint."""
    await deployment.settled()
    store = FolderStore(deployment.config.files.path)
    found = []
    for file_id in sorted(store.ids()):
        red, _, blue = Image.open(io.BytesIO(await file_opened(deployment, file_id))).convert("RGB").getpixel((9, 9))  # type: ignore[misc]
        found.append("red" if red > blue else "blue")
    return found


async def sent_words(deployment: Deployment, phone: PhoneUser) -> list[str]:
    """Send the draft; return what the team reads of it, one by one."""
    if (await draft_of(deployment, phone)).has_unsettled_traces:
        await phone.press("1.r.traces_stay")
    await phone.press("1.r.send")
    await phone.reads("回执码")
    async with deployment.database.transaction() as session:
        assert len(list(await session.scalars(select(Complaint)))) == 1
        case = (await session.scalars(select(Case))).one()
        return [one.text for one in await dialogue_of(deployment.work(session), case, "zh_Hans", bare=True)]


async def test_a_caption_taken_away_is_not_sent(deployment: Deployment, resident: PhoneUser) -> None:
    photo = deployment.simulator.send_photo(resident.person, picture("red"), caption="我家门口")
    await resident.previews("我家门口")
    deployment.simulator.edit_text(resident.person, photo, "")
    await resident.reads("说明文字去掉了")
    assert await sent_words(deployment, resident) == [""]
    assert await colours(deployment) == ["red"]


@pytest.mark.parametrize("caption", ["", "新拍的"])
async def test_a_photo_that_was_replaced_is_the_one_that_is_sent(
    deployment: Deployment, resident: PhoneUser, caption: str
) -> None:
    photo = deployment.simulator.send_photo(resident.person, picture("red"), caption="桥")
    await resident.previews("桥")
    deployment.simulator.edit_photo(resident.person, photo, picture("blue"), caption=caption)
    assert await sent_words(deployment, resident) == [caption]
    assert await colours(deployment) == ["blue"], "the other is deleted"


async def test_a_photo_put_under_a_text_is_sent_with_it(deployment: Deployment, resident: PhoneUser) -> None:
    text = resident.say("桥裂了")
    await resident.previews("桥裂了")
    deployment.simulator.edit_photo(resident.person, text, picture("blue"), caption="桥裂了")
    assert await sent_words(deployment, resident) == ["桥裂了"]
    assert await colours(deployment) == ["blue"]


async def test_an_edit_after_sending_changes_nothing_and_can_be_added(
    deployment: Deployment, resident: PhoneUser
) -> None:
    text = resident.say("鱼塘三十亩")
    await resident.previews("鱼塘三十亩")
    assert await sent_words(deployment, resident) == ["鱼塘三十亩"]
    deployment.simulator.edit_text(resident.person, text, "鱼塘四十亩")
    await resident.reads("已经发送的改不了")
    await resident.press("1.r.take")
    await deployment.settled()
    async with deployment.database.transaction() as session:
        case = (await session.scalars(select(Case))).one()
        said = [one.text for one in await dialogue_of(deployment.work(session), case, "zh_Hans", bare=True)]
    assert said == ["鱼塘三十亩", "鱼塘四十亩"]


async def test_the_address_behind_a_text_is_sent_with_it(deployment: Deployment, resident: PhoneUser) -> None:
    link = {"type": "text_link", "offset": 0, "length": 2, "url": "https://example.org/zhang"}
    deployment.simulator.send_content(resident.person, {"text": "账目在网上", "entities": [link]})
    assert await sent_words(deployment, resident) == ["账目 (https://example.org/zhang)在网上"]


async def test_a_link_that_names_an_account_is_marked_in_the_preview(
    deployment: Deployment, resident: PhoneUser
) -> None:
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "tg://user?id=123456789"}
    deployment.simulator.send_content(resident.person, {"text": "我都晓得", "entities": [link]})
    await resident.press("1.r.traces_out")
    assert [text for text in (await draft_of(deployment, resident)).texts if "123456789" in text] == []


WRITER = {"id": 987_654_321, "is_bot": False, "first_name": "李秀英", "username": "lixiuying_53"}
ORIGIN = {"type": "user", "date": 1_790_000_000, "sender_user": WRITER}


@pytest.mark.parametrize(
    "content",
    [
        {"text": "路断了", "forward_origin": ORIGIN},
        {"text": "路断了", "external_reply": {"origin": ORIGIN}, "quote": {"text": "明天修", "position": 0}},
        {"text": "路断了", "entities": [{"type": "text_mention", "offset": 0, "length": 1, "user": WRITER}]},
        {"text": "路断了", "entities": [{"type": "spoiler", "offset": 0, "length": 3}]},
    ],
)
async def test_words_are_taken_and_never_who_wrote_them(
    deployment: Deployment, resident: PhoneUser, content: dict[str, Any]
) -> None:
    deployment.simulator.send_content(resident.person, content)
    [said] = await sent_words(deployment, resident)
    assert said.endswith("路断了")
    assert not any(name in said for name in ("李秀英", "lixiuying", "987654321"))


POLL = {
    "id": "1", "question": "路修不修?", "options": [], "total_voter_count": 0, "is_closed": False,
    "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False,
    "members_only": False,
}  # fmt: skip
STORY = {"chat": {"id": 5, "type": "private", "first_name": "A"}, "id": 1}


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"dice": {"emoji": "🎲", "value": 3}}, "收不了"),
        ({"story": STORY}, "收不了"),
        ({"poll": POLL}, "投票"),
        ({"contact": {"phone_number": "13800138000", "first_name": "李"}}, "名片"),
        ({"location": {"latitude": 25.0, "longitude": 102.0}}, "位置"),
        ({"location": {"latitude": 25.0, "longitude": 102.0, "live_period": 900}}, "实时位置"),
        ({"paid_media": {"star_count": 1, "paid_media": []}}, "收不了"),
    ],
)
async def test_whatever_else_a_phone_can_send_is_answered(
    deployment: Deployment, resident: PhoneUser, content: dict[str, Any], answer: str
) -> None:
    before = resident.last_id
    deployment.simulator.send_content(resident.person, content)
    await resident.reads(answer, after=before)
    assert (await draft_of(deployment, resident)).pieces == ()


async def test_a_live_location_moves_without_a_word(deployment: Deployment, resident: PhoneUser) -> None:
    there = {"latitude": 25.0, "longitude": 102.0, "live_period": 900}
    moving = deployment.simulator.send_content(resident.person, {"location": there})
    await resident.reads("实时位置")
    await deployment.settled()
    before = resident.last_id
    deployment.simulator.edit_content(resident.person, moving, {"location": there | {"latitude": 25.1}})
    await deployment.settled()
    assert resident.last_id == before


async def test_somebody_on_the_staff_hears_that_a_change_does_not_count(deployment: Deployment) -> None:
    [clerk] = await deployment.enrol("P03")
    phone = PhoneUser(deployment.simulator, clerk)
    typed = phone.say("/queue")
    await phone.sees(lambda one: True)
    deployment.simulator.edit_text(clerk, typed, "/items")
    seen: SeenMessage = await phone.reads("改过的不算")
    assert not seen.buttons
