"""A resident on a channel that knows nothing but lines of text."""

from sqlalchemy import func, select

from models.complaints import ReplyAddress
from models.delivery import OutboxRow
from privacy.receipt import Receipt, read_receipt
from tests.channels_plain.people import PlainChannelUser
from tests.channels_plain.plain import PlainChannel
from tests.deployment import Deployment
from tests.journey import QUESTION, REPLY, SAID, Journey
from tests.story import PhoneUser, data_of

MORE = "桥上还能走人吗?"


def receipt_code(printed: str) -> str:
    found = [line for line in printed.splitlines() if isinstance(read_receipt(line), Receipt)]
    assert len(found) == 1, printed
    return found[0]


async def kept_reply_addresses(deployment: Deployment) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(ReplyAddress)) or 0


async def test_a_resident_scans_speaks_is_asked_answers_and_is_forgotten_by_typing_lines(
    deployment: Deployment, plain: PlainChannel
) -> None:
    resident, member = (
        PlainChannelUser(deployment, plain, "at-home"),
        PlainChannelUser(deployment, plain, "P06-at-work"),
    )
    await member.enrols_as("P06")
    assert "县委第一巡察组在听" in await resident.scans("V02")
    assert SAID in await resident.types(SAID)
    assert "☑️ 有消息在这里告诉我" in await resident.chooses("有消息在这里告诉我")
    code = receipt_code(await resident.chooses("发送"))

    await member.chooses("问反映人")
    await member.types(QUESTION)
    await member.chooses("发给反映人")
    assert QUESTION in resident.last
    await resident.chooses("回答")
    assert REPLY in await resident.types(REPLY)
    assert "您的回答送到了" in await resident.chooses("加进去")
    assert REPLY in await member.chooses("看内容")

    assert "这里不再记着这个聊天" in await resident.types("/forget")
    assert await kept_reply_addresses(deployment) == 0
    await member.chooses("问反映人")
    told = resident.read
    await member.types(MORE)
    await member.chooses("发给反映人")
    assert resident.read == told  # nobody knows any more where to tell them
    assert MORE in await resident.types(code)


async def test_a_number_is_a_choice_only_where_one_was_offered_under_it(
    deployment: Deployment, plain: PlainChannel
) -> None:
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.scans("V02")
    assert "\n99" in await resident.types("99")  # said, and quoted on the card
    assert "收到了" in await resident.types("1")  # its first choice: send


async def test_what_the_channel_cannot_do_is_neither_offered_nor_promised(
    deployment: Deployment, plain: PlainChannel
) -> None:
    resident, member = (
        PlainChannelUser(deployment, plain, "at-home"),
        PlainChannelUser(deployment, plain, "P06-at-work"),
    )
    await member.enrols_as("P06")
    received = await resident.submits("V02", SAID)
    assert "看答复" in received
    await member.chooses("问反映人")
    await member.types(QUESTION)
    await member.chooses("发给反映人")
    assert QUESTION in resident.last
    assert "请打字回答，说完点“加进去”。" in await resident.chooses("回答")
    await resident.types(REPLY)
    await resident.chooses("加进去")
    assert "怎么用" in await resident.types("/help")
    assert "要补充，直接打字，" in await resident.types(receipt_code(received))
    for beyond in ("图片", "照片", "语音", "清空", "/clear"):
        assert beyond not in resident.read
    assert "我们删不了聊天里的消息" in await resident.types("/clear")
    await resident.scans("V06")
    await resident.chooses("English")
    assert "We cannot delete messages here" in await resident.types("/clear")

    assert "在这里收不回来" in await member.chooses("看内容")
    assert "自动收回" not in member.read
    deployment.simulator.advance(25 * 3600)  # when it would be taken back elsewhere
    await deployment.settled()
    async with deployment.database.reading() as session:
        rows = await session.execute(select(OutboxRow.kind, OutboxRow.reason).where(OutboxRow.kind == "delete"))
        assert list(rows) == []


async def test_a_photo_is_named_to_staff_whose_channel_shows_none(deployment: Deployment, plain: PlainChannel) -> None:
    member = PlainChannelUser(deployment, plain, "P06-at-work")
    await member.enrols_as("P06")
    phone = deployment.simulator
    resident = PhoneUser(phone, phone.add_person("小满"))
    phone.scan(resident.person, await deployment.link("V02"))
    resident.say(SAID)
    phone.send_photo(resident.person, "1-bridge")
    await resident.previews("录音等 1 份")
    await resident.press("1.r.send")
    await deployment.settled()
    printed = await member.chooses("看内容")
    assert SAID in printed
    assert "有一份照片、录音或文件，这里看不了" in printed


async def test_a_resident_on_one_channel_is_asked_by_a_team_on_another(
    deployment: Deployment, plain: PlainChannel
) -> None:
    journey = await Journey.begin(deployment)
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.submits("V02", SAID)
    card = await journey.board.can_press("1.case.open")
    await journey.board.press("1.case.claim")
    await journey.board.press("1.case.open")
    await journey.member.reads(SAID)
    case_id = str(data_of(card, "1.case.open")).split(".")[3]
    await journey.member.press(f"1.case.ask.{case_id}")
    journey.member.say(QUESTION)
    await journey.member.press("1.form.send")
    await deployment.settled()
    assert QUESTION in resident.last
    await resident.chooses("回答")
    await resident.types(REPLY)
    await resident.chooses("加进去")
    await journey.member.press(f"1.case.open.{case_id}")
    await journey.member.reads(REPLY)
