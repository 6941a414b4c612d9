"""What is to be done about a case until a day, and what a matter means for people."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.cases.card import private_card
from models.case_tasks import CaseTask, CaseTaskKind
from models.complaints import Case
from models.instruction import Order
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.dialogue import ContainsContact
from services.cases.impact import Impact, impact_of, impacts_told, set_impact
from services.cases.instruct import escalate, instruct
from services.cases.notices import CaseTaskDue, CaseTaskLate, InstructionLate
from services.cases.quoting import QuotesReporter
from services.cases.tasks import DayUnfit, end_visit, plan_visit, task_of, tell_of_tasks
from services.retention.erase import erase_cases
from tests.conftest import OpenWork
from tests.integration.cases.conftest import labels, lay, queued_for, rendered
from tests.integration.rectification.conftest import at
from texts.catalogue import Words

HEAD, LEADER, MEMBER, COLLEAGUE, OTHER_LEADER = "P01", "P05", "P06", "P07", "P08"
MONDAY = at(23)  # in working hours
SAID = "石桥断了三个月，孩子上学要绕到对面山上走四十分钟，我叫邓长庚"


async def a_case(county: OpenWork, *, owner: str | None = MEMBER) -> str:
    async with county(now=MONDAY) as work:
        case = await lay(work, SAID)
        case.owner_id = owner
        return case.id


async def test_a_visit_is_told_on_its_day_and_once_when_it_is_late_and_ends_with_a_press(county: OpenWork) -> None:
    case_id = await a_case(county)
    async with county(now=MONDAY) as work:
        who = await member(work.session, MEMBER)
        for unfit in (MONDAY.date() - timedelta(days=1), MONDAY.date() + timedelta(days=400)):
            with pytest.raises(DayUnfit):
                await plan_visit(work, who, case_id, unfit)
        case = await plan_visit(work, who, case_id, MONDAY.date() + timedelta(days=3))
        card = await private_card(work, Words("zh_Hans"), who, case)
        assert card is not None
        assert "11月26日" in card.text
        assert "🔁 已去过" in labels(card)
        await tell_of_tasks(work)
        assert not await queued_for(work, f"staff:{MEMBER}", CaseTaskDue.kind)
    async with county(now=at(26)) as work:
        await tell_of_tasks(work)
        await tell_of_tasks(work)
        [due] = await queued_for(work, f"staff:{MEMBER}", CaseTaskDue.kind)
        said = await rendered(work, f"staff:{MEMBER}", due)
        assert said is not None
        assert "再去看一次" in said.text
        assert not await queued_for(work, f"staff:{LEADER}", CaseTaskDue.kind)
        assert await rendered(work, f"staff:{OTHER_LEADER}", due) is None
    async with county(now=at(27)) as work:
        await tell_of_tasks(work)
        await tell_of_tasks(work)
        for staff_id in (MEMBER, LEADER):
            assert len(await queued_for(work, f"staff:{staff_id}", CaseTaskLate.kind)) == 1
        [late] = await queued_for(work, f"staff:{LEADER}", CaseTaskLate.kind)
        who = await member(work.session, MEMBER)
        case = await end_visit(work, who, case_id)
        assert await rendered(work, f"staff:{LEADER}", late) is None, "it is done"
        with pytest.raises(Impossible):
            await end_visit(work, who, case_id)


async def test_who_does_not_work_on_a_case_plans_nothing_for_it(county: OpenWork) -> None:
    case_id = await a_case(county)
    async with county(now=MONDAY) as work:
        for staff_id in (COLLEAGUE, OTHER_LEADER, HEAD):
            somebody = await member(work.session, staff_id)
            with pytest.raises(NotEntitled):
                await plan_visit(work, somebody, case_id, MONDAY.date())
            with pytest.raises(NotEntitled):
                await set_impact(work, somebody, case_id, "群众要绕路")
        (await work.session.get_one(Case, case_id)).owner_id = None
        await plan_visit(work, await member(work.session, COLLEAGUE), case_id, MONDAY.date())


async def test_the_day_of_an_instruction_is_told_before_and_the_head_hears_when_it_is_late(county: OpenWork) -> None:
    case_id = await a_case(county)
    async with county(now=MONDAY) as work:
        await escalate(work, await member(work.session, LEADER), case_id, "桥年久失修，请定由谁出钱修")
        case = await instruct(work, await member(work.session, HEAD), case_id, Order.FINISH)
        task = await task_of(work, case, CaseTaskKind.INSTRUCTION)
        assert task is not None
        assert task.due_on == case.instruction_on == MONDAY.date() + timedelta(days=7)
    async with county(now=MONDAY + timedelta(days=7)) as work:  # nobody looked for a week
        await tell_of_tasks(work)
        assert len(await queued_for(work, f"staff:{MEMBER}", CaseTaskDue.kind)) == 1
        assert not await queued_for(work, f"staff:{HEAD}", InstructionLate.kind)
    async with county(now=MONDAY + timedelta(days=8)) as work:
        await tell_of_tasks(work)
        [late] = await queued_for(work, f"staff:{HEAD}", InstructionLate.kind)
        said = await rendered(work, f"staff:{HEAD}", late)
        assert said is not None
        assert "邓长庚" not in said.text
        assert len(await queued_for(work, f"staff:{LEADER}", CaseTaskLate.kind)) == 1
        assert await rendered(work, f"staff:{OTHER_LEADER}", late) is None
        case = await work.session.get_one(Case, case_id)
        case.state, case.is_open = CaseState.CLOSED, False
        assert await rendered(work, f"staff:{HEAD}", late) is None


async def test_what_a_matter_means_is_the_teams_words_and_goes_with_what_was_said(county: OpenWork) -> None:
    case_id = await a_case(county)
    async with county(now=MONDAY) as work:
        who = await member(work.session, MEMBER)
        case = await work.session.get_one(Case, case_id)
        assert await impacts_told(work, who, case) == [Impact.DETOUR, Impact.SCHOOL]
        assert await impacts_told(work, await member(work.session, OTHER_LEADER), case) == []
        for words, refused in ((f"来信说{SAID[:25]}", QuotesReporter), ("请打13900001111", ContainsContact)):
            with pytest.raises(refused):
                await set_impact(work, who, case_id, words)
        case = await set_impact(work, who, case_id, "学生绕远路，邓长庚家也是")
        assert "邓长庚" not in impact_of(work, case)
        card = await private_card(work, Words("zh_Hans"), who, case)
        assert card is not None
        assert "学生绕远路" in card.text
        assert "学生绕远路".encode() not in (case.impact or b"")
        await plan_visit(work, who, case_id, MONDAY.date())
        await erase_cases(work, [case_id])
        await work.session.refresh(case)
        assert case.impact is None
        assert await work.session.scalar(select(CaseTask.case_id)) is None
