"""Whom to ring at a department: who reads the list, which transfers they are told of, and where else it is shown."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from handlers.cases.card import private_card
from handlers.incoming import ButtonPress, Command, Text
from models.desk import Desk
from models.staff import Role, Staff, StaffAddress, StaffRole
from models.states import CaseState, NotEntitled
from services.cases.duty_contacts import TransfersThere, duty_contacts
from services.cases.transfers import agree, sign, transfer
from services.people.grants import grant
from services.unit_of_work import UnitOfWork
from tests.accounts import take_account
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay, queued_for, rendered
from tests.integration.cases.test_transfers import CONTACT, HEAD, LEADER, MEMBER, ROADS, SUMMARY, tick
from tests.integration.rectification.conftest import at, who
from tests.integration.web.test_desk_and_chat import said_in_chat
from tests.pressing import Hearing, take
from texts.catalogue import Words

LEADS, CALLED_IN_AN_EMERGENCY = "D09", "D12"
RING = "☎️ 县交通运输局值班：公路养护股 0000-8822107(示例)，值班到 21:00"
TOWNSHIP, EXPERT = "G1", "G2"
# Of the roads department, and of the discipline organ: how many transfers somebody is told of, and how many overdue.
# None: they are told of none, (0, 0): of those that they may know of there is none.
TOLD: dict[str, tuple[tuple[int, int] | None, tuple[int, int] | None]] = {
    LEADER: ((3, 2), (1, 0)),  # with what lies before the leader alone
    MEMBER: ((2, 1), (1, 0)),
    "P08": ((1, 0), (0, 0)),
    "P10": ((0, 0), (0, 0)),  # the case names them
    "P04": ((0, 0), (0, 0)),
    "P03": ((3, 1), (1, 0)),
    "P01": ((3, 1), (1, 0)),
    "P02": ((3, 1), (1, 0)),
    CONTACT: ((4, 2), None),
    HEAD: ((4, 2), None),
    "P34": (None, (1, 0)),
    "P26": (None, None),
    TOWNSHIP: (None, None),
}
SHUT_OUT = ("P14", "P20", "P23", EXPERT)  # head and liaison of a unit, county leader, an expert


async def guests(work: UnitOfWork) -> None:
    """Enter a township's office and an expert who are shown cases of a team."""
    case = await lay(work, "路坏了")
    until = work.today + timedelta(days=60)
    for staff_id, role, subject in ((TOWNSHIP, Role.TOWNSHIP_OFFICE, "U1"), (EXPERT, Role.EXPERT, case.id)):
        work.session.add(Staff(id=staff_id, name="来宾"))
        await work.session.flush()
        work.session.add(StaffRole(staff_id=staff_id, role=role, fields=[]))
        await work.session.flush()
        await grant(work, await who(work, LEADER), role, staff_id, "T1", subject, until)


async def pass_on(work: UnitOfWork, came: datetime, by: str = LEADER, department: str = ROADS, **how: Any) -> str:
    case = await lay(work, "桥头岭的桥裂了缝", state=CaseState.VERIFYING, came=came, **how)
    return (await transfer(work, await who(work, by), case.id, department, SUMMARY)).id


async def laid(county: OpenWork) -> None:
    """Lay transfers: two that nobody has signed for in time, one of another team, one signed, and a lead."""
    async with county(now=at(2)) as work:
        await guests(work)
        await pass_on(work, at(2))
        await pass_on(work, at(2), desk=Desk.leader("T1"))
    async with county(now=at(18)) as work:
        await sign(work, await who(work, CONTACT), await pass_on(work, at(18)))
        await pass_on(work, at(18), "P08", desk=Desk.team("T2"), team="T2", unit="U2", village="V05", shut_out=("P10",))
        lead = await pass_on(work, at(18), department=LEADS)
        await agree(work, await who(work, "P03"), lead)


async def shown_to(work: UnitOfWork, staff_id: str) -> dict[str, TransfersThere | None]:
    """Return what somebody is told of each department, over all pages."""
    reader, found, start = await who(work, staff_id), dict[str, TransfersThere | None](), 0
    while (page := await duty_contacts(work, reader, start)).shown:
        found |= {one.department.id: one.transfers for one in page.shown}
        start += len(page.shown)
    assert len(found) == page.total == 12
    return found


async def test_each_is_told_of_the_transfers_they_may_know_of_and_whoever_passes_none_on_reads_no_list(
    county: OpenWork,
) -> None:
    await laid(county)
    async with county(now=at(20)) as work:
        for staff_id, expected in TOLD.items():
            shown = await shown_to(work, staff_id)
            assert shown.pop(CALLED_IN_AN_EMERGENCY) is None
            counted = [shown.pop(one) for one in (ROADS, LEADS)]
            assert tuple((one.open, one.overdue) if one else None for one in counted) == expected, staff_id
            assert all(one in (None, TransfersThere(0, 0)) for one in shown.values())
        for staff_id in SHUT_OUT:
            with pytest.raises(NotEntitled):
                await duty_contacts(work, await who(work, staff_id))
            [refused] = await said_in_chat(work, staff_id, Command("departments"))
            assert refused.text.startswith("部门通讯录给")
            assert await said_in_chat(work, staff_id, ButtonPress("1.department.list.6")) == []


