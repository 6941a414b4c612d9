"""Finding a case: by its number, by words, and for the director in every team's backlog."""

import pytest

from models.complaints import Case
from models.desk import OFFICE_DESK, Desk
from models.staff import Role
from models.states import CaseState
from services.access.member import member
from services.cases.queue_words import UnknownWord, read_words
from services.cases.queues import Counts, queue
from services.people.recusal import recuse
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import backlog, lay
from tests.story import PhoneUser

STATES = {CaseState.ASSIGNED: ("待受理",), CaseState.ACCEPTED: ("已受理", "accepted"), CaseState.CLOSED: ("已办结",)}


async def found(work: UnitOfWork, staff_id: str, *words: str) -> set[str]:
    """Return the cases that somebody finds by some words."""
    narrowed = await read_words(work, words, STATES)
    return {case.id for case in (await queue(work, await member(work.session, staff_id), None, narrowed)).cases}


async def test_cases_are_found_by_village_unit_category_and_state_alone_and_together(county: OpenWork) -> None:
    async with county() as work:
        first = await lay(work, "路", village="V01", state=CaseState.ACCEPTED)
        second = await lay(work, "路", village="V02")
        other_unit = await lay(work, "房", village=None, unit="U4")
        both = {first.id, second.id}
        assert await found(work, "P06", "上竹坞村") == {first.id}
        assert await found(work, "P06", "上竹塢") == {first.id}  # in the other script, and a part of the name
        assert await found(work, "P06", "竹坞镇") == both
        assert await found(work, "P06", "道路") == {*both, other_unit.id}
        assert await found(work, "P06", "已受理") == await found(work, "P06", "ACCEPTED") == {first.id}
        assert await found(work, "P06", "竹坞镇", "道路", "待受理") == {second.id}
        assert await found(work, "P06", "桥头岭", "已受理") == set()


async def test_a_state_in_which_a_case_has_ended_finds_ended_ones(county: OpenWork) -> None:
    async with county() as work:
        closed = await lay(work, "路", state=CaseState.CLOSED)
        await lay(work, "路")
        assert await found(work, "P06", "已办结") == {closed.id}


