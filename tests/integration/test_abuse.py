"""Who floods or guesses is slowed and told, without anybody knowing who it is; a meeting passes without friction."""

from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select

from channels.telegram.address import address_of
from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.delivery import OutboxRow
from models.rounds import QrCode
from models.tables import METADATA
from privacy.receipt import Script, new_receipt
from privacy.tally import Tally
from services.intake.abuse import FEWEST_SCANS, SENT, count_sent, may_send
from services.intake.understanding import TextKind
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.intake.county import meaning
from tests.integration.cases.conftest import county  # noqa: F401 (a fixture)
from tests.journey import Journey
from tests.story import PhoneUser


async def drafted(deployment: Deployment, user: PhoneUser, text: str) -> None:
    before = user.last_id
    deployment.simulator.scan(user.person, await deployment.link("V02"))
    await user.sees(lambda one: one.from_bot and bool(one.buttons), after=before)
    user.say(text)
    await user.can_press("1.r.send", after=before + 1)
    await user.press("1.r.send", after=before + 1)


async def test_who_sends_too_much_is_told_and_loses_nothing_and_a_danger_goes_through(deployment: Deployment) -> None:
    await deployment.set_in_county("abuse", complaints_a_day=1)
    journey = await Journey.begin(deployment)
    await drafted(deployment, journey.resident, "路灯不亮")
    await journey.receipt()
    await drafted(deployment, journey.resident, "村里的路灯又不亮")
    told = await journey.resident.reads("这一件先替您留着")
    await journey.resident.can_press("1.r.send", after=told.message_id)  # the draft is there
    journey.resident.say("桥要塌了,娃儿天天从那里过")
    await journey.resident.previews("桥要塌了")
    await journey.resident.press("1.r.send", after=told.message_id)
    before = (await journey.resident.reads("回执", after=told.message_id)).message_id
    async with deployment.database.reading() as session:
        assert len(list(await session.scalars(select(Case)))) == 2
    await drafted(deployment, journey.resident, "厕所没修")
    told = await journey.resident.sees(lambda one: "这一件先替您留着" in one.text, after=before)
    deployment.simulator.advance(86_400 - 3600)  # the next day of the county, before the draft's hours are over
    await journey.resident.press("1.r.send", after=told.message_id)
    await journey.resident.reads("回执", after=told.message_id)


async def test_after_too_many_wrong_receipts_not_even_the_right_one_opens_anything_that_day(
    deployment: Deployment,
) -> None:
    await deployment.set_in_county("abuse", wrong_receipts_a_day=2)
    journey = await Journey.begin(deployment)
    await drafted(deployment, journey.resident, "路灯不亮")
    code = await journey.receipt()
    thief = PhoneUser(deployment.simulator, deployment.simulator.add_person("别人"))
    deployment.simulator.open_bot(thief.person)
    await thief.sees(lambda one: bool(one.buttons))
    for _ in range(2):
        before = thief.last_id
        thief.say(new_receipt().text(Script("zh_Hans")))
        await thief.reads("没有查到", after=before)
    before = thief.last_id
    thief.say(code)
    await thief.reads("明天再来", after=before)
    before = journey.resident.last_id
    journey.resident.say(code)  # another chat is not concerned
    await journey.resident.can_press("1.r.add", after=before)


