"""The resident's road over Telegram: what the phone shows, and what is left on disk afterwards."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PIL import Image
from sqlalchemy import make_url, select

from channels.telegram.address import address_of
from models.complaints import Case
from models.database import Database
from models.desk import Desk
from models.tables import METADATA
from privacy.keyring import Keyring
from privacy.receipt import Receipt, Script, read_receipt
from privacy.tags import lane, tags
from simulator.chat_reader import SeenMessage
from simulator.server import Simulator
from tests.deployment import Deployment

WANG = 7_301_442_901
TRACE = b"Redmi of Wang at 25.04N 102.71E"
_Found = TypeVar("_Found")


def a_photo() -> bytes:
    """Return a JPEG that carries a trace of who took it."""
    jpeg = io.BytesIO()
    Image.new("RGB", (320, 240), "grey").save(jpeg, "JPEG", comment=TRACE)
    assert TRACE in jpeg.getvalue()
    return jpeg.getvalue()


class Resident:
    """Somebody with a phone, who reads what came since they last did something."""

    def __init__(self, simulator: Simulator, *, language_code: str = "zh-hans", person_id: int = WANG) -> None:
        self.simulator = simulator
        self.id = simulator.add_person(
            "王秀兰",
            last_name="Wangxiulan",
            username="wang_xiulan_1953",
            language_code=language_code,
            person_id=person_id,
        )
        self._seen = 0

    async def scan(self, link: str) -> SeenMessage:
        self.mark(self.simulator.scan(self.id, link))
        return await self.answer()

    async def say(self, text: str) -> SeenMessage:
        self.mark(self.simulator.send_text(self.id, text))
        return await self.answer()

    async def press(self, data: str) -> SeenMessage:
        """Press the newest button whose data begins so; return the newest message once it was answered."""
        shown = reversed(self.simulator.messages(self.id))
        found = ((one.message_id, button.data) for one in shown for row in one.buttons for button in row)
        message_id, whole = next((number, whole) for number, whole in found if whole.startswith(data))
        before = self._look()
        press = self.simulator.press(self.id, whole, message_id=message_id)
        await self.simulator.wait_for_answer(press)
        await self.simulator.wait_for(self.id, lambda _: self._look() != before or None)
        return self.simulator.last(self.id)

    async def answer(self, part: str = "") -> SeenMessage:
        """Wait for the bot to say something after what was sent last, with that in it."""

        def look(messages: list[SeenMessage]) -> SeenMessage | None:
            fits = [one for one in messages if one.from_bot and one.message_id > self._seen and part in one.text]
            return fits[-1] if fits else None

        return await self.simulator.wait_for(self.id, look)

    async def shown(self, fits: Callable[[str], _Found | None]) -> _Found:
        """Wait until one of the bot's messages fits."""

        def look(messages: list[SeenMessage]) -> _Found | None:
            return next((found for one in reversed(messages) if one.from_bot and (found := fits(one.text))), None)

        return await self.simulator.wait_for(self.id, look)

    def mark(self, message_id: int) -> None:
        self._seen = message_id

    def _look(self) -> list[tuple[int, str, list[str]]]:
        return [(one.message_id, one.text, one.button_texts) for one in self.simulator.messages(self.id)]


def previews(simulator: Simulator) -> list[SeenMessage]:
    """Return the previews that the phone shows."""
    shown = simulator.messages(WANG)
    return [one for one in shown if any("1.r.send." in button.data for row in one.buttons for button in row)]


def receipt_in(text: str) -> Receipt | None:
    """Find the receipt code in a message: the one line that reads as one."""
    found = [read_receipt(line) for line in text.split("\n")]
    return next((one for one in found if isinstance(one, Receipt)), None)


async def test_three_taps_lead_from_the_poster_to_the_receipt(simulator: Simulator, deployment: Deployment) -> None:
    resident = Resident(simulator)
    greeting = await resident.scan(await deployment.link("V06"))  # the first tap: START
    assert "双槐村" in greeting.text
    assert "县委第二巡察组" in greeting.text
    card = await resident.say("鱼塘的账不公开")  # the second: the message
    assert "鱼塘的账不公开" in card.text
    await resident.press("1.r.send.")  # the third
    assert await resident.shown(receipt_in)
    async with deployment.database.reading() as session:
        assert [case.desk for case in await session.scalars(select(Case))] == [Desk.team("T2")]