async def test_words_find_nothing_that_is_not_theirs(county: OpenWork) -> None:
    async with county() as work:
        await lay(work, "路", desk=Desk.team("T2"), team="T2", unit="U2", village="V05")
        await lay(work, "路", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        hidden = await lay(work, "路", desk=Desk.team("T3"), team="T3", unit="U3", village=None)
        assert await found(work, "P06", "道路") == set()
        assert hidden.id not in await found(work, "P12", "道路")  # recused from U3
        assert await found(work, "P06", "全部") == set()


async def test_a_word_that_names_nothing_is_said(county: OpenWork) -> None:
    async with county() as work:
        with pytest.raises(UnknownWord) as unknown:
            await read_words(work, ["道路", "火星"], STATES)
        assert unknown.value.word == "火星"


async def test_the_director_sees_every_teams_backlog_but_not_what_is_kept_from_them(county: OpenWork) -> None:
    async with county() as work:
        await recuse(work, "P03", "U5", by=await member(work.session, "P03"))
        first = await lay(work, "桥", hazard=True)
        second = await lay(work, "路", desk=Desk.team("T2"), team="T2", unit="U2", village=None)
        kept = await lay(work, "路", desk=Desk.team("T2"), team="T2", unit="U5", village=None)
        one_pair = await lay(work, "路", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        director = await member(work.session, "P03")
        assert [(one.team.id, one.counts) for one in await backlog(work, director)] == [
            ("T1", Counts(1, 1)),
            ("T2", Counts(1, 0)),
        ]
        assert await found(work, "P03", "第一组") == {first.id}
        assert await found(work, "P03", "全部") == {first.id, second.id}
        assert [director.knows_of(case) for case in (first, second, kept, one_pair)] == [True, True, False, False]
        assert not any(director.reads(case) for case in (first, second, kept, one_pair))


async def test_nobody_but_the_director_has_a_backlog_of_teams(county: OpenWork) -> None:
    async with county() as work:
        await lay(work, "路")
        for staff_id in ("P04", "P05", "P06"):
            who = await member(work.session, staff_id)
            assert not who.has(Role.OFFICE_DIRECTOR)
            assert await backlog(work, who) == []


# ---- on the phones


async def laid(deployment: Deployment, *texts: str, **how: object) -> Case:
    async with deployment.database.transaction() as session:
        return await lay(deployment.work(session), *(texts or ("路坏了",)), **how)  # type: ignore[arg-type]


async def phone(deployment: Deployment, staff_id: str) -> PhoneUser:
    [account] = await deployment.enrol(staff_id)
    return PhoneUser(deployment.simulator, account)


async def test_a_number_typed_into_the_chat_opens_that_case(deployment: Deployment) -> None:
    who, case = await phone(deployment, "P06"), await laid(deployment)
    for written in (case.id, f" {case.id[:4]} {case.id[4:]} ", f"编号：{case.id}"):
        before = who.last_id
        who.say(written)
        await who.can_press(f"1.case.accept.{case.id}", after=before)
        await deployment.settled()  # where the card hangs is noted once it has come


async def test_a_number_of_anothers_is_answered_like_one_that_nobody_has(deployment: Deployment) -> None:
    who = await phone(deployment, "P09")
    case = await laid(deployment)
    said = []
    for number in (case.id, "00000000", "RI01", "RI999999"):
        before = who.last_id
        who.say(number)
        said.append((await who.sees(lambda one: True, after=before + 1)).text)
    assert said[0] == said[1]
    assert said[2] == said[3] == said[0]


async def test_the_number_of_an_item_opens_the_item(deployment: Deployment) -> None:
    who = await phone(deployment, "P03")
    who.say("ri02")
    await who.reads("RI02")


async def test_words_after_queue_narrow_the_list_and_its_pages(deployment: Deployment) -> None:
    who = await phone(deployment, "P06")
    for _ in range(9):
        await laid(deployment)
    async with deployment.database.transaction() as session:
        other = await lay(deployment.work(session), "路坏了")
        other.category = "fees"
    who.say("/queue 道路 待受理")
    page = await who.can_press("1.queue.page")
    assert other.id not in page.text
    await who.press("1.queue.page")
    second = await who.sees(lambda one: one.message_id == page.message_id and one.edited)
    assert other.id not in second.text
    assert second.text.count("待受理") == 2  # what was asked for, and the one case of the page


async def test_an_unknown_word_is_answered_with_examples(deployment: Deployment) -> None:
    who = await phone(deployment, "P06")
    who.say("/queue 火星")
    told = await who.reads("火星")
    for example in ("上竹坞村", "竹坞镇党委", "已受理"):
        assert example in told.text


async def test_the_director_is_shown_the_teams_backlog_and_opens_a_card_without_the_text(
    deployment: Deployment,
) -> None:
    who, case = await phone(deployment, "P03"), await laid(deployment)
    who.say("/queue")
    told = await who.reads("县委第一巡察组：1 件")
    assert "都办完了" not in told.text
    who.say("/queue 县委第一巡察组")
    await who.press(f"1.queue.case.{case.id}")
    card = await who.reads("内容只给组里看")
    assert case.id in card.text
    assert [one.data.split(".")[2] for row in card.buttons for one in row] == ["put_case", "case", "teams_up"]
    office = await laid(deployment, desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN)
    who.say("/queue")
    both = await who.can_press(f"1.queue.case.{office.id}")
    assert "县委第一巡察组：1 件" in both.text


async def test_staff_lists_everybody_page_by_page(deployment: Deployment) -> None:
    who = await phone(deployment, "P03")
    who.say("/staff")
    first = await who.can_press("1.people.list")
    assert "1. " in first.text
    await who.press("1.people.list")
    second = await who.sees(lambda one: one.message_id == first.message_id and one.edited)
    assert "13. " in second.text
    await who.press("1.people.card")
    await who.can_press("1.people.units")


async def test_every_item_stands_once_in_the_list(deployment: Deployment) -> None:
    who = await phone(deployment, "P03")
    who.say("/items")
    shown = await who.can_press("1.item.open")
    numbers = [one.data.split(".")[3] for row in shown.buttons for one in row if one.data.startswith("1.item.open")]
    assert numbers
    whole = shown.text + " ".join(one.text for row in shown.buttons for one in row)
    assert [whole.count(f"{number} ") for number in numbers] == [1] * len(numbers)
