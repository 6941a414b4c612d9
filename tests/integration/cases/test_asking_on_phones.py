"""Questions and answers, chosen or written: looked at before they go out, and read in the reporter's language."""

import pytest

from models.complaints import Case, MessageKind, Particular
from models.states import CaseState
from services.access.member import member
from services.cases.ask import ask
from services.cases.cards import bring_card
from services.cases.case_log import complaints_of
from services.cases.decide import PreparedAnswer, answer
from services.cases.dialogue import reporter_says, team_messages_of
from services.cases.read_case import dialogue_of
from services.unit_of_work import UnitOfWork
from simulator.chat_reader import SeenMessage
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.journey import Journey
from tests.story import PhoneUser, data_of
from texts.catalogue import Words


@pytest.fixture
async def leader(deployment: Deployment) -> PhoneUser:
    [account] = await deployment.enrol("P05")
    return PhoneUser(deployment.simulator, account)


async def a_case(deployment: Deployment, state: CaseState = CaseState.ASSIGNED, **more: object) -> str:
    """Lay a case on the team's desk and bring its leader the card; return its number."""
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await lay(work, "村里有人占地", state=state, **more)  # type: ignore[arg-type]
        await bring_card(work, case, await member(session, "P05"))
    return case.id


def chosen(seen: SeenMessage) -> list[str]:
    return [one.text for row in seen.buttons for one in row if one.text.startswith("✓")]


async def test_what_is_missing_stands_on_the_card_and_first_among_the_questions(
    deployment: Deployment, leader: PhoneUser
) -> None:
    case_id = await a_case(deployment, missing_particulars=["when", "evidence"])
    card = await leader.can_press(f"1.case.ask.{case_id}")
    assert "可查性 3/5，没说清：时间、证据" in card.text
    await leader.press(f"1.case.ask.{case_id}")
    question = await leader.can_press("1.form.choose.ask_reporter")
    assert "没说清：时间、证据" in question.text
    assert [one.text for row in question.buttons for one in row][:2] == ["＋ 什么时候", "＋ 有没有凭据"]


async def test_questions_are_chosen_and_written_and_looked_at_before_they_go_out(
    deployment: Deployment, leader: PhoneUser
) -> None:
    case_id = await a_case(deployment)
    await leader.press(f"1.case.ask.{case_id}")
    asked = await leader.can_press("1.form.choose.ask_reporter")
    when = next(one.data for row in asked.buttons for one in row if one.data.endswith(".when"))
    await leader.press(when)
    first = await leader.can_press("1.form.send")
    assert chosen(first) == ["✓ 什么时候"]
    leader.say("占的是哪一块？")
    second = await leader.can_press("1.form.send", after=first.message_id)
    assert "1. 是什么时候的事" in second.text
    assert "2. 占的是哪一块？" in second.text
    await leader.press(when, after=first.message_id)  # once more: out it goes
    third = await leader.sees(lambda one: one.message_id == second.message_id and "是什么时候的事" not in one.text)
    assert "占的是哪一块？" in third.text
    async with deployment.database.reading() as session:
        work = deployment.work(session)
        [complaint] = await complaints_of(work, await _case(work, case_id))
        assert await team_messages_of(work, complaint) == []
    await leader.press("1.form.send", after=first.message_id)
    await leader.reads("问题已放进")
    async with deployment.database.reading() as session:
        work = deployment.work(session)
        [complaint] = await complaints_of(work, await _case(work, case_id))
        [said] = await team_messages_of(work, complaint)
    assert (said.kind, said.prepared, said.text) == (MessageKind.QUESTION, (), "占的是哪一块？")


async def test_whoever_writes_what_sounds_like_a_promise_is_warned_and_may_send_it(
    deployment: Deployment, leader: PhoneUser
) -> None:
    case_id = await a_case(deployment, CaseState.VERIFYING)
    await leader.press(f"1.case.answer.{case_id}")
    await leader.can_press("1.form.cancel")
    leader.say("年底前一定给您修好")
    first = await leader.can_press("1.form.send")
    assert "许诺" in first.text
    leader.say("镇里说今年的钱没有批下来")
    second = await leader.can_press("1.form.send", after=first.message_id)
    assert "许诺" not in second.text