@pytest.mark.new_database
async def test_transfers_at_departments_are_counted_by_one_statement_along_an_index(
    county: OpenWork, dialect: str
) -> None:
    await laid(county)
    async with county(now=at(20)) as work:
        director, connection = await who(work, "P03"), await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        await work.directory()
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            asked.append((statement, parameters))

        listening = connection.sync_connection
        assert listening is not None
        event.listen(listening, "before_cursor_execute", note)
        await duty_contacts(work, director)
        event.remove(listening, "before_cursor_execute", note)
        [(statement, parameters)] = asked
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
        plan = "\n".join(map(str, await connection.exec_driver_sql(explain + statement, parameters)))
    assert "ix_transfers_department" in plan
    assert not [table for table in ("transfers", "cases", "case_clocks") if f"SCAN {table}" in plan]  # of SQLite
    assert "Seq Scan" not in plan


async def test_the_list_says_what_is_a_departments_business_whom_to_ring_and_whether_one_must(
    county: OpenWork,
) -> None:
    await laid(county)
    async with county(now=at(20)) as work:
        await take_account(work.session, "P26")
        [first] = await said_in_chat(work, MEMBER, Command("departments"))
        [civil, *_] = first.text.split("\n\n")[1:]
        assert civil.splitlines()[0] == "<b>县民政局</b>"
        assert "农村低保" in civil or "低保" in civil
        assert "☎️ 办公室 0000-8822101(示例)，工作日 8:30–17:30" in civil
        assert "请打电话或者送纸质件" in civil
        assert "县交通运输局" not in first.text
        [turn] = [button.data for row in first.buttons for button in row]
        [second] = await said_in_chat(work, MEMBER, ButtonPress(turn or ""))
        roads, petitions, *_, police = second.text.split("\n\n")[1:]
        assert "在巡声里联系得上" in roads
        assert "在办 2 件，超期 1 件" in roads
        assert "没有登记值班电话" in petitions
        assert "不向它移交" in police
        assert "移交件" not in police
        [back] = [button.data for row in second.buttons for button in row]
        assert back == "1.department.list.0"
        [township] = await said_in_chat(work, TOWNSHIP, Command("departments"))
        assert "0000-8822101" in township.text
        assert not any(words in township.text for words in ("移交件", "收得到", "联系得上"))


async def roads_chosen(work: UnitOfWork, staff_id: str, begins: str) -> Hearing:
    """Begin a form, choose the roads department, and return what is heard then."""
    one = await who(work, staff_id)
    offered = (await take(work, one, ButtonPress(begins))).said[-1].buttons
    [choice] = [button.data for row in offered for button in row if "县交通运输局" in button.label]
    return await take(work, one, ButtonPress(choice or ""))


async def form_shown(work: UnitOfWork, staff_id: str, begins: str, text: str) -> tuple[str, str]:
    """Return what a form asks once the roads department is chosen, and what it shows before it is sent."""
    asked, one = await roads_chosen(work, staff_id, begins), await who(work, staff_id)
    shown = await take(work, one, Text(text))
    await take(work, one, Command("cancel"))
    return asked.said[-1].text, shown.said[-1].text


async def test_whom_to_ring_is_shown_before_something_is_sent_and_that_one_must(county: OpenWork) -> None:
    async with county(now=at(18)) as work:
        case = await lay(work, "桥头岭的桥裂了缝", state=CaseState.VERIFYING)
        passing = (LEADER, f"1.transfer.transfer.{case.id}")
        forms = ((*passing, SUMMARY), (MEMBER, f"1.request.request_data.{case.id}", "请提供检测报告。"))
        for form in forms:
            for text in await form_shown(work, *form):
                assert text.count(RING) == 1
                assert "请打电话或者送纸质件" not in text
        lost = update(StaffAddress).where(StaffAddress.staff_id == CONTACT).values(unreachable_since=work.now)
        await work.session.execute(lost)
        for form in forms:
            for text in await form_shown(work, *form):
                assert f"{RING}\n⚠️ 那边没有人在巡声里收得到" in text
        await take_account(work.session, CONTACT)
        refused = await roads_chosen(work, *passing)
        assert refused.answer is not None
        assert refused.answer.text.endswith(RING)


async def test_a_card_says_whom_to_ring_until_the_department_has_signed_and_the_office_hears_it_when_it_is_late(
    county: OpenWork,
) -> None:
    async with county(now=at(2)) as work:
        case = await lay(work, "桥头岭的桥裂了缝", state=CaseState.VERIFYING, came=at(2))
        passed_on = await transfer(work, await who(work, LEADER), case.id, ROADS, SUMMARY)
        card = await private_card(work, Words("zh_Hans"), await who(work, MEMBER), case)
        assert card is not None
        assert f"县交通运输局还没签收\n{RING}" in card.text
    await tick(county, at(18, 10))
    async with county(now=at(18, 11)) as work:
        [outgoing] = await queued_for(work, "staff:P03", "department_late")
        told = await rendered(work, "staff:P03", outgoing)
        assert told is not None
        assert RING in told.text
        await sign(work, await who(work, CONTACT), passed_on.id)
        case = await work.session.get_one(type(case), case.id)
        card = await private_card(work, Words("zh_Hans"), await who(work, MEMBER), case)
        assert card is not None
        assert "☎️" not in card.text
