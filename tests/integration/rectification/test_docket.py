"""The docket of the leading group, the tasks that come of it, and the accountability list."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.bootstrap import duties
from models.complaints import Case, CaseShutOut
from models.desk import Desk
from models.docket import Accountability, DocketEntry, Measure, Task, TaskKind
from models.rectification import RectificationItem
from models.staff import Recusal, RecusalState
from models.states import AccountabilityState, CaseState, DocketState, Impossible, ItemState, NotEntitled, TaskState
from services.directory import expire_directory
from services.docket.accountability import (
    counted_at,
    enter_for_case,
    enter_for_item,
    line_seen,
    lines_to_review,
    review,
)
from services.docket.entries import (
    ask_again,
    decide,
    docket,
    entry_seen,
    put_case,
    put_item,
    said_in,
    say_why,
    take_back,
)
from services.docket.tasks import call_off as call_off_task
from services.docket.tasks import (
    finish,
    give_opinion,
    move,
    name_matter,
    open_tasks,
    opinions,
    owners_of_opinion,
    remind_of_tasks,
    send_to_visit,
    task_seen,
)
from services.docket.weekly import send_weekly_list
from services.register_pages import PAGE_SIZE
from services.retention.erase import erase_cases
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.integration.rectification.conftest import at, queued, who
from tests.integration.rectification.test_talks import an_item, told
from tests.notices import notice_of, rendered_for
from tests.story import PhoneUser

SAID = "村会计把低保给了他小舅子，一家三口都吃低保，隔壁老人申请三次都没批"
GROUP_HEAD, GROUP, DIRECTOR, OFFICE, LEADER, MEMBER = "P01", "P02", "P03", "P04", "P05", "P06"
HEAD, OTHER_HEAD, COUNTY_LEADER = "P14", "P15", "P25"


def test_the_clock_looks_after_the_docket_and_the_tasks() -> None:
    assert {ask_again, remind_of_tasks, send_weekly_list} <= set(duties())


async def test_a_case_lies_before_the_leading_group_only_as_long_as_it_may(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING, owner_id=MEMBER)
        for other in (MEMBER, "P08", HEAD, OFFICE, GROUP):
            with pytest.raises(NotEntitled):
                await put_case(work, await who(work, other), case.id)
        entry = await put_case(work, await who(work, LEADER), case.id)
        assert (await put_case(work, await who(work, DIRECTOR), case.id)).id == entry.id  # it is there once
        assert await told(work, "docket_asked") == {GROUP_HEAD, GROUP}
        await say_why(work, await who(work, LEADER), entry.id, "请定由哪个部门牵头。")
        assert entry.words == {}
        assert "牵头".encode() not in (entry.sealed or b"")
        seen = await entry_seen(work, await who(work, GROUP), entry.id)
        assert said_in(work, seen)[0] == "请定由哪个部门牵头。"
        shown = await rendered_for(work, f"staff:{GROUP}", notice_of("docket_asked", {"entry_id": entry.id}))
        assert shown is not None
        assert case.id in shown.text
        assert SAID[:8] not in shown.text
        for stranger in (HEAD, OTHER_HEAD, COUNTY_LEADER, "P08", MEMBER):
            with pytest.raises(NotEntitled):
                await entry_seen(work, await who(work, stranger), entry.id)
            assert (await docket(work, await who(work, stranger))).rows == []
        # Whoever is named in it sees nothing, and once it lies before one pair of eyes nobody else does.
        work.session.add(CaseShutOut(case_id=case.id, staff_id=GROUP))
        await work.session.flush()
        assert (await docket(work, await who(work, GROUP))).rows == []
        assert [one.id for one in (await docket(work, await who(work, GROUP_HEAD))).rows] == [entry.id]
        case.desk = Desk.leader("T1")
        await work.session.flush()
        for anybody in (GROUP_HEAD, DIRECTOR, OFFICE):
            assert (await docket(work, await who(work, anybody))).rows == []
            waits = notice_of("docket_waits", {"entry_id": entry.id})
            assert await rendered_for(work, f"staff:{anybody}", waits) is None
        with pytest.raises(NotEntitled):
            await put_case(work, await who(work, LEADER), case.id)
        await erase_cases(work, [case.id])
        assert await work.session.scalar(select(DocketEntry.id)) is None


async def test_the_leading_group_decides_by_a_day_and_says_who_does_what_until_when(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        item = await an_item(work, date(2027, 1, 10))
        entry = await put_item(work, await who(work, OFFICE), item.id)
        entry_id, item_id = entry.id, item.id
        assert entry.decide_by == date(2026, 11, 25)
        with pytest.raises(NotEntitled):
            await decide(work, await who(work, DIRECTOR), entry_id, "同意")
    async with county(now=at(25)) as work:
        await ask_again(work)
        await ask_again(work)
        assert sorted(one.staff_id for one in await queued(work, "docket_waits")) == [GROUP_HEAD, GROUP, OFFICE]
        group = await who(work, GROUP)
        assert {HEAD, COUNTY_LEADER, LEADER, DIRECTOR} <= {
            one.id for one in await owners_of_opinion(work, group, entry_id)
        }
        assert OTHER_HEAD not in {one.id for one in await owners_of_opinion(work, group, entry_id)}
        with pytest.raises(NotEntitled):
            await give_opinion(work, group, entry_id, OTHER_HEAD, date(2026, 12, 1), "牵头修路")
        task = await give_opinion(work, group, entry_id, COUNTY_LEADER, date(2026, 12, 1), "牵头修路")
        seen = await entry_seen(work, group, entry_id)
        assert seen.entry.state is DocketState.DECIDED
        assert await told(work, "task_given") == {COUNTY_LEADER}
        with pytest.raises(NotEntitled):
            await task_seen(work, await who(work, OTHER_HEAD), task.id)
        task_id = task.id
    async with county(now=at(1, month=12)) as work:
        await remind_of_tasks(work)
        await remind_of_tasks(work)
        assert [one.staff_id for one in await queued(work, "task_due")] == [COUNTY_LEADER]
        due = await rendered_for(work, f"staff:{COUNTY_LEADER}", notice_of("task_due", {"task_id": task_id}))
        assert due is not None
        assert item_id in due.text
        with pytest.raises(NotEntitled):
            await move(work, await who(work, COUNTY_LEADER), task_id, date(2026, 12, 8))
        await move(work, await who(work, GROUP), task_id, date(2026, 12, 8))
        await finish(work, await who(work, COUNTY_LEADER), task_id, "路已修通")
        assert await told(work, "task_ended") == {GROUP}
        with pytest.raises(Impossible):
            await finish(work, await who(work, COUNTY_LEADER), task_id, "再报一次")
        for reader in (GROUP, DIRECTOR, COUNTY_LEADER):  # it can be looked up when it is done
            assert (await opinions(work, await who(work, reader))).rows == []
            assert [one.id for one in (await opinions(work, await who(work, reader), ended=True)).rows] == [task_id]
        item = await work.session.get_one(RectificationItem, item_id)
        work.session.add(Recusal(staff_id=OFFICE, unit_id=item.unit_id, state=RecusalState.ORDERED, reason="籍贯"))
        await work.session.flush()
        expire_directory(work.session)
        for stranger in (OFFICE, MEMBER, OTHER_HEAD):
            assert (await opinions(work, await who(work, stranger), ended=True)).rows == []


async def test_who_asked_asks_no_more(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        item = await an_item(work, date(2027, 1, 10))
        entry = await put_item(work, await who(work, LEADER), item.id)
        with pytest.raises(NotEntitled):
            await take_back(work, await who(work, OFFICE), entry.id)
        await take_back(work, await who(work, LEADER), entry.id)
        item.desk = Desk.leader("T1")
        await work.session.flush()
        with pytest.raises(NotEntitled):
            await put_item(work, await who(work, LEADER), item.id)


async def test_a_visit_is_one_persons_and_has_a_result(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work)
        with pytest.raises(NotEntitled):
            await send_to_visit(work, await who(work, OFFICE), item.id, MEMBER, date(2026, 11, 25), "看路面")
        with pytest.raises(NotEntitled):
            await send_to_visit(work, await who(work, DIRECTOR), item.id, HEAD, date(2026, 11, 25), "看路面")
        task = await send_to_visit(work, await who(work, DIRECTOR), item.id, MEMBER, date(2026, 11, 25), "看路面")
        for stranger in (HEAD, "P07", "P08"):
            with pytest.raises(NotEntitled):
                await task_seen(work, await who(work, stranger), task.id)
        assert [one.id for one in (await open_tasks(work, await who(work, MEMBER))).rows] == [task.id]
        await finish(work, await who(work, MEMBER), task.id, "路面还没有修")
        assert task.state is TaskState.DONE


async def test_a_result_that_holds_a_contact_is_written_once_more(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    member = PhoneUser(deployment.simulator, account)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        item = await an_item(work)
        task = await send_to_visit(work, await who(work, DIRECTOR), item.id, MEMBER, work.today, "看路面")
    await member.press(f"1.task.finish.{task.id}")
    await member.reads("办的结果是什么")
    member.say("路面还没有修，请打13812345678问")
    await member.reads("请去掉再写一遍")
    member.say("路面还没有修")
    await member.sees(lambda one: "结果" in one.text and "路面还没有修" in one.text)
    async with deployment.database.reading() as session:
        assert (await session.get_one(Task, task.id)).state is TaskState.DONE


async def test_named_matters_come_to_the_leading_group_each_monday_until_there_is_none(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        await send_weekly_list(work)
        with pytest.raises(NotEntitled):
            await name_matter(work, await who(work, LEADER), "U1", HEAD, date(2026, 12, 1), "三资清查")
        for number in range(PAGE_SIZE + 2):
            await name_matter(work, await who(work, OFFICE), "U1", HEAD, date(2026, 12, 1), f"三资清查{number}")
        first = await open_tasks(work, await who(work, GROUP), kinds=(TaskKind.MATTER,))
        second = await open_tasks(work, await who(work, GROUP), first.more_after, kinds=(TaskKind.MATTER,))
        assert (len(first.rows), len(second.rows), second.more_after) == (PAGE_SIZE, 2, None)
        assert {one.id for one in first.rows}.isdisjoint(one.id for one in second.rows)
        assert (await open_tasks(work, await who(work, OTHER_HEAD))).rows == []
        await send_weekly_list(work)
        assert await queued(work, "weekly_list") == []
    async with county(now=at(23)) as work:  # a Monday
        await send_weekly_list(work)
        await send_weekly_list(work)
        assert sorted(one.staff_id for one in await queued(work, "weekly_list")) == [GROUP_HEAD, GROUP]
        shown = await rendered_for(work, f"staff:{GROUP}", notice_of("weekly_list", {}))
        assert shown is not None
        assert "点人点事" in shown.text
        for task in await work.session.scalars(select(Task)):
            await call_off_task(work, await who(work, OFFICE), task.id)
        assert await rendered_for(work, f"staff:{GROUP}", notice_of("weekly_list", {})) is None
    async with county(now=at(30)) as work:
        before = len(await queued(work, "weekly_list"))
        await send_weekly_list(work)
        assert len(await queued(work, "weekly_list")) == before
        await name_matter(work, await who(work, OFFICE), "U1", HEAD, date(2026, 12, 20), "三资清查")
    async with county(now=at(1, month=12)) as work:  # what comes up within a week waits for the next
        await send_weekly_list(work)
        assert len(await queued(work, "weekly_list")) == before
    async with county(now=at(8, month=12)) as work:  # a Tuesday: on the Monday nobody was looking
        await send_weekly_list(work)
        await send_weekly_list(work)
        assert len(await queued(work, "weekly_list")) == before + 2


async def test_a_task_about_what_is_over_is_called_off_and_both_are_told(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work, date(2027, 1, 10))
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        entry = await put_item(work, await who(work, OFFICE), item.id)
        of_case = await put_case(work, await who(work, LEADER), case.id)
        group = await who(work, GROUP)
        opinion = await give_opinion(work, group, of_case.id, LEADER, date(2026, 12, 20), "牵头修路")
        visit = await send_to_visit(work, await who(work, DIRECTOR), item.id, MEMBER, date(2026, 12, 20), "看路面")
        await remind_of_tasks(work)
        assert visit.state is TaskState.OPEN
        item.state, item.is_open = ItemState.CLEARED, False
        case.state, case.is_open = CaseState.CLOSED, False
        await work.session.flush()
        tasks, entry_id = {visit.id: {MEMBER, DIRECTOR}, opinion.id: {LEADER, GROUP}}, entry.id
    async with county(now=at(24)) as work:
        for _ in range(2):
            await remind_of_tasks(work)
            await ask_again(work)
        ended = await queued(work, "task_ended")
        assert {one: {told.staff_id for told in ended if told.args["task_id"] == one} for one in tasks} == tasks
        assert len(ended) == 4
        assert {(await work.session.get_one(Task, one)).state for one in tasks} == {TaskState.CALLED_OFF}
        assert (await work.session.get_one(DocketEntry, entry_id)).state is DocketState.TAKEN_BACK
        shown = await rendered_for(work, f"staff:{MEMBER}", notice_of("task_ended", {"task_id": visit.id}))
        assert shown is not None
        assert "已经办结" in shown.text


async def test_a_page_behind_what_is_nothing_or_not_theirs_is_the_first(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        office = await who(work, OFFICE)
        for unit, owner, day in (("U1", HEAD, 9), ("U2", OTHER_HEAD, 3), ("U1", HEAD, 1)):
            await name_matter(work, office, unit, owner, date(2026, 12, day), f"三资清查{day}")
        other = (await open_tasks(work, await who(work, OTHER_HEAD))).rows[0]
        whole = [one.id for one in (await open_tasks(work, await who(work, HEAD))).rows]
        for after in ("", "nothing", "９" * 60, other.id):
            assert [one.id for one in (await open_tasks(work, await who(work, HEAD), after)).rows] == whole


async def test_who_was_dealt_with_counts_once_somebody_else_has_reviewed_it(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work)
        for other in (HEAD, MEMBER, OTHER_HEAD):
            with pytest.raises(NotEntitled):
                await enter_for_item(work, await who(work, other), item.id, Measure.CHECKED, 2)
        line = await enter_for_item(work, await who(work, DIRECTOR), item.id, Measure.CHECKED, 2)
        with pytest.raises(ValueError, match="0 people"):
            await enter_for_item(work, await who(work, DIRECTOR), item.id, Measure.CHECKED, 0)
        assert await counted_at(work, await who(work, GROUP), item=item) == {}
        with pytest.raises(NotEntitled):
            await review(work, await who(work, DIRECTOR), line.id, "count")
        with pytest.raises(NotEntitled):
            await line_seen(work, await who(work, HEAD), line.id)
        assert [one.id for one in (await lines_to_review(work, await who(work, GROUP))).rows] == [line.id]
        shown = await rendered_for(work, f"staff:{GROUP}", notice_of("accountability", {"line_id": line.id}))
        assert shown is not None
        assert "2 人" in shown.text
        await review(work, await who(work, GROUP), line.id, "count")
        assert await counted_at(work, await who(work, GROUP), item=item) == {Measure.CHECKED: 2}
        assert await counted_at(work, await who(work, HEAD), item=item) == {}
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        of_case = await enter_for_case(work, await who(work, LEADER), case.id, Measure.PARTY, 1)
        await review(work, await who(work, DIRECTOR), of_case.id, "send_back")
        assert of_case.state is AccountabilityState.SENT_BACK
        assert await counted_at(work, await who(work, LEADER), case=case) == {}
        # Before one pair of eyes nobody else can review it.
        case.desk = Desk.leader("T1")
        await work.session.flush()
        alone = await enter_for_case(work, await who(work, LEADER), case.id, Measure.OFFICE, 3)
        waiting = notice_of("accountability_waits", {})
        alone_id, of_case_id, case_id = alone.id, of_case.id, case.id
        assert await rendered_for(work, f"staff:{DIRECTOR}", waiting) is None
    async with county(now=at(30)) as work:
        await send_weekly_list(work)
        assert {LEADER, DIRECTOR, GROUP} <= {one.staff_id for one in await queued(work, "accountability_waits")}
        shown = await rendered_for(work, f"staff:{LEADER}", waiting)
        assert shown is not None
        assert "3 人" in shown.text
        await review(work, await who(work, LEADER), alone_id, "count")
        assert await rendered_for(work, f"staff:{LEADER}", waiting) is None
        case = await work.session.get_one(Case, case_id)
        assert await counted_at(work, await who(work, LEADER), case=case) == {Measure.OFFICE: 3}
        assert (await work.session.get_one(Accountability, of_case_id)).state is AccountabilityState.SENT_BACK