async def test_photos_edits_and_things_that_cannot_be_taken(simulator: Simulator, deployment: Deployment) -> None:
    resident = Resident(simulator)
    await resident.scan(await deployment.link("V02"))
    first = simulator.send_text(resident.id, "桥有点旧")
    await resident.answer("桥有点旧")
    resident.mark(simulator.send_album(resident.id, [a_photo(), a_photo()], caption="裂缝在这里")[-1])
    await resident.answer("录音等 2 份")
    simulator.send_sticker(resident.id)
    await resident.answer("贴纸")
    simulator.send_voice(resident.id, b"voice")
    await resident.answer("打不开")
    simulator.send_poll(resident.id, "好吗", ["好", "不好"])
    await resident.answer("投票")
    simulator.send_location(resident.id, 25.0, 102.7)
    await resident.answer("位置")
    simulator.send_contact(resident.id, "+8613800000000", "张三")
    await resident.answer("名片")
    simulator.send_document(resident.id, b"%PDF-1.4", "list.pdf", mime_type="application/pdf")
    await resident.answer("坏的")
    simulator.send_document(resident.id, b"no picture", "IMG_1.jpg", mime_type="image/jpeg")
    await resident.answer("打不开")
    simulator.edit_text(resident.id, first, "桥要垮了")
    card = await resident.answer("桥要垮了")
    assert "桥有点旧" not in card.text
    assert "文字 1 条，照片、录音等 2 份" in card.text
    assert [one.message_id for one in previews(simulator)] == [card.message_id]
    await resident.press("1.r.send.")
    await resident.shown(receipt_in)
    async with deployment.database.reading() as session:
        [case] = await session.scalars(select(Case))
        assert (case.desk, case.hazard, case.category) == (Desk.team("T1"), True, "unsafe_bridge")


async def test_the_card_changes_in_place(simulator: Simulator, deployment: Deployment) -> None:
    resident = Resident(simulator)
    await resident.scan(await deployment.link("V06"))
    card = await resident.say("低保评得不公")
    await resident.press("1.r.toggle.")  # the head of the unit
    await resident.press("1.r.category.")
    changed = await resident.press("1.r.choose.")
    assert changed.message_id == card.message_id
    assert changed.edited
    assert "只有县委第二巡察组组长" in changed.text
    await resident.press("1.r.send.")
    await resident.shown(receipt_in)
    async with deployment.database.reading() as session:
        [case] = await session.scalars(select(Case))
        assert (case.desk, case.concerns_head) == (Desk.leader("T2"), True)


async def test_the_preview_says_who_reads_it_and_why_and_changes_as_the_box_is_unticked(
    simulator: Simulator, deployment: Deployment
) -> None:
    resident = Resident(simulator)
    await resident.scan(await deployment.link("V06"))
    card = await resident.say("书记的小舅子包了鱼塘")
    assert "谁来看：只有县委第二巡察组组长" in card.text
    assert "您提到“书记”" in card.text
    assert any(button.text.startswith("☑️") for row in card.buttons for button in row)
    changed = await resident.press("1.r.toggle.")
    assert "谁来看：县委第二巡察组" in changed.text
    assert "您提到" not in changed.text
    await resident.press("1.r.send.")
    receipt = await resident.shown(receipt_in)
    assert receipt
    async with deployment.database.reading() as session:
        [case] = await session.scalars(select(Case))
        assert (case.desk, case.concerns_head) == (Desk.team("T2"), False)


async def test_an_english_phone_is_answered_in_english_and_can_choose_otherwise(
    simulator: Simulator, deployment: Deployment
) -> None:
    resident = Resident(simulator, language_code="en-GB")
    greeting = await resident.scan(await deployment.link("V06"))
    assert "is listening" in greeting.text
    changed = await resident.press("1.r.lang.R6.zh_Hant")
    assert changed.message_id == greeting.message_id
    assert "在聽" in changed.text
    assert "您看看" in (await resident.say("魚塘的賬不公開")).text
    await resident.press("1.r.send.")
    receipt = await resident.shown(receipt_in)
    assert receipt is not None