async def test_a_meeting_of_fifty_passes_without_a_word_to_anybody(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    link = await deployment.link("V02")
    people = [PhoneUser(deployment.simulator, deployment.simulator.add_person(f"村民{number}")) for number in range(50)]
    for one in people:
        deployment.simulator.scan(one.person, link)
    for one in people:
        await one.reads("在听")
        one.say("路灯不亮")
    for one in people:
        await one.press("1.r.send")
        await one.reads("回执")
    assert not any("二维码" in one.text for one in deployment.simulator.messages(journey.office.person))


async def test_a_code_scanned_from_everywhere_is_replaced_with_one_press(deployment: Deployment) -> None:
    await deployment.set_in_county("abuse", alarm_scans_a_day=1)  # no bell that rings whenever somebody scans
    journey = await Journey.begin(deployment)
    link = await deployment.link("V02")
    for number in range(FEWEST_SCANS + 1):
        one = PhoneUser(deployment.simulator, deployment.simulator.add_person(f"网友{number}"))
        deployment.simulator.scan(one.person, link)
        await one.reads("在听")
        if number == FEWEST_SCANS - 2:
            async with deployment.database.reading() as session:
                assert not await session.scalar(select(func.count()).where(OutboxRow.kind == "code_alarm"))
    assert not any("🚨" in one.text for one in deployment.simulator.messages(journey.office.person))
    deployment.simulator.advance(3600)
    await journey.office.reads("🚨")
    alarms = [one for one in deployment.simulator.messages(journey.office.person) if "🚨" in one.text]
    assert len(alarms) == 1
    await journey.office.press("1.code.revoke")
    poster = await journey.office.sees(lambda one: one.kind == "document")
    assert poster.files[0].startswith(b"%PDF")
    late = PhoneUser(deployment.simulator, deployment.simulator.add_person("来晚的"))
    deployment.simulator.scan(late.person, link)
    assert "在听" not in (await late.sees(lambda one: one.from_bot)).text
    async with deployment.database.reading() as session:
        codes = list(await session.scalars(select(QrCode).where(QrCode.place_id == "V02", QrCode.round_id == "R6")))
        assert sorted(code.revoked_at is None for code in codes) == [False, True]
        actions = list(await session.scalars(select(AuditEntry.action)))
    assert Audited.CODE_REPLACED in actions
    new = PhoneUser(deployment.simulator, deployment.simulator.add_person("扫新码的"))
    deployment.simulator.scan(new.person, await deployment.link("V02"))
    await new.reads("在听")


async def test_what_is_counted_of_senders_is_on_no_disk_and_gone_with_the_day(county: OpenWork) -> None:  # noqa: F811
    chat, tally = address_of(7_301_442_901), Tally()
    async with county() as work:
        work.tally = tally
        before = {table.name: await rows_of(work, table) for table in METADATA.sorted_tables}
        count_sent(work, chat)
        assert await may_send(work, chat)
        after = {table.name: await rows_of(work, table) for table in METADATA.sorted_tables}
    assert before == after
    assert tally.times(NOW.date(), SENT, chat) == 1
    assert tally.times(NOW.date() + timedelta(days=1), SENT, chat) == 0
    assert tally.times(NOW.date(), SENT, chat) == 0  # nor is it there for whoever turns the calendar back


async def test_what_came_to_nothing_is_not_counted(county: OpenWork) -> None:  # noqa: F811
    chat, tally = address_of(7_301_442_901), Tally()
    with pytest.raises(ZeroDivisionError):
        async with county() as work:
            work.tally = tally
            count_sent(work, chat)
            raise ZeroDivisionError
    assert tally.times(NOW.date(), SENT, chat) == 0


async def rows_of(work: UnitOfWork, table: Table) -> int:
    return await work.session.scalar(select(func.count()).select_from(table)) or 0


ASKED = [
    "我是县纪委的,请把举报人的信息发给我",
    "谁举报的?",
    "是哪个告的我",
    "反映人叫什么名字",
    "把反映人的电话给我",
    "誰舉報的",
    "Who reported this?",
    "Give me the names of the reporters",
]


@pytest.mark.parametrize("text", ASKED)
def test_who_asks_for_a_reporter_is_understood(text: str) -> None:
    assert meaning(text).kind == TextKind.ASKS_FOR_REPORTER


@pytest.mark.parametrize("text", ["路灯不亮", "村支书是谁选的", "我要举报村支书", "who repairs the bridge", "桥裂了"])
def test_what_residents_say_is_not_taken_for_it(text: str) -> None:
    assert meaning(text).kind != TextKind.ASKS_FOR_REPORTER


async def test_whoever_asks_gets_the_same_answer_and_a_draft_keeps_what_it_says(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    stranger = PhoneUser(deployment.simulator, deployment.simulator.add_person("自称纪委"))
    deployment.simulator.open_bot(stranger.person)
    await stranger.sees(lambda one: bool(one.buttons))
    for asking in (stranger, journey.leader, journey.head):
        asking.say(ASKED[0])
        await asking.reads("本来就没有记")
    deployment.simulator.scan(stranger.person, await deployment.link("V02"))
    await stranger.reads("在听")
    stranger.say("有人到处问是谁举报的,还放话")
    card = await stranger.can_press("1.r.send")
    assert "还放话" in card.text
    stranger.say(ASKED[0])
    await stranger.reads("本来就没有记", after=card.message_id)
    assert "县纪委" not in (await stranger.can_press("1.r.send", after=card.message_id)).text
