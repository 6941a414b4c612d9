"""Everything a phone can send: taken without what is hidden in it, and shown to the team as a new file."""

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from media.kinds import Cleaned, FileKind
from media.sniff import sniff
from models.complaints import FILES, ComplaintMessage, MessageKind
from simulator.chat_reader import SeenMessage
from simulator.server import Simulator
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.drafts import file_opened, pieces_of_drafts
from tests.journey import Journey
from tests.story import PhoneUser
from tests.unit.media.mutations import mutated
from tests.unit.media.test_cleaning_documents import docx, pdf, xlsx
from tests.unit.media.test_cleaning_media import PLANTED as PLAYED
from tests.unit.media.test_cleaning_media import SECRET
from tests.unit.media.test_cleaning_photo import HEIC, png_that_claims

NAME = "canary-of-wang"


def picture(form: str) -> bytes:
    out = io.BytesIO()
    options = {} if form == "AVIF" else {"exif": Image.Exif(), "comment": SECRET.encode()}
    Image.new("RGB", (96, 64), (220, 30, 30)).save(out, form, **options)
    return out.getvalue() + SECRET.encode()


def strip() -> bytes:
    """A photo of a whole conversation, far longer than wide, as Telegram would not take it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 3000), (220, 30, 30)).save(out, "PNG")
    return out.getvalue() + SECRET.encode()


@dataclass(frozen=True)
class Sent:
    """How a phone sends something, and as what it comes to the team."""

    how: str
    data: bytes
    kind: MessageKind
    shown: str


def jpeg_cut_short() -> bytes:
    """The head of a photo: of its picture nothing is left."""
    out = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(out, "JPEG")
    return out.getvalue()[:300]


BROKEN = {
    "photo": jpeg_cut_short(),
    "png": picture("PNG")[:45],
    "film": PLAYED["film"][:900],
    "pdf": pdf()[:300],
    "word": docx()[:-400],
    "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "crash": mutated(HEIC, "campaign/photo heic/335"),
    "bomb": png_that_claims(60_000, 60_000),
}
SENT = {
    "photo": Sent("photo", picture("JPEG"), MessageKind.PHOTO, "photo"),
    "strip": Sent("document", strip(), MessageKind.PHOTO, "photo"),
    "png file": Sent("document", picture("PNG"), MessageKind.PHOTO, "photo"),
    "webp file": Sent("document", picture("WEBP"), MessageKind.PHOTO, "photo"),
    "avif file": Sent("document", picture("AVIF"), MessageKind.PHOTO, "photo"),
    "heic file": Sent("document", HEIC, MessageKind.PHOTO, "photo"),
    "voice": Sent("voice", PLAYED["voice"], MessageKind.VOICE, "voice"),
    "audio": Sent("audio", PLAYED["mp3"], MessageKind.VOICE, "voice"),
    "m4a file": Sent("document", PLAYED["m4a"], MessageKind.VOICE, "voice"),
    "video": Sent("video", PLAYED["film"], MessageKind.VIDEO, "video"),
    "video note": Sent("video_note", PLAYED["film"], MessageKind.VIDEO, "video"),
    "animation": Sent("animation", PLAYED["silent film"], MessageKind.VIDEO, "video"),
    "pdf": Sent("document", pdf(), MessageKind.PDF, "document"),
    "word": Sent("document", docx(), MessageKind.WORD, "document"),
    "excel": Sent("document", xlsx(), MessageKind.EXCEL, "document"),
}


def send(simulator: Simulator, person: int, sent: Sent) -> None:
    match sent.how:
        case "photo":
            simulator.send_photo(person, sent.data)
        case "document":
            simulator.send_document(person, sent.data, f"{NAME}.bin")
        case "voice" | "audio" | "video" | "video_note" | "animation" as kind:
            simulator.send_voice(person, sent.data, kind=kind)


async def begun(deployment: Deployment) -> Journey:
    """A resident in the middle of a draft."""
    journey = await Journey.begin(deployment)
    deployment.simulator.scan(journey.resident.person, await deployment.link("V02"))
    await journey.resident.sees(lambda one: bool(one.buttons))
    journey.resident.say("桥裂了")
    await journey.resident.can_press("1.r.send")
    return journey


async def grown(resident: PhoneUser, files: int) -> SeenMessage:
    return await resident.sees(lambda one: f"录音等 {files} 份" in one.text and "1.r.send" in str(one.buttons))


async def read_by_the_team(journey: Journey) -> None:
    await journey.resident.press("1.r.send")
    await journey.receipt()
    await journey.board.press("1.case.claim")
    await journey.board.press("1.case.open")
    await journey.member.reads("桥裂了")


async def test_whatever_a_phone_sends_reaches_the_team_without_what_is_hidden_in_it(deployment: Deployment) -> None:
    journey = await begun(deployment)
    for number, sent in enumerate(SENT.values(), start=1):
        send(deployment.simulator, journey.resident.person, sent)
        await grown(journey.resident, number)
    await read_by_the_team(journey)

    def files(messages: list[SeenMessage]) -> list[SeenMessage] | None:
        got = [one for one in messages if one.from_bot and one.files]
        return got if len(got) == len(SENT) else None

    got = await deployment.simulator.wait_for(journey.member.person, files)
    assert [one.kind for one in got] == [sent.shown for sent in SENT.values()]
    assert all(one.protected for one in got)
    received = [one.data for one in deployment.simulator.received(journey.member.person) if one.from_bot]
    for canary in (SECRET, NAME):
        assert not any(canary.encode() in data for data in received)

    async with deployment.database.reading() as session:
        order = select(ComplaintMessage).where(ComplaintMessage.kind.in_(FILES)).order_by(ComplaintMessage.position)
        rows = list(await session.scalars(order))
        assert [row.kind for row in rows] == [sent.kind for sent in SENT.values()]
    stored = [await file_opened(deployment, row.id) for row in rows]
    assert not any(SECRET.encode() in data for data in stored)
    assert [one.files[0] for one in got] == stored


async def test_one_broken_piece_costs_none_of_the_others_and_its_caption_is_kept(deployment: Deployment) -> None:
    journey = await begun(deployment)
    resident, simulator = journey.resident, deployment.simulator
    send(simulator, resident.person, SENT["pdf"])
    await grown(resident, 1)
    broken = [SENT["video"].data[:900], SENT["pdf"].data[:300], picture("JPEG")[:60], b"PK\x03\x04" + b"\0" * 90, b"?"]
    for number, data in enumerate(broken):
        simulator.send_document(resident.person, data, "x.bin", caption=f"第{number}份的说明")
        await resident.reads("没有保存")
        await resident.reads(f"第{number}份的说明")
    send(simulator, resident.person, SENT["voice"])
    await grown(resident, 2)
    assert await draft_kinds(deployment) == ["text", "pdf", *["text"] * len(broken), "voice"]


def inject(journey: Journey, content: dict[str, Any]) -> None:
    """Let the bot get a private message that no button of the simulated phone sends."""
    number = journey.resident.person
    person = {"id": number, "is_bot": False, "first_name": "L"}
    chat = {"id": number, "type": "private", "first_name": "L"}
    message = {"message_id": 90_000, "date": 0, "chat": chat, "from": person, **content}
    journey.simulator.inject({"update_id": 900_000_000, "message": message})


async def draft_kinds(deployment: Deployment) -> list[str]:
    return [piece["kind"] for piece in await pieces_of_drafts(deployment)]


@ONLY_SQLITE
async def test_broken_pieces_of_a_fuzzer_leave_the_draft_as_it_was(deployment: Deployment) -> None:
    journey = await begun(deployment)
    resident = journey.resident
    for number, (kind, whole) in enumerate(BROKEN.items()):
        refused = resident.last_id
        deployment.simulator.send_document(resident.person, whole, "x.bin")
        answer = await resident.sees(lambda one: "没有保存" in one.text, after=refused)
        assert "照" in answer.text, f"{number} {kind} says what to do"
        await resident.can_press("1.r.send", after=refused)
    assert await draft_kinds(deployment) == ["text"]
    send(deployment.simulator, resident.person, SENT["png file"])
    await grown(resident, 1)
    await read_by_the_team(journey)


@ONLY_SQLITE
async def test_an_album_loses_only_its_broken_picture(deployment: Deployment) -> None:
    journey = await begun(deployment)
    resident = journey.resident
    pictures = [picture("JPEG"), jpeg_cut_short(), picture("PNG")]
    deployment.simulator.send_album(resident.person, pictures, caption="三张")
    await resident.reads("没有保存")
    await grown(resident, 2)
    send(deployment.simulator, resident.person, SENT["voice"])
    await grown(resident, 3)
    assert await draft_kinds(deployment) == ["text", "photo", "photo", "voice"]


@ONLY_SQLITE
async def test_thirty_pieces_are_kept_and_the_rest_of_an_album_is_answered_with_a_word(deployment: Deployment) -> None:
    journey = await begun(deployment)
    resident = journey.resident
    for number in range(2, 29):
        resident.say(f"第{number}条")
    await resident.sees(lambda one: "文字 28 条" in one.text)
    before = resident.last_id
    deployment.simulator.send_album(resident.person, [picture("JPEG")] * 3)
    await resident.sees(lambda one: "30" in one.text and "文字" not in one.text, after=before)
    kinds = await draft_kinds(deployment)
    assert kinds == ["text"] * 28 + ["photo"] * 2
    await resident.press("1.r.send")
    await journey.receipt()


@ONLY_SQLITE
async def test_a_file_of_twenty_megabytes_is_taken_and_one_byte_more_is_not(deployment: Deployment) -> None:
    journey = await begun(deployment)
    resident = journey.resident
    whole = picture("PNG")
    deployment.simulator.send_document(resident.person, whole + bytes(20 * 2**20 - len(whole)), "a.png")
    await grown(resident, 1)
    deployment.simulator.send_document(
        resident.person, whole + bytes(20 * 2**20 - len(whole) + 1), "b.png", caption="说明"
    )
    await resident.reads("超过 20 MB")
    await resident.sees(lambda one: "文字 2 条" in one.text)
    assert await draft_kinds(deployment) == ["text", "photo", "text"]


@ONLY_SQLITE
async def test_a_file_that_telegram_no_longer_has_is_to_be_sent_once_more(deployment: Deployment) -> None:
    journey = await begun(deployment)
    deployment.simulator.fail(
        "getFile", status=400, description="Bad Request: wrong file_id or the file is unavailable"
    )
    send(deployment.simulator, journey.resident.person, SENT["voice"])
    await journey.resident.reads("请重新发一次")
    deployment.simulator.fail("getFile", status=400, description="Bad Request: file is too big")
    send(deployment.simulator, journey.resident.person, SENT["voice"])
    await journey.resident.reads("超过 20 MB")
    assert await draft_kinds(deployment) == ["text"]


@ONLY_SQLITE
async def test_of_a_voice_that_comes_by_halves_the_whole_is_kept(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from media.process import Cleaner

    cleaned: list[bytes] = []
    real = Cleaner.clean

    async def watched(cleaner: Cleaner, data: bytes, **how: Any) -> Cleaned:
        cleaned.append(data)
        return await real(cleaner, data, **how)

    monkeypatch.setattr(Cleaner, "clean", watched)
    journey = await begun(deployment)
    deployment.simulator.fail("file", kind="half", times=2)
    send(deployment.simulator, journey.resident.person, SENT["voice"])
    await grown(journey.resident, 1)
    assert cleaned == [SENT["voice"].data]


@ONLY_SQLITE
async def test_of_a_live_photo_the_picture_is_taken(deployment: Deployment) -> None:
    journey = await begun(deployment)
    deployment.simulator.send_photo(journey.resident.person, picture("JPEG"))
    await grown(journey.resident, 1)
    [sent] = [
        raw for one in deployment.simulator.updates if "photo" in (raw := json.loads(one.body).get("message", {}))
    ]
    film = {"file_id": "film", "file_unique_id": "f", "width": 9, "height": 9, "duration": 2}
    inject(journey, {"photo": sent["photo"], "live_photo": film})
    await grown(journey.resident, 2)
    assert await draft_kinds(deployment) == ["text", "photo", "photo"]


@ONLY_SQLITE
async def test_a_venue_is_offered_with_its_name_after_a_warning(deployment: Deployment) -> None:
    journey = await begun(deployment)
    location = {"latitude": 25.031234, "longitude": 102.715432}
    venue = {"location": location, "title": "桥头岭小学", "address": "村口"}
    inject(journey, {"location": location, "venue": venue})
    warned = await journey.resident.reads("桥头岭小学")
    assert "可能猜出是您" in warned.text
    assert "25.0312, 102.7154" in warned.text
    assert await draft_kinds(deployment) == ["text"]


@pytest.mark.parametrize("own", [False, True], ids=["disguised", "as it is"])
async def test_a_voice_is_disguised_before_it_is_stored_unless_its_owner_switches_that_off(
    deployment: Deployment, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from media.process import Cleaner

    asked: list[bool] = []
    real = Cleaner._ask

    async def watched(cleaner: Cleaner, data: bytes, options: list[str]) -> bytes:
        if sniff(data) is FileKind.VOICE:
            asked.append("--disguise" in options)
        return await real(cleaner, data, options)

    monkeypatch.setattr(Cleaner, "_ask", watched)
    journey = await begun(deployment)
    send(deployment.simulator, journey.resident.person, SENT["voice"])
    card = await grown(journey.resident, 1)
    assert "不是绝对听不出" in card.text
    if own:
        [switch] = [one.data for row in card.buttons for one in row if one.data.endswith(".voice")]
        await journey.resident.press(switch)
        await journey.resident.reads("照原样存")
    send(deployment.simulator, journey.resident.person, SENT["voice"])
    await grown(journey.resident, 2)
    assert asked == [True, not own]


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "left out"])
async def test_a_place_and_a_contact_are_taken_as_words_only_after_a_warning(
    deployment: Deployment, taken: bool
) -> None:
    journey = await begun(deployment)
    resident, simulator = journey.resident, deployment.simulator
    simulator.send_location(resident.person, 25.031234, 102.715432)
    warned = await resident.reads("25.0312, 102.7154")
    assert "可能猜出是您" in warned.text
    await resident.press("1.r.take" if taken else "1.r.leave_out")
    await (resident.can_press("1.r.send", after=warned.message_id) if taken else resident.reads("没有放进去"))
    simulator.send_contact(resident.person, "+8687123456", "赵会计")
    warned = await resident.reads("别人的电话")
    await resident.press("1.r.take" if taken else "1.r.leave_out")
    # Once more: a number leads to somebody, however it came in.
    await resident.can_press("1.r.traces_out" if taken else "1.r.send", after=warned.message_id)
    said = "\n".join(piece["text"] for piece in await pieces_of_drafts(deployment))
    assert ("25.0312, 102.7154" in said, "赵会计，电话：+8687123456" in said) == (taken, taken)
    assert "25.03123" not in said


async def test_a_button_under_an_earlier_offer_takes_nothing(deployment: Deployment) -> None:
    journey = await begun(deployment)
    resident, simulator = journey.resident, deployment.simulator
    simulator.send_contact(resident.person, "+8687123456", "赵会计")
    first = await resident.reads("赵会计")
    simulator.send_contact(resident.person, "+8687999999", "钱出纳")
    second = await resident.reads("钱出纳")
    button = next(one.data for row in first.buttons for one in row if one.data.startswith("1.r.take"))
    simulator.press(resident.person, button, message_id=first.message_id)
    await resident.sees(lambda one: True, after=second.message_id + 1)
    assert len(await pieces_of_drafts(deployment)) == 1


async def test_a_file_nobody_waits_for_is_not_even_fetched(deployment: Deployment) -> None:
    stranger = PhoneUser(deployment.simulator, deployment.simulator.add_person("没扫码的"))
    send(deployment.simulator, stranger.person, SENT["video"])
    await stranger.reads("扫")
    assert deployment.simulator.calls("getFile") == []