async def test_without_a_code_and_with_codes_that_open_nothing(simulator: Simulator, deployment: Deployment) -> None:
    resident = Resident(simulator)
    simulator.open_bot(resident.id)
    started = (await resident.answer()).text
    assert "扫村里贴的巡察二维码" in started
    assert "0000-0000000" in started
    assert "12345" in (await resident.scan(deployment.link_of("oldR5t0k"))).text
    forged = (await deployment.link("V06"))[:-1] + "A"
    forged = forged if forged != await deployment.link("V06") else forged[:-1] + "B"
    assert "不是我们发的" in (await resident.scan(forged)).text
    for command, part in (
        ("/help", "怎么用"),
        ("/privacy", "我们做不到的"),
        ("/lang", "请选择文字"),
        ("/cancel", "没有写到一半的事"),
        ("/forget", "一点不留"),
        ("/nonsense", "怎么用"),
        ("路灯不亮", "没有保存"),
    ):
        resident.mark(simulator.send_text(resident.id, command))
        assert await resident.answer(part)
    statement = await resident.press("1.r.kept")
    assert "究竟存了什么" in statement.text


async def test_somebody_on_the_staff_who_scans_a_poster_is_a_resident_like_any_other(
    simulator: Simulator, deployment: Deployment
) -> None:
    [account] = await deployment.enrol("P09")
    said = simulator.scan(account, await deployment.link("V05"))
    await simulator.wait_for(
        account, lambda seen: next((one for one in seen if one.message_id > said and "石蒲湾村" in one.text), None)
    )
    said = simulator.send_text(account, "低保不公平")
    await simulator.wait_for(
        account, lambda seen: next((one for one in seen if one.message_id > said and "低保不公平" in one.text), None)
    )


async def test_nothing_on_disk_leads_back_to_who_reported(
    simulator: Simulator, deployment: Deployment, keyring: Keyring, database_address: str, tmp_path: Path
) -> None:
    resident = Resident(simulator)
    await resident.scan(await deployment.link("V06"))
    await resident.say("鱼塘的账从来不公开")
    simulator.send_photo(resident.id, a_photo(), caption="石桥边的鱼塘")
    await resident.shown(lambda text: "石桥边的鱼塘" in text or None)
    await resident.press("1.r.send.")
    receipt = await resident.shown(receipt_in)
    await resident.say(_words(receipt))
    await resident.answer("您说过")
    await resident.say("补充一句:会计姓罗")
    await resident.press("1.r.put_in.")
    await resident.press("1.r.leave.")
    await deployment.settled()

    secrets_of_the_resident = [
        str(WANG).encode(),
        WANG.to_bytes(8, "big"),
        WANG.to_bytes(8, "little"),
        lane(keyring.lane_secret, address_of(WANG)).encode(),
        *(tag.encode() for day in keyring.days() for tag in tags(keyring.day(day).tag_secret, address_of(WANG))),
        *(name.encode() for name in ("王秀兰", "Wangxiulan", "wang_xiulan_1953")),
        *(text.encode() for text in ("鱼塘的账", "石桥边", "会计姓罗")),
        _words(receipt).encode(),
        TRACE,
    ]
    await deployment.stop()
    remains = await everything_in(database_address)
    remains += b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "双槐村".encode() in remains  # what is not secret can be found this way
    assert [secret for secret in secrets_of_the_resident if secret in remains] == []


async def everything_in(database_address: str) -> bytes:
    """Return the values of every row of every table; those of a SQLite file are searched for in its bytes too."""
    remains = b""
    database = Database(database_address)
    async with database.reading() as session:
        for table in METADATA.sorted_tables:
            for row in await session.execute(select(table)):
                for value in row:
                    remains += value if isinstance(value, bytes) else repr(value).encode()
    await database.close()
    if make_url(database_address).get_backend_name() == "sqlite":
        name = make_url(database_address).database
        assert name is not None
        remains += b"".join(path.read_bytes() for path in Path(name).parent.glob("*.sqlite3*"))
    return remains


def _words(receipt: Receipt) -> str:
    return receipt.text(Script.SIMPLIFIED)
