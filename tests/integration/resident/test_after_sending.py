"""After sending, over Telegram: thanks are thanked, a question is answered, and more is added by one press."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.telegram.address import address_of
from handlers.resident.messages import AdditionPreview, VisitSummary
from models.complaints import Case, Conversation
from models.rounds import Round
from privacy.receipt import Script
from services.intake.conversation_store import load_conversation
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.resident.conftest import Phone, case_of
from tests.integration.resident.test_coming_back import said_by_reporter
from tests.story import PhoneUser, receipt_in

SAID = "村口的电线杆歪了,线垂到路上"
MORE = "线上还冒火花"


async def sent(deployment: Deployment, name: str = "小满") -> tuple[PhoneUser, int]:
    """Somebody who has just sent something, and the number of the receipt's message."""
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person(name))
    deployment.simulator.scan(resident.person, await deployment.link("V06"))
    await resident.reads("在听")
    resident.say(SAID)
    await resident.previews(SAID)
    await resident.press("1.r.send")
    return resident, (await resident.sees(lambda one: receipt_in(one) is not None)).message_id


async def test_what_is_said_after_sending_reaches_the_team_by_one_press(deployment: Deployment) -> None:
    resident, _ = await sent(deployment)
    said = resident.say(MORE)
    asked = await resident.reads("要加到您反映的这一件里吗", after=said)
    assert MORE in asked.text
    await resident.press("1.r.put_in", after=said)
    answered = await resident.reads("加进去了", after=said)
    assert answered.message_id == asked.message_id
    assert not any("没有保存" in one.text for one in deployment.simulator.messages(resident.chat))
    async with deployment.database.reading() as session:
        [case] = await session.scalars(select(Case))
        assert case.version > 2


async def test_how_one_is_protected_is_one_message_with_the_statement_behind_a_button(deployment: Deployment) -> None:
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    said = resident.say("/privacy")
    await resident.reads("您怎么受保护", after=said)
    await deployment.settled()
    assert len([one for one in deployment.simulator.messages(resident.chat) if one.from_bot]) == 1
    await resident.press("1.r.kept")
    await resident.reads("究竟存了什么")


async def test_somebody_on_the_staff_answers_what_they_are_asked_though_they_have_just_reported(
    deployment: Deployment,
) -> None:
    [account] = await deployment.enrol("P09")
    member = PhoneUser(deployment.simulator, account)
    deployment.simulator.scan(account, await deployment.link("V06"))
    await member.reads("在听")
    member.say(SAID)
    await member.previews(SAID)
    await member.press("1.r.send")
    await member.sees(lambda one: receipt_in(one) is not None)
    said = member.say(MORE)  # nothing asks them: it is a resident's
    await member.reads("要加到您反映的这一件里吗", after=said)


async def test_after_an_hour_it_takes_the_code_again(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", SAID)
    phone.now = NOW + timedelta(hours=2)
    await phone.say(MORE)
    assert phone.sentences == ["not_scanned"]
    async with county() as work:
        assert await said_by_reporter(work, receipt) == [SAID]


async def test_what_is_added_is_kept_and_what_is_left_out_is_not(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", SAID)
    await phone.say("儿子,饭好了没有")
    await phone.press("put_away", phone.shown(AdditionPreview).complaint_id)
    assert phone.sentences == ["left_out"]
    await phone.add(MORE)
    assert phone.sentences == ["added"]
    async with county() as work:
        assert await said_by_reporter(work, receipt) == [SAID, MORE]
        assert (await case_of(work, receipt)).is_open


async def test_a_code_in_two_messages_opens_the_visit(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", SAID)
    other = Phone(county, address=address_of(7_301_442_999))
    first, second = receipt.text(Script.SIMPLIFIED).split()
    await other.say(first)
    assert other.sentences == ["half_of_code"]
    async with county() as work:
        assert all(first.encode() not in one.sealed for one in await work.session.scalars(select(Conversation)))
    await other.say(second)
    assert other.shown(VisitSummary).visit.texts == 1


@pytest.mark.parametrize("before", [(), (MORE,)])
async def test_half_a_code_that_came_first_does_not_stay_in_a_draft(
    phone: Phone, county: OpenWork, before: tuple[str, ...]
) -> None:
    receipt = await phone.complain("V06", SAID)
    other = Phone(county, address=address_of(7_301_442_999))
    await other.scan("V06")
    for said in (*before, *receipt.text(Script.SIMPLIFIED).split()):
        await other.say(said)
    assert other.shown(VisitSummary).draft_waits == bool(before)
    async with county() as work:
        draft = (await load_conversation(work, other.address)).draft
        assert draft is not None
        assert draft.texts == before


@pytest.mark.parametrize("closed", [True, False])
async def test_whoever_writes_when_nothing_is_taken_any_more_is_not_sent_to_scan(
    deployment: Deployment, closed: bool
) -> None:
    if closed:
        async with deployment.database.transaction() as session:
            for round_ in await session.scalars(select(Round)):
                round_.intake_until = (NOW - timedelta(days=1)).date()
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    for said in ("路灯不亮", "/help", "/start", "/cancel", "/forget"):
        before = resident.say(said)
        answer = await resident.sees(lambda one: True, after=before)
        assert ("扫" in answer.text) == (not closed and said != "/forget"), said
