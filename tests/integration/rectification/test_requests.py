"""Departments are asked for data by a team, and called to an item by a township: with a day and an answer."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bot.bootstrap import duties
from handlers.cases.card import private_card
from handlers.incoming import Command
from handlers.items.card import item_card, offered
from models.audit import Audited, AuditEntry
from models.complaints import Case, CaseShutOut
from models.desk import Desk
from models.rectification import RectificationItem
from models.requests import Request
from models.staff import Role, Staff, StaffRole
from models.states import CaseState, Impossible, NotEntitled, RequestState
from services.cases.actions import actions_open_to
from services.cases.dialogue import ContainsContact
from services.cases.notes import notes_of
from services.cases.notices import DepartmentCalled
from services.cases.quoting import QuotesReporter
from services.cases.transfers import NobodyThere
from services.people.grants import end_grants, grant
from services.rectification.issue_item import issue_item, order_fix
from services.rectification.notices import RequestLate
from services.rectification.requests import (
    call_department,
    call_off,
    call_to_case,
    reply,
    request_data,
    request_read,
    requests_by,
    requests_of,
    tell_of_late_requests,
)
from services.retention.erase import erase_cases
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.integration.rectification.test_fixes import DUE
from tests.integration.web.test_desk_and_chat import said_in_chat
from tests.items import new_item
from tests.notices import notice_of, rendered_for
from texts.catalogue import Words

SAID = "村会计把低保给了他小舅子，一家三口都吃低保，隔壁老人申请三次都没批"
ASKED = "请提供该村2023年以来低保对象名单和发放明细。"
REPLY = "名单和明细共3页，已送巡察办。"
MEMBER, LEADER, HEAD, LIAISON, CONTACT, DEPARTMENT_HEAD, OTHER = "P06", "P05", "P14", "P20", "P32", "P39", "P26"
ROADS, CIVIL = "D07", "D01"


async def asked_for_data(work: UnitOfWork) -> tuple[Case, Request]:
    case = await lay(work, SAID, state=CaseState.VERIFYING, owner_id=MEMBER)
    return case, await request_data(work, await who(work, MEMBER), case.id, CIVIL, ASKED)


async def called(work: UnitOfWork) -> tuple[RectificationItem, Request]:
    case = await a_verified_case(work)
    item = await order_fix(work, await who(work, LEADER), case.id, "通组路损坏，请修复。", DUE)
    return item, await call_department(work, await who(work, HEAD), item.id, ROADS, "请派人来看路基。")


async def test_a_townships_office_calls_a_department_to_a_case_that_it_is_shown(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        work.session.add(Staff(id="G1", name="来宾"))
        await work.session.flush()
        work.session.add(StaffRole(staff_id="G1", role=Role.TOWNSHIP_OFFICE, fields=[]))
        await work.session.flush()
        case = await lay(work, SAID, state=CaseState.VERIFYING, owner_id=MEMBER)
        with pytest.raises(NotEntitled):
            await call_to_case(work, await who(work, "G1"), case.id, ROADS, "请派人来看路基。")
        until = work.today + timedelta(days=30)
        await grant(work, await who(work, LEADER), Role.TOWNSHIP_OFFICE, "G1", "T1", "U1", until)
        office = await who(work, "G1")
        assert "call_to_case" in actions_open_to(office, case)
        elsewhere = await lay(work, SAID, unit="U2", village="V05")
        before_leader = await lay(work, SAID, desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        for kept in (elsewhere, before_leader):
            with pytest.raises(NotEntitled):
                await call_to_case(work, office, kept.id, ROADS, "请派人来看路基。")
        for other in (HEAD, LIAISON, MEMBER):
            with pytest.raises(NotEntitled):
                await call_to_case(work, await who(work, other), case.id, ROADS, "请派人来看路基。")
        with pytest.raises(ContainsContact):
            await call_to_case(work, office, case.id, ROADS, "请打13900001111")
        request = await call_to_case(work, office, case.id, ROADS, f"{SAID[:20]}，请来看")  # they do not read it
        read = await request_read(work, await who(work, CONTACT), request.id)
        assert read.asker == "竹坞镇党委"
        assert {one.staff_id for one in await queued(work, DepartmentCalled.kind)} == {MEMBER, LEADER}
        await reply(work, await who(work, CONTACT), request.id, REPLY)
        assert (await request_read(work, office, request.id)).reply == REPLY
        assert REPLY in [note.text for note in await notes_of(work, case, "zh_Hans")][-1]
        late = await call_to_case(work, office, case.id, ROADS, "再请派人来。")
    async with county(now=at(23) + timedelta(days=30)) as work:
        await tell_of_late_requests(work)
        assert "G1" in {one.staff_id for one in await queued(work, RequestLate.kind)}
    async with county(now=at(23) + timedelta(days=31)) as work:
        await end_grants(work)
        with pytest.raises(NotEntitled):
            await request_read(work, await who(work, "G1"), late.id)


def test_the_clock_tells_of_what_is_late() -> None:
    assert tell_of_late_requests in duties()


async def test_a_department_answers_a_team_which_finds_it_among_its_notes(county: OpenWork) -> None:
    async with county() as work:
        case, request = await asked_for_data(work)
        contact = await who(work, OTHER)
        assert [one.id for one in await requests_of(work, contact)] == [request.id]
        shown = await request_read(work, contact, request.id)
        assert shown.text == ASKED
        assert "巡察" in shown.asker
        assert not contact.knows_of(case)
        await reply(work, contact, request.id, REPLY)
        [note] = await notes_of(work, case, "zh_Hans")
        assert REPLY in note.text
        assert (await request_read(work, await who(work, MEMBER), request.id)).reply == REPLY
        with pytest.raises(NotEntitled):
            await request_read(work, contact, request.id)
        assert {one.staff_id for one in await queued(work, "request_replied")} == {MEMBER}


async def test_what_a_team_asks_for_repeats_nothing_of_what_was_said(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        member = await who(work, MEMBER)
        with pytest.raises(QuotesReporter):
            await request_data(work, member, case.id, CIVIL, f"来信说{SAID}")
        with pytest.raises(ContainsContact):
            await request_data(work, member, case.id, CIVIL, "请打 13900001111")


@pytest.mark.parametrize("staff_id", ["P07", "P08", HEAD, OTHER, "P04", "P01"])
async def test_who_does_not_work_on_a_case_asks_for_nothing(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING, owner_id=MEMBER)
        with pytest.raises(NotEntitled):
            await request_data(work, await who(work, staff_id), case.id, CIVIL, ASKED)


async def test_head_and_office_of_a_township_call_to_an_item_and_the_office_alone_to_a_case(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item, _ = await called(work)
        work.session.add(Staff(id="G1", name="来宾"))
        await work.session.flush()
        work.session.add(StaffRole(staff_id="G1", role=Role.TOWNSHIP_OFFICE, fields=[]))
        await work.session.flush()
        with pytest.raises(NotEntitled):
            await call_department(work, await who(work, "G1"), item.id, ROADS, "请来看。")
        until = work.today + timedelta(days=30)
        await grant(work, await who(work, LEADER), Role.TOWNSHIP_OFFICE, "G1", "T1", "U1", until)
        office = await who(work, "G1")
        assert [one.name for one in offered(office, item)] == ["call_department"]
        request = await call_department(work, office, item.id, ROADS, "请来看路基。")
        assert (await request_read(work, office, request.id)).asker == (await work.directory()).units["U1"].name
        await call_off(work, office, request.id)
        elsewhere = await issue_item(work, await who(work, "P04"), new_item("U2", "账目没有公示。", DUE))
        with pytest.raises(NotEntitled):
            await call_department(work, office, elsewhere.id, ROADS, "请来看。")
        case = await lay(work, SAID, state=CaseState.VERIFYING, owner_id=MEMBER)
        head = await who(work, HEAD)
        assert "call_to_case" not in actions_open_to(head, case)
        with pytest.raises(NotEntitled):
            await call_to_case(work, head, case.id, ROADS, "请来看。")


@pytest.mark.parametrize("staff_id", [LEADER, MEMBER, "P15", "P03", CONTACT])
async def test_a_department_is_called_by_the_unit_alone(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        item, _ = await called(work)
        with pytest.raises(NotEntitled):
            await call_department(work, await who(work, staff_id), item.id, ROADS, "请来看。")


async def test_a_call_is_answered_to_who_called(county: OpenWork) -> None:
    async with county() as work:
        _, request = await called(work)
        for stranger in (OTHER, LIAISON, MEMBER):
            with pytest.raises(NotEntitled):
                await request_read(work, await who(work, stranger), request.id)
        contact = await who(work, CONTACT)
        assert "竹坞镇" in (await request_read(work, contact, request.id)).asker
        await reply(work, contact, request.id, "明早九点到。")
        assert (await request_read(work, await who(work, HEAD), request.id)).reply == "明早九点到。"
        with pytest.raises((Impossible, NotEntitled)):
            await reply(work, contact, request.id, "再答一次")


async def test_whoever_is_named_behind_an_item_is_not_called_to_it(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        item = await order_fix(work, await who(work, LEADER), case.id, "通组路损坏，请修复。", DUE)
        work.session.add_all(CaseShutOut(case_id=case.id, staff_id=staff_id) for staff_id in (CONTACT, HEAD))
        await work.session.flush()
        with pytest.raises(NobodyThere):
            await call_department(work, await who(work, HEAD), item.id, ROADS, "请派人来看路基。")
        await work.session.execute(delete(CaseShutOut).where(CaseShutOut.staff_id == CONTACT))
        request = await call_department(work, await who(work, HEAD), item.id, ROADS, "请派人来看路基。")
        work.session.add(CaseShutOut(case_id=case.id, staff_id=CONTACT))
        await work.session.flush()
        assert await requests_of(work, await who(work, CONTACT)) == []
        with pytest.raises(NotEntitled):
            await request_read(work, await who(work, CONTACT), request.id)
        assert (await request_read(work, await who(work, HEAD), request.id)).request is request


async def test_whoever_asked_calls_it_off(county: OpenWork) -> None:
    async with county() as work:
        _, request = await called(work)
        with pytest.raises(NotEntitled):
            await call_off(work, await who(work, CONTACT), request.id)
        await call_off(work, await who(work, HEAD), request.id)
        assert request.state is RequestState.CALLED_OFF
        ended = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.REQUEST_ENDED))
        assert ended is not None
        assert (ended.by_id, ended.subject, ended.detail["state"]) == (HEAD, ROADS, "called_off")
        assert await requests_of(work, await who(work, CONTACT)) == []


async def test_what_is_late_is_told_once_to_the_department_its_head_and_who_asked(county: OpenWork) -> None:
    async with county(now=at(20)) as work:  # a Friday
        _, request = await called(work)
        number = request.id
    for moment in (at(24, 10), at(25, 8), at(25, 9), at(25, 10)):
        async with county(now=moment) as work:
            await tell_of_late_requests(work)
            told = [one.staff_id for one in await queued(work, "request_late")]
            assert sorted(told) == ([] if moment < at(25, 9) else sorted([CONTACT, DEPARTMENT_HEAD, HEAD]))
    async with county(now=at(25, 11)) as work:
        message = await rendered_for(work, f"staff:{HEAD}", notice_of("request_late", {"request_id": number}))
        assert message is not None
        assert "县交通运输局超期没答复，最晚是 11月24日" in message.text


async def test_whoever_asked_sees_on_the_card_and_in_a_list_what_they_wait_for(county: OpenWork) -> None:
    async with county(now=at(20)) as work:  # a Friday
        item, call = await called(work)
        case, data = await asked_for_data(work)
        member, leader, head = [await who(work, one) for one in (MEMBER, LEADER, HEAD)]
        words = Words("zh_Hans")
        waits = "等县民政局答复（调资料），最晚 "
        for colleague in (member, leader):
            card = await private_card(work, words, colleague, case)
            assert card is not None
            assert waits in card.text
        assert "等县交通运输局答复（吹哨），最晚 11月24日" in (await item_card(work, words, head, item)).text
        assert [one.id for one in await requests_by(work, head)] == [call.id]
        assert await requests_by(work, leader) == []  # the list is of what they have asked for themselves
        [listed] = await said_in_chat(work, MEMBER, Command("transfers"))
        assert waits in listed.text
        assert case.id in listed.text
        assert "您现在没有等哪个部门答复" in (await said_in_chat(work, LEADER, Command("transfers")))[0].text
        assert "没有移交给您单位的件" in (await said_in_chat(work, "P31", Command("transfers")))[0].text
    async with county(now=at(30)) as work:
        member, case = await who(work, MEMBER), await work.session.get_one(Case, case.id)
        card = await private_card(work, words, member, case)
        assert card is not None
        assert "县民政局超期没答复（调资料）" in card.text
        await reply(work, await who(work, OTHER), data.id, REPLY)
        assert {one.staff_id for one in await queued(work, "case_card")} >= {MEMBER, LEADER}
        card = await private_card(work, words, member, case)
        assert card is not None
        assert "县民政局" not in card.text
        assert await requests_by(work, member) == []
        again = await request_data(work, member, case.id, CIVIL, ASKED)
        work.session.add(CaseShutOut(case_id=case.id, staff_id=MEMBER))
        await work.session.flush()
        assert await requests_by(work, await who(work, MEMBER)) == []  # of a case that they may not know of
        assert again.state is RequestState.SENT


async def test_what_was_asked_is_sealed_and_gone_with_the_case(county: OpenWork) -> None:
    async with county() as work:
        case, request = await asked_for_data(work)
        assert ASKED.encode() not in request.text
        await erase_cases(work, [case.id])
        assert await work.session.scalar(select(Request.id)) is None
