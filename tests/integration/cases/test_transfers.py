"""A case is passed on to a department: who may do what, what leaves the team, who is told, and which clocks run."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from models.clocks import Clock
from models.complaints import Case
from models.desk import Desk
from models.extension import ExtensionReason
from models.staff import Staff
from models.states import CaseState, Impossible, NotEntitled, TransferState
from models.transfers import Transfer
from services.access.member import Member, member
from services.cases.case_log import complaints_of
from services.cases.dialogue import ContainsContact, team_messages_of
from services.cases.extend import extend
from services.cases.late import tell_of_clocks
from services.cases.notes import notes_of
from services.cases.quoting import QuotesReporter
from services.cases.transfers import (
    NobodyThere,
    TooLate,
    ask_for_time,
    departments_for,
    draft_transfer,
    open_transfer,
    received,
    report,
    send_back,
    sign,
    take_back,
    transfer,
    transfers_of,
)
from services.retention.erase import erase_cases
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import events_of, lay, queued, queued_for, rendered
from tests.integration.rectification.conftest import at

S, T = CaseState, TransferState
SAID = "桥头岭到小学那个石拱桥裂了手指头宽的缝，栏杆用竹竿子绑着。我叫邓长庚，电话13812345678"
SUMMARY = "村口石拱桥拱圈开裂、护栏缺失，学生每天经过。请鉴定并先行封闭。"
RESULT = "桥已封闭，鉴定为D级，列入今年危桥改造。"
LEADER, MEMBER, CONTACT, HEAD, OTHER_CONTACT, DIRECTOR = "P05", "P06", "P32", "P39", "P26", "P03"
ROADS, CIVIL = "D07", "D01"

Action = Callable[[UnitOfWork, Member, Transfer], Awaitable[object]]

# What can be done with a transfer, as the team calls its own part.
ACTIONS: dict[str, Action] = {
    "open": lambda work, who, one: open_transfer(work, who, one.id),
    "sign": lambda work, who, one: sign(work, who, one.id),
    "send_back": lambda work, who, one: send_back(work, who, one.id, "不归我局管"),
    "ask_for_time": lambda work, who, one: ask_for_time(work, who, one.id, ExtensionReason.WORKS),
    "report": lambda work, who, one: report(work, who, one.id, RESULT),
    "take_back": lambda work, who, one: take_back(work, who, one.case_id),
}
DEPARTMENT = {"contact", "head"}
MAY = {
    "open": ({T.SENT, T.SIGNED}, DEPARTMENT),
    "sign": ({T.SENT}, DEPARTMENT),
    "send_back": ({T.SENT, T.SIGNED}, DEPARTMENT),
    "ask_for_time": ({T.SIGNED}, DEPARTMENT),
    "report": ({T.SIGNED}, DEPARTMENT),
    "take_back": ({T.SENT, T.SIGNED}, {"leader"}),
}
PEOPLE = {
    "contact": CONTACT,
    "head": HEAD,
    "other_contact": OTHER_CONTACT,
    "leader": LEADER,
    "member": MEMBER,
    "director": DIRECTOR,
    "office": "P04",
    "other_team": "P08",
    "unit_head": "P14",
    "county_leader": "P25",
}


async def passed_on(work: UnitOfWork, department: str = ROADS, *texts: str, **how: object) -> tuple[Case, Transfer]:
    """Lay a case that its leader has passed on to a department."""
    case = await lay(work, *(texts or (SAID,)), **{"state": S.VERIFYING, **how})  # type: ignore[arg-type]
    return case, await pass_on(work, case, department)


async def pass_on(work: UnitOfWork, case: Case, department: str = ROADS) -> Transfer:
    return await transfer(work, await member(work.session, LEADER), case.id, department, SUMMARY)


async def in_state(work: UnitOfWork, state: TransferState) -> Transfer:
    """Return a transfer that has come to a state."""
    case, one = await passed_on(work)
    contact = await member(work.session, CONTACT)
    if state in (T.SIGNED, T.ANSWERED):
        await sign(work, contact, one.id)
    if state is T.ANSWERED:
        await report(work, contact, one.id, RESULT)
    elif state is T.SENT_BACK:
        await send_back(work, contact, one.id, "不归我局管")
    elif state is T.TAKEN_BACK:
        await take_back(work, await member(work.session, LEADER), case.id)
    return one


async def attempt(work: UnitOfWork, action: str, who: Member, one: Transfer) -> bool:
    """Try an action and undo it; return whether it could be done."""
    savepoint = await work.session.begin_nested()
    try:
        await ACTIONS[action](work, who, one)
    except (Impossible, NotEntitled):
        return False
    else:
        return True
    finally:
        await savepoint.rollback()
        work.session.expire_all()
        await work.session.refresh(one)


async def told(work: UnitOfWork, case: Case) -> list[tuple[str | None, str]]:
    """Return what the reporter of a case was told: the key of the sentence, and the words."""
    [complaint] = await complaints_of(work, case)
    return [(one.key, one.text) for one in await team_messages_of(work, complaint)]


async def test_each_action_is_open_to_those_the_table_names_and_to_nobody_else(county: OpenWork) -> None:
    async with county() as work:
        people = {role: await member(work.session, staff_id) for role, staff_id in PEOPLE.items()}
        for state in (T.SENT, T.SIGNED, T.SENT_BACK, T.TAKEN_BACK, T.ANSWERED):
            one = await in_state(work, state)
            done = {
                (action, role)
                for action in ACTIONS
                for role, who in people.items()
                if await attempt(work, action, who, one)
            }
            allowed = {(action, role) for action, (states, roles) in MAY.items() if state in states for role in roles}
            assert done == allowed, state


async def test_only_the_leader_passes_a_case_on_and_only_once_it_was_looked_into(county: OpenWork) -> None:
    async with county() as work:
        for state in CaseState:
            case = await lay(work, SAID, state=state)
            for staff_id in PEOPLE.values():
                who = await member(work.session, staff_id)
                if (staff_id, state) == (LEADER, S.VERIFYING):
                    assert await draft_transfer(work, who, case.id, ROADS, SUMMARY)
                else:
                    with pytest.raises((Impossible, NotEntitled)):
                        await transfer(work, who, case.id, ROADS, SUMMARY)


async def test_a_department_reads_the_summary_and_nothing_else(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work)
        contact = await member(work.session, CONTACT)
        await open_transfer(work, contact, one.id)
        await sign(work, contact, one.id)
        texts = []
        for outgoing in await queued_for(work, f"staff:{CONTACT}"):
            message = await rendered(work, f"staff:{CONTACT}", outgoing)
            assert message is not None
            texts.append(
                message.text + "".join(button.label + (button.data or "") for row in message.buttons for button in row)
            )
            assert SUMMARY not in message.text or (message.protect and outgoing.delete_after_hours)
        read = "\n".join(texts)
        assert SUMMARY in read
        [complaint] = await complaints_of(work, case)
        told_of = (case.id, complaint.id, "邓长庚", "13812345678", "手指头", "竹竿", "竹坞", "V01", "古石生", LEADER)
        assert [needle for needle in told_of if needle in read] == []
        for staff_id in (CONTACT, HEAD):
            who = await member(work.session, staff_id)
            assert not who.knows_of(case)
            assert who.desks == ()


async def test_the_summary_is_sealed_and_gone_with_the_case(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work)
        assert SUMMARY.encode() not in one.summary
        await erase_cases(work, [case.id])
        assert await work.session.scalar(select(Transfer.id)) is None


async def test_a_refusal_does_not_tell_what_is_masked(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "石拱桥裂了手指头宽的缝。我叫邓长庚。", state=S.VERIFYING)
        leader = await member(work.session, LEADER)
        for name in ("邓长庚", "王小虎"):  # after as many known words as are let pass: the right one and another
            draft = await draft_transfer(work, leader, case.id, ROADS, f"石拱桥裂了手指头宽的缝。我叫{name}")
            assert "邓长庚" not in draft.summary


async def test_words_of_the_reporter_do_not_leave_the_team(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=S.VERIFYING)
        leader = await member(work.session, LEADER)
        with pytest.raises(QuotesReporter):
            await transfer(work, leader, case.id, ROADS, "来信说：石拱桥裂了手指头宽的缝，栏杆用竹竿子绑着")
        with pytest.raises(QuotesReporter):  # in the other script, and with signs in between
            await transfer(work, leader, case.id, ROADS, "石拱橋 裂了手指頭 寬的縫, 欄杆用竹竿子 綁著")
        with pytest.raises(ContainsContact):
            await transfer(work, leader, case.id, ROADS, "请联系 13900001111")
        draft = await draft_transfer(work, leader, case.id, ROADS, "石拱桥开裂，邓长庚反映")
        assert "邓长庚" not in draft.summary


async def test_departments_in_charge_stand_first_and_the_unit_itself_is_none(county: OpenWork) -> None:
    async with county() as work:
        roads = await lay(work, SAID, state=S.VERIFYING)
        found = [one.id for one in await departments_for(work, roads)]
        assert found[0] == ROADS
        assert "D12" not in found  # it is called, and nothing is passed on to it
        assert found[-1] == "D09"  # for leads
        about_it = await lay(work, "公租房一户都没分", state=S.VERIFYING, unit="U4", category="public_rental_housing")
        assert "D05" not in [one.id for one in await departments_for(work, about_it)]


async def test_the_reporter_hears_that_it_was_passed_on_and_to_whom_unless_it_is_restricted(county: OpenWork) -> None:
    async with county() as work:
        case, _ = await passed_on(work)
        assert await told(work, case) == [("passed_on_to", "")]
        restricted, _ = await passed_on(work, ROADS, SAID, desk=Desk.leader("T1"))
        assert await told(work, restricted) == [("passed_on", "")]


async def test_a_contact_whom_the_complaint_names_learns_nothing(county: OpenWork) -> None:
    async with county() as work:
        contact = await work.session.get_one(Staff, CONTACT)
        case = await lay(work, f"交通局的{contact.name}收了包工头的钱，桥才修成这样", state=S.VERIFYING)
        with pytest.raises(NobodyThere):
            await pass_on(work, case)
        assert not await queued_for(work, f"staff:{CONTACT}")


async def test_who_is_named_later_loses_what_they_had(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work)
        await work.session.flush()
        from models.complaints import CaseShutOut

        work.session.add(CaseShutOut(case_id=case.id, staff_id=CONTACT))
        await work.session.flush()
        contact = await member(work.session, CONTACT)
        with pytest.raises(NotEntitled):
            await received(work, contact, one.id)
        assert await transfers_of(work, contact) == []
        for outgoing in await queued_for(work, f"staff:{CONTACT}"):
            assert await rendered(work, f"staff:{CONTACT}", outgoing) is None


async def test_what_was_sent_back_comes_to_its_team_with_the_reason_among_the_notes(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work, owner_id=MEMBER)
        await send_back(work, await member(work.session, CONTACT), one.id, "这座桥归水务局管")
        assert case.state == S.VERIFYING
        assert case.owner_id == MEMBER
        [note] = await notes_of(work, case, "zh_Hans")
        assert note.text == "县交通运输局退回：这座桥归水务局管"
        for staff_id in (LEADER, MEMBER):
            [outgoing] = await queued_for(work, f"staff:{staff_id}", "department_sent_back")
            message = await rendered(work, f"staff:{staff_id}", outgoing)
            assert message is not None
            assert "县交通运输局退回来了" in message.text
        assert not [name for name, outgoing in await queued(work) if outgoing.kind == "buck_passing"]


async def test_the_second_return_of_a_case_alarms_the_office(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work)
        await send_back(work, await member(work.session, CONTACT), one.id, "归民政局管")
        again = await pass_on(work, case, CIVIL)
        await send_back(work, await member(work.session, OTHER_CONTACT), again.id, "归交通局管")
        [outgoing] = await queued_for(work, f"staff:{DIRECTOR}", "buck_passing")
        message = await rendered(work, f"staff:{DIRECTOR}", outgoing)
        assert message is not None
        assert "退回了 2 次" in message.text
        assert "县交通运输局" in message.text
        assert "县民政局" in message.text


async def test_of_a_restricted_case_that_is_sent_back_twice_its_leader_hears_alone(
    county: OpenWork,
) -> None:
    async with county() as work:
        case, one = await passed_on(work, ROADS, SAID, desk=Desk.leader("T1"))
        await send_back(work, await member(work.session, CONTACT), one.id, "归民政局管")
        again = await pass_on(work, case, CIVIL)
        await send_back(work, await member(work.session, OTHER_CONTACT), again.id, "归交通局管")
        assert [name for name, outgoing in await queued(work) if outgoing.kind == "buck_passing"] == [f"staff:{LEADER}"]


async def test_after_five_working_days_nothing_is_sent_back(county: OpenWork) -> None:
    async with county(now=at(20)) as work:  # a Friday
        _, one = await passed_on(work)
    async with county(now=at(27, 17)) as work:
        contact = await member(work.session, CONTACT)
        savepoint = await work.session.begin_nested()
        await send_back(work, contact, one.id, "不归我局管")
        await savepoint.rollback()
    async with county(now=at(28)) as work:
        with pytest.raises(TooLate):
            await send_back(work, await member(work.session, CONTACT), one.id, "不归我局管")


async def test_what_a_department_did_answers_the_case_and_the_reporter_reads_it(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work, owner_id=MEMBER)
        contact = await member(work.session, CONTACT)
        await sign(work, contact, one.id)
        with pytest.raises(ContainsContact):
            await report(work, contact, one.id, "请打 13900001111 找我")
        await report(work, contact, one.id, f"{RESULT}已告知邓长庚。")
        assert case.state == S.ANSWERED
        [_, (key, text)] = await told(work, case)
        assert key == "department_answered"
        assert RESULT in text
        assert "邓长庚" not in text
        assert await queued_for(work, f"staff:{MEMBER}", "department_answered")
        with pytest.raises(NotEntitled):
            await received(work, contact, one.id)


async def test_signing_has_a_clock_whose_end_the_contact_hears_before_and_head_and_office_after(
    county: OpenWork,
) -> None:
    async with county(now=at(2)) as work:
        case, one = await passed_on(work, came=at(2))
        assert case.due_clock is Clock.SIGNING
        assert case.due_at == at(18, 0)  # the fifteenth day counts to its end
    await tick(county, at(12, 10))
    async with county() as work:
        assert not await queued_for(work, f"staff:{CONTACT}", "transfer_due")
    await tick(county, at(13, 10))  # a Friday: the third day before is a Sunday
    await tick(county, at(16, 10))
    async with county(now=at(16, 10)) as work:
        [outgoing] = await queued_for(work, f"staff:{CONTACT}", "transfer_due")
        message = await rendered(work, f"staff:{CONTACT}", outgoing)
        assert message is not None
        assert "还没签收，最晚 11月17日" in message.text
        assert not await queued_for(work, f"staff:{HEAD}")
        assert not await queued_for(work, f"staff:{DIRECTOR}", "department_late")
    await tick(county, at(18, 10))
    await tick(county, at(18, 11))
    async with county(now=at(18, 11)) as work:
        assert len(await queued_for(work, f"staff:{HEAD}", "transfer_due")) == 1
        [outgoing] = await queued_for(work, f"staff:{DIRECTOR}", "department_late")
        message = await rendered(work, f"staff:{DIRECTOR}", outgoing)
        assert message is not None
        assert "县交通运输局超期了" in message.text
        await sign(work, await member(work.session, CONTACT), one.id)
        found = await work.session.get_one(Case, case.id)
        assert found.due_clock is Clock.HANDLING


async def tick(county: OpenWork, now: datetime) -> None:
    async with county(now=now) as work:
        await tell_of_clocks(work)


async def test_a_department_gets_more_time_once_when_the_leader_agrees(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work)
        contact = await member(work.session, CONTACT)
        await sign(work, contact, one.id)
        before = case.due_at
        await ask_for_time(work, contact, one.id, ExtensionReason.WORKS)
        assert case.due_at == before
        [outgoing] = await queued_for(work, f"staff:{LEADER}", "department_asks_for_time")
        message = await rendered(work, f"staff:{LEADER}", outgoing)
        assert message is not None
        assert f"1.case.extension_reasons.{case.id}" in [button.data for row in message.buttons for button in row]
        await extend(work, await member(work.session, LEADER), case.id, ExtensionReason.WORKS)
        assert (case.due_at - before).days == 30
        assert await queued_for(work, f"staff:{CONTACT}", "transfer_extended")
        with pytest.raises(Impossible):
            await ask_for_time(work, contact, one.id, ExtensionReason.WORKS)
        assert await rendered(work, f"staff:{LEADER}", outgoing) is None


async def test_what_is_taken_back_leaves_the_phones_of_the_department(county: OpenWork) -> None:
    async with county() as work:
        from models.address import Address
        from models.delivery import SentMessage
        from models.message_key import MessageKey, Shows
        from models.recipient import Recipient

        case, one = await passed_on(work)
        key = MessageKey(Shows.TRANSFER, one.id, Recipient.staff(CONTACT))
        work.session.add(SentMessage(message_key=key, address=Address("telegram", "7"), message_id=77))
        await work.session.flush()
        await take_back(work, await member(work.session, LEADER), case.id)
        assert case.state == S.VERIFYING
        assert await work.session.get(SentMessage, key) is None
        deleted = [outgoing for _, outgoing in await queued(work) if outgoing.kind == "delete"]
        assert [outgoing.content.message_id for outgoing in deleted] == [77]  # type: ignore[union-attr]
        [outgoing] = await queued_for(work, f"staff:{CONTACT}", "transfer_taken_back")
        assert await rendered(work, f"staff:{CONTACT}", outgoing)


async def test_events_name_the_department_and_no_words(county: OpenWork) -> None:
    async with county() as work:
        case, one = await passed_on(work)
        contact = await member(work.session, CONTACT)
        await sign(work, contact, one.id)
        await report(work, contact, one.id, RESULT)
        assert (await events_of(work, case))[-3:] == ["transfer", "department_signed", "answer"]


async def test_once_the_key_of_its_round_is_destroyed_nothing_of_it_is_read(county: OpenWork) -> None:
    async with county() as work:
        _, one = await passed_on(work)
        contact = await member(work.session, CONTACT)
        work.keyring.destroy_round("R6")
        assert await transfers_of(work, contact) == []
        with pytest.raises(NotEntitled):
            await received(work, contact, one.id)
