"""A case put before the head of the leading group, the instruction, and the register; the leader's brief."""

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.instruction import DAYS, Instruction, Order
from models.staff import Recusal, RecusalState, Role, StaffRole
from models.states import CaseState, Impossible, NotEntitled
from services.cases.actions import actions_open_to
from services.cases.assign import NobodyMaySee
from services.cases.brief import situation_of
from services.cases.instruct import escalate, instruct, instructed_cases, shown_instruction
from services.cases.notices import CaseCard
from services.cases.quoting import QuotesReporter
from services.directory import expire_directory
from services.register_pages import PAGE_SIZE
from services.retention.erase import erase_cases
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, lay, queued_for, rendered
from tests.integration.rectification.conftest import at, who
from tests.integration.web.desk import laid
from tests.notices import rendered_for
from tests.story import PhoneUser

MONDAY = at(23)
PHONE = "13800138000"
HEAD, MEMBER_OF_GROUP = "P01", "P02"
SUMMARY = "路桥年久失修，请定由谁出钱修"


async def test_the_head_reads_a_summary_and_never_what_leads_to_the_reporter(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case = await lay(work, f"桥要塌了，我的电话{PHONE}")
        await escalate(work, await who(work, "P05"), case.id, f"{SUMMARY}，反映人电话{PHONE}")
        [order] = await queued_for(work, f"staff:{HEAD}", "instruction_asked")
        said = await rendered(work, f"staff:{HEAD}", order)
        assert said is not None
        assert SUMMARY in said.text
        assert "塌" not in said.text
        assert PHONE not in said.text
        assert PHONE not in str(case.instruction)
        repeated = select(AuditEntry.by_id).where(AuditEntry.action == Audited.TRACE_REPEATED)
        assert list(await work.session.scalars(repeated)) == ["P05"]
        assert said.protect
        assert [(one.data or "").split(".")[4] for row in said.buttons for one in row] == list(Order)
        for other in ("P05", MEMBER_OF_GROUP, "P03", "P06"):
            assert await rendered(work, f"staff:{other}", order) is None
        assert not (await who(work, HEAD)).knows_of(case)


async def test_a_summary_for_the_head_repeats_no_passage_of_a_reporter(county: OpenWork) -> None:
    said = "石拱桥裂了手指头宽的缝，栏杆用竹竿子绑着"
    async with county(now=MONDAY) as work:
        case = await lay(work, said)
        with pytest.raises(QuotesReporter):
            await escalate(work, await who(work, "P05"), case.id, f"群众反映：{said}")
        assert not await queued_for(work, f"staff:{HEAD}", "instruction_asked")


@pytest.mark.parametrize("order", list(Order))
async def test_an_instruction_is_on_the_card_with_its_day_and_told(county: OpenWork, order: Order) -> None:
    async with county(now=MONDAY) as work:
        case = await lay(work, "桥要塌了")
        case.owner_id = "P06"
        await escalate(work, await who(work, "P05"), case.id, SUMMARY)
        await instruct(work, await who(work, HEAD), case.id, order)
        kept = Instruction.read(case.instruction)
        assert kept is not None
        assert (kept.due_on() - MONDAY.date()).days == DAYS[order]
        assert case.instruction_on == kept.due_on()
        assert (await events_of(work, case))[-2:] == ["escalate", "instruct"]
        card = await rendered_for(work, "staff:P06", CaseCard(case.id))
        assert card is not None
        assert "沈望舒11月23日批示" in card.text
        for staff_id in ("P05", "P06", "P03"):
            [told] = await queued_for(work, f"staff:{staff_id}", "instruction_given")
            said = await rendered(work, f"staff:{staff_id}", told)
            assert said is not None
            assert "批示" in said.text
        entries = await work.session.scalars(select(AuditEntry.action).where(AuditEntry.case_id == case.id))
        assert {Audited.ESCALATED, Audited.INSTRUCTED} <= set(entries)
        assert SUMMARY not in str(case.instruction)


async def test_only_the_head_instructs_and_once(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case = await lay(work, "桥要塌了")
        for staff_id in (HEAD, "P05"):
            with pytest.raises(NotEntitled):
                await instruct(work, await who(work, staff_id), case.id, Order.FINISH)
        await escalate(work, await who(work, "P05"), case.id, SUMMARY)
        for staff_id in ("P03", "P05", "P06", MEMBER_OF_GROUP, "P14"):
            with pytest.raises(NotEntitled):
                await instruct(work, await who(work, staff_id), case.id, Order.FINISH)
        await instruct(work, await who(work, HEAD), case.id, Order.FINISH)
        with pytest.raises(Impossible):
            await instruct(work, await who(work, HEAD), case.id, Order.CHECK)


async def test_who_leads_where_a_case_lies_puts_it_before_the_head(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        desks = {
            "team": await lay(work, "桥要塌了"),
            "office": await lay(work, "桥要塌了", desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN),
            "leader": await lay(work, "桥要塌了", desk=Desk.leader("T1"), state=CaseState.RESTRICTED),
            "director": await lay(work, "桥要塌了", desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED),
            "closed": await lay(work, "桥要塌了", state=CaseState.CLOSED),
        }
        may = {("P05", "team"), ("P03", "office")}
        for staff_id in ("P01", "P03", "P04", "P05", "P06", "P08", "P14"):
            member = await who(work, staff_id)
            for desk, case in desks.items():
                offered = "escalate" in actions_open_to(member, case)
                assert offered == ((staff_id, desk) in may), (staff_id, desk)
                if not offered:
                    with pytest.raises((NotEntitled, Impossible)):
                        await escalate(work, member, case.id, SUMMARY)
        for staff_id, desk in may:
            await escalate(work, await who(work, staff_id), desks[desk].id, SUMMARY)
            assert "escalate" not in actions_open_to(await who(work, staff_id), desks[desk])


async def test_a_case_that_names_the_head_or_goes_before_one_pair_of_eyes_is_shown_to_no_head(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        leader = await who(work, "P05")
        named = await lay(work, "桥要塌了", shut_out=[HEAD])
        with pytest.raises(NobodyMaySee):
            await escalate(work, leader, named.id, SUMMARY)
        case = await lay(work, "桥要塌了")
        await escalate(work, leader, case.id, SUMMARY)
        case.desk = Desk.leader("T1")
        with pytest.raises(NotEntitled):
            shown_instruction(await who(work, HEAD), case)
        assert (await instructed_cases(work, await who(work, HEAD))).rows == []
        other = await lay(work, "桥要塌了")
        work.session.add(Recusal(staff_id=HEAD, unit_id="U1", state=RecusalState.ORDERED, reason="籍贯"))
        await work.session.flush()
        expire_directory(work.session)
        with pytest.raises(NobodyMaySee):
            await escalate(work, leader, other.id, SUMMARY)


async def test_the_register_is_in_the_order_of_days_and_of_what_one_may_know(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        cases = [await lay(work, "桥要塌了") for _ in range(3)]
        for case in cases:
            await escalate(work, await who(work, "P05"), case.id, SUMMARY)
        await instruct(work, await who(work, HEAD), cases[0].id, Order.SUPERVISE)
        await instruct(work, await who(work, HEAD), cases[1].id, Order.FINISH)
        expected = [cases[2].id, cases[1].id, cases[0].id]
        for staff_id, listed in ((HEAD, expected), ("P05", expected), ("P03", expected), ("P08", []), ("P14", [])):
            assert [case.id for case in (await instructed_cases(work, await who(work, staff_id))).rows] == listed
        for case in cases[:2]:
            case.state, case.is_open = CaseState.CLOSED, False
        cases[2].desk = Desk.leader("T1")  # and before one pair of eyes a case is in no register
        for _ in range(PAGE_SIZE + 1):
            case = await lay(work, "桥要塌了")
            await escalate(work, await who(work, "P05"), case.id, SUMMARY)
        for staff_id in (HEAD, "P03"):
            reader = await who(work, staff_id)
            first = await instructed_cases(work, reader)
            second = await instructed_cases(work, reader, first.more_after)
            assert (len(first.rows), len(second.rows), second.more_after) == (PAGE_SIZE, 1, None)
            ended = await instructed_cases(work, reader, ended=True)
            assert [case.id for case in ended.rows] == [cases[0].id, cases[1].id]


async def test_what_was_summed_up_is_erased_with_what_was_said(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        case = await lay(work, "桥要塌了")
        await escalate(work, await who(work, "P05"), case.id, SUMMARY)
        await erase_cases(work, [case.id])
        await work.session.refresh(case)
        assert case.instruction is None
        assert case.instruction_on is None


async def test_from_the_leaders_phone_to_the_heads_and_back(deployment: Deployment) -> None:
    leader, head = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol("P05", HEAD)]
    number = await laid(deployment, "桥要塌了")
    leader.say(number)
    await leader.press("1.case.escalate")
    await leader.reads("请用自己的话写清楚")
    leader.say(SUMMARY)
    await leader.reads("请看好")
    await leader.press("1.form.send.escalate_case")
    await head.reads("古石生请您批示")
    assert "批示已记下" in await head.press(f"1.instruction.give.{number}.finish")
    await head.reads("抓紧办结，11月29日前")
    await leader.reads(f"{number} 有批示")
    head.say("/instructions")
    await head.reads("批示登记")
    await head.press("1.instruction.show")
    async with deployment.database.reading() as session:
        case = await session.get_one(Case, number)
        assert case.instruction is not None


async def test_a_brief_counts_what_lies_on_the_teams_desk_alone(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await lay(work, "路坏了", came=at(4))
        await lay(work, "路坏了", came=at(22, 12))
        await lay(work, "路坏了", came=at(22), state=CaseState.ANSWERED)
        await lay(work, "路坏了", came=at(4), desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        await lay(work, "路坏了", came=at(4), desk=Desk.team("T2"), team="T2")
        await lay(work, "路坏了", came=at(4), shut_out=["P05"])
        found = await situation_of(work, await who(work, "P05"), "T1")
        assert (found.open_cases, found.new, found.due_today, found.late, found.unanswered) == (3, 2, 1, 1, 2)
        assert found.times == 3
        for staff_id in ("P06", "P08", "P03"):
            with pytest.raises(NotEntitled):
                await situation_of(work, await who(work, staff_id), "T1")


async def test_a_leader_sends_the_office_the_numbers_and_a_sentence(deployment: Deployment) -> None:
    accounts = await deployment.enrol("P05", "P03", "P04", "P06")
    leader, director, clerk, member = [PhoneUser(deployment.simulator, one) for one in accounts]
    await laid(deployment, "路坏了")
    leader.say("/brief")
    await leader.reads("在办：1 件，共反映 1 次")
    leader.say("本周把危桥先办完")
    await leader.reads("本周把危桥先办完")
    await leader.press("1.form.send.brief_office")
    for one in (director, clerk):
        said = await one.reads("县委第一巡察组情况")
        assert "在办：1 件，共反映 1 次" in said.text
        assert "本周把危桥先办完" in said.text
        assert "古石生 报" in said.text
    member.say("/brief")
    await member.reads("由组长来办")
    assert not [one for one in deployment.simulator.messages(member.person) if "情况\n" in one.text]


async def test_the_numbers_of_another_team_are_looked_at_anew_before_they_are_sent(deployment: Deployment) -> None:
    async with deployment.database.transaction() as session:
        session.add(StaffRole(staff_id="P05", role=Role.TEAM_LEADER, team_id="T2", fields=[]))
    [account] = await deployment.enrol("P05")
    leader = PhoneUser(deployment.simulator, account)
    leader.say("/brief")
    teams = await leader.reads("报哪个组的情况")
    first, second = [
        one.data for row in teams.buttons for one in row if one.data.startswith("1.form.choose.brief_office-team")
    ]
    await leader.press(first)
    await leader.press("1.form.choose.brief_office-words")
    preview = await leader.can_press("1.form.send.brief_office")
    deployment.simulator.press_data(leader.person, teams.message_id, second)
    await leader.reads("要补充一句", after=preview.message_id)