async def test_what_is_chosen_at_the_preview_changes_it_where_it_stands(
    deployment: Deployment, leader: PhoneUser
) -> None:
    case_id = await a_case(deployment)
    await leader.press(f"1.case.ask.{case_id}")
    asked = await leader.can_press("1.form.choose.ask_reporter")
    buttons = {one.data.rpartition(".")[2]: one.data for row in asked.buttons for one in row}
    await leader.press(buttons["when"])
    preview = await leader.can_press("1.form.send")
    await leader.press(buttons["who"])
    changed = await leader.sees(lambda one: len(chosen(one)) == 2)
    assert changed.message_id == preview.message_id
    await deployment.settled()
    assert leader.last_id == preview.message_id
    await leader.press("1.form.send")
    await leader.reads("问题已放进")
    await deployment.settled()
    assert not [one for one in leader.simulator.messages(leader.chat) if data_of(one, "1.form")]


async def test_nobody_is_asked_four_things_at_once(deployment: Deployment, leader: PhoneUser) -> None:
    case_id = await a_case(deployment)
    await leader.press(f"1.case.ask.{case_id}")
    seen = await leader.can_press("1.form.choose.ask_reporter")
    buttons = {one.data.rpartition(".")[2]: one.data for row in seen.buttons for one in row}
    for count, name in enumerate(("who", "when", "where"), 1):
        await leader.press(buttons[name])
        await leader.sees(lambda one, count=count: len(chosen(one)) == count)  # type: ignore[misc]
    assert "最多 3 句" in await leader.press(buttons["evidence"])
    before = leader.say("还有谁在场？")
    await leader.reads("最多 3 句", after=before)
    await leader.press("1.form.send")
    await leader.reads("问题已放进")
    async with deployment.database.reading() as session:
        work = deployment.work(session)
        [complaint] = await complaints_of(work, await _case(work, case_id))
        [said] = await team_messages_of(work, complaint)
    assert said.prepared == ("who", "when", "where")


async def test_a_prepared_answer_is_read_by_each_in_their_own_language(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "村里有人占地", state=CaseState.VERIFYING)
        leader = await member(work.session, "P05")
        await answer(work, leader, case.id, "问了三户。", prepared=[PreparedAnswer.NOT_FOUND_SO])
        [complaint] = await complaints_of(work, case)
        [said] = await team_messages_of(work, complaint)
        read = {language: said.text_in(Words(language)) for language in ("zh_Hans", "zh_Hant", "en")}
        for_the_team = await dialogue_of(work, case, "en")
    assert "没有查实" in read["zh_Hans"]
    assert "沒有查實" in read["zh_Hant"]
    assert "not found to be so" in read["en"]
    assert all("问了三户。" in text for text in read.values())
    assert for_the_team[-1].text == read["en"]


async def test_more_questions_than_may_be_asked_at_once_are_an_error(county: OpenWork) -> None:
    async with county() as work:
        case, leader = await lay(work, "占地"), await member(work.session, "P05")
        for words, about in (("", []), ("几亩？", list(Particular)[:3])):
            with pytest.raises(ValueError, match="questions at a time"):
                await ask(work, leader, case.id, words, about=about)
        assert case.state == CaseState.ASSIGNED


async def test_what_a_reporter_adds_is_missing_no_more(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "占地", missing_particulars=["when", "how_much", "evidence"])
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, "去年占的，两亩")
        assert case.missing_particulars == ["evidence"]


async def test_a_submission_says_what_it_lacks(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    async with deployment.database.reading() as session:
        case = await _case(deployment.work(session), journey.case_id)
    assert case.missing_particulars is not None
    assert "evidence" not in case.missing_particulars  # a photo came with it
    assert "where" not in case.missing_particulars  # the village's code was scanned


async def _case(work: UnitOfWork, case_id: str) -> Case:
    return await work.session.get_one(Case, case_id)
