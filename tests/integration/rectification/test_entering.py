"""How items come in: drafts that are filled in, the feedback list as a file, other units, and leaders' own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.item_drafts import ItemDraft
from models.rectification import CaseItem, CopyTo, ItemCopy, ItemSource, RectificationItem
from models.staff import Recusal, RecusalState
from models.states import Actor, Impossible, ItemState, NotEntitled
from services.directory import expire_directory
from services.docket.entries import entry_seen, put_item
from services.evaluation.item_ledger import item_ledger_of
from services.rectification.answering_units import acknowledge_along
from services.rectification.digest import DigestHeading, NextStep, read_today
from services.rectification.feedback_list import CellFault, Column, ListChanged, ListPlan, Will, do_list, plan_list
from services.rectification.issue_item import issue_item
from services.rectification.item_drafts import begin_draft, change_draft, drafts_of, issue_draft, read_draft
from services.rectification.item_log import events_of
from services.rectification.list_items import ItemFilter, open_items
from services.rectification.order import Incomplete, NewItem, Part
from services.rectification.remind import remind_unit_heads
from services.rectification.unit_actions import acknowledge, report_progress, submit
from services.table_file import TableRow
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, at, queued, reminders, who
from tests.items import ASPECT, new_item
from tests.notices import notice_of, rendered_for

DUE = date(2026, 12, 31)
HEADING = ("编号", "被巡察单位", "反馈问题", "整改要求", "类别", "方面", "整改时限", "工作专班")


def the_list(*rows: tuple[str, ...]) -> list[TableRow]:
    return [TableRow(number, cells) for number, cells in enumerate([HEADING, *rows], start=1)]


FIRST = ("1", "竹坞镇党委", "三会一课不认真。", "补齐。", "党支部和“四议两公开”", ASPECT, "2026-12-31", "党建办")
SECOND = ("2", "石蒲镇党委", "账目没有公示。", "公示。", "其他", ASPECT, "12月20日", "财政所")


async def brought(work: UnitOfWork, *rows: tuple[str, ...], by: str = "P04") -> ListPlan:
    office, table = await who(work, by), the_list(*rows)
    return await do_list(work, office, "R6", table, (await plan_list(work, office, "R6", table)).digest)


async def test_a_draft_is_no_item_until_nothing_is_missing(county: OpenWork) -> None:
    async with county() as work:
        office, before = await who(work, "P04"), await work.session.scalar(select(func.count(RectificationItem.id)))
        row = await begin_draft(work, office, NewItem("U1", "村务没有公开。", category="party_branch"))
        draft = await read_draft(work, office, row.id)
        assert draft.missing == (Part.REQUIREMENT, Part.ASPECT, Part.TASK_FORCE)
        assert (draft.order.head, draft.order.is_for_head) == ((await work.directory()).names["P14"], True)
        assert {CopyTo.LEADER, CopyTo.UNIT} <= {copy_to for copy_to, _ in draft.order.copies}
        with pytest.raises(Incomplete) as refused:
            await issue_draft(work, office, row.id, row.version)
        assert refused.value.missing == draft.missing
        assert await work.session.scalar(select(func.count(RectificationItem.id))) == before
        assert not await queued(work, "item_event")
        for stranger in ("P14", "P25", "P06", "P08"):  # the unit, a county leader, a member, another team's leader
            with pytest.raises(NotEntitled):
                await read_draft(work, await who(work, stranger), row.id)
            assert not await drafts_of(work, await who(work, stranger))

        whole = replace(draft.order, requirement="公开。", aspect=ASPECT, task_force="党建办", other_units=("U2",))
        shown = row.version
        await change_draft(work, await who(work, "P05"), row.id, whole)  # the leader of its team goes on with it
        with pytest.raises(Impossible):
            await issue_draft(work, office, row.id, shown)  # not what was looked at
        item = await issue_draft(work, office, row.id, row.version)
        assert (item.state, item.unit_ids, item.task_force) == (ItemState.ISSUED, ("U1", "U2"), "党建办")
        assert await work.session.scalar(select(ItemDraft)) is None
        copies = set(await work.session.scalars(select(ItemCopy.recipient_id).where(ItemCopy.item_id == item.id)))
        assert {item.county_leader_id, "U1"} <= copies
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.ITEM_ISSUED))
        assert entry is not None
        assert (entry.by_id, entry.subject, entry.case_id) == ("P04", item.id, None)


async def test_an_item_that_lacks_anything_is_issued_by_nobody(county: OpenWork) -> None:
    async with county() as work:
        with pytest.raises(Incomplete):
            await issue_item(work, await who(work, "P04"), new_item("U1", "甲", DUE, task_force=""))


async def test_an_item_made_from_a_case_does_not_say_so(county: OpenWork) -> None:
    async with county() as work:
        case, leader = await a_verified_case(work), await who(work, "P05")
        order = new_item("U1", "低保评议没有公示。", DUE, source=ItemSource.FEEDBACK)
        row = await begin_draft(work, leader, order, case_id=case.id)
        for other in ("P06", "P08"):
            with pytest.raises(NotEntitled):
                await begin_draft(work, await who(work, other), order, case_id=case.id)
        item = await issue_draft(work, leader, row.id, row.version)
        link = await work.session.scalar(select(CaseItem).where(CaseItem.item_id == item.id))
        assert link is not None
        events = await events_of(work, item)
        rows = [item, *events]
        stored = str([[getattr(one, column.key) for column in one.__table__.columns] for one in rows])
        assert case.id not in stored
        assert (await work.session.get_one(Case, case.id)).state == case.state
        log = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.ITEM_ISSUED))
        assert log is not None
        assert (log.case_id, log.subject) == (case.id, None)  # nothing leads from one to the other


async def test_a_list_is_brought_once_and_a_new_date_in_it_moves_the_items(county: OpenWork) -> None:
    async with county() as work:
        wrong = ("3", "没有这个乡", "问题。", "", "没有", ASPECT, "13月40日", "=1+1")
        plan = await brought(work, FIRST, SECOND, wrong)
        assert [row.will for row in plan.rows] == [Will.ISSUE, Will.ISSUE, Will.NOTHING]
        faults = {(cell.place, cell.fault) for cell in plan.rows[2].wrong}
        assert faults == {("B4", CellFault.NO_UNIT), ("H4", CellFault.FORMULA)}
        items = list(
            await work.session.scalars(select(RectificationItem).where(RectificationItem.list_number.is_not(None)))
        )
        first, second = sorted(items, key=lambda item: item.list_number or "")
        assert (first.unit_id, first.due_on, first.source) == ("U1", DUE, "feedback")
        assert (second.unit_id, second.due_on) == ("U2", date(2026, 12, 20))
        entry = await work.session.scalar(select(AuditEntry).where(AuditEntry.action == Audited.ITEMS_IMPORTED))
        assert entry is not None
        assert (entry.detail["issue"], entry.detail["nothing"]) == (2, 1)

        first.due_on += timedelta(days=5)  # an extension is not undone by the same list
        await work.session.flush()
        again = await brought(work, FIRST, SECOND)
        assert [row.will for row in again.rows] == [Will.LEAVE, Will.LEAVE]
        assert first.due_on == DUE + timedelta(days=5)

        moved = await brought(work, (*FIRST[:6], "2027-01-31", FIRST[7]), ("", *SECOND[1:]))
        assert [row.will for row in moved.rows] == [Will.MOVE, Will.LEAVE]  # the second is known by its words
        assert (first.due_on, first.deadline_version) == (date(2027, 1, 31), 2)
        assert (await events_of(work, first))[-1].event == "reschedule"


async def test_a_village_is_kept_as_its_case_a_row_or_the_author_says_and_only_one_of_the_unit(
    county: OpenWork,
) -> None:
    async with county() as work:
        office, leader, case = await who(work, "P04"), await who(work, "P05"), await a_verified_case(work)
        row = await begin_draft(work, leader, NewItem("U1", "村务没有公开。"), case_id=case.id)
        order = NewItem.of_json(row.content)
        assert order.village_id == case.village_id == "V01"
        await change_draft(work, leader, row.id, replace(order, village_id="V03"))
        assert (await read_draft(work, leader, row.id)).item.village_id == "V03"

        rows = [(*FIRST, "桥头岭村"), (*SECOND, ""), ("3", FIRST[1], "又一个问题。", *FIRST[3:], "没有这个村")]
        table = [TableRow(number, cells) for number, cells in enumerate([(*HEADING, "所在村"), *rows], start=1)]
        plan = await plan_list(work, office, "R6", table)
        assert [one.order.village_id for one in plan.of(Will.ISSUE) if one.order] == ["V02", None]
        assert [(cell.column, cell.fault) for cell in plan.rows[2].wrong] == [(Column.VILLAGE, CellFault.NO_VILLAGE)]


async def test_what_is_not_as_it_was_shown_is_not_done(county: OpenWork) -> None:
    async with county() as work:
        office, table = await who(work, "P04"), the_list(FIRST)
        shown = await plan_list(work, office, "R6", table)
        await brought(work, FIRST)
        with pytest.raises(ListChanged):
            await do_list(work, office, "R6", table, shown.digest)


async def test_a_row_says_what_is_wrong_with_it(county: OpenWork) -> None:
    async with county() as work:
        rows = [
            (*FIRST[:3], "", *FIRST[4:6], "2026-01-01", ""),
            ("9", *FIRST[1:]),
            ("9", *SECOND[1:2], "另一个问题。", *SECOND[3:]),
            ("9", *FIRST[1:2], "又一个问题。", *FIRST[3:5], "别的方面", *FIRST[6:]),
            ("7", "塘岔镇党委", *FIRST[2:]),
        ]
        plan = await plan_list(work, await who(work, "P04"), "R6", the_list(*rows))
        found = [{(cell.column, cell.fault) for cell in row.wrong} for row in plan.rows]
        assert found == [
            {("requirement", CellFault.EMPTY), ("task_force", CellFault.EMPTY), ("due", CellFault.PAST_DAY)},
            {("problem", CellFault.TWICE)},
            set(),
            {("number", CellFault.TWICE)},
            {("unit", CellFault.NOT_IN_ROUND)},
        ]
        led = await plan_list(work, await who(work, "P05"), "R6", the_list(FIRST, SECOND))
        assert [row.will for row in led.rows] == [Will.ISSUE, Will.NOTHING]  # the second is another team's unit
        with pytest.raises(NotEntitled):
            await plan_list(work, await who(work, "P14"), "R6", the_list(FIRST))


async def test_whoever_is_told_of_several_items_of_a_list_is_told_once_and_of_one_as_ever(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        third = ("3", *FIRST[1:2], "经费没有公示。", *FIRST[3:])
        await brought(work, FIRST, SECOND, third)
        items = {
            item.list_number: item
            for item in await work.session.scalars(
                select(RectificationItem).where(RectificationItem.list_number.is_not(None))
            )
        }
        [told] = [one for one in await queued(work, "items_issued") if one.staff_id == "P14"]
        assert set(told.args["item_ids"]) == {items["1"].id, items["3"].id}
        one_by_one = {one.staff_id for one in await queued(work, "item_event")}
        assert "P14" not in one_by_one
        assert "P15" in one_by_one  # the head of a unit that has one of them
        shown = await rendered_for(work, "staff:P14", notice_of("items_issued", told.args))
        assert shown is not None
        assert "2 件" in shown.text
        assert {f"1.item.acknowledge_listed.{items[one].id}" for one in ("1", "3")} <= {
            button.data for row in shown.buttons for button in row
        }
        shown = await rendered_for(work, "staff:P15", notice_of("items_issued", told.args))
        assert shown is None  # neither is theirs to see


async def test_units_that_answer_along_see_the_item_help_and_acknowledge_for_themselves(county: OpenWork) -> None:
    async with county() as work:
        item = await issue_item(work, await who(work, "P04"), new_item("U1", "界河污染。", DUE, other_units=("U2",)))
        lead, other, office = await who(work, "P14"), await who(work, "P15"), await who(work, "P04")
        assert {entry.staff_id for entry in await queued(work, "item_event")} >= {"P14", "P15", "P20", "P21"}
        assert item.id in {one.id for one in (await open_items(work, other)).items}
        assert Actor.UNIT_HEAD not in other.actors_at_item(item)
        await acknowledge_along(work, other, item.id)
        assert [one.acknowledged_on for one in item.others] == [work.today]
        assert item.state.value == "issued"  # the one that leads has not yet
        with pytest.raises(Impossible):
            await acknowledge_along(work, other, item.id)
        for nobody in (lead, office):
            with pytest.raises(NotEntitled):
                await acknowledge_along(work, nobody, item.id)
        await acknowledge(work, lead, item.id)
        await report_progress(work, other, item.id, "已清淤。")
        assert item.state.value == "in_progress"
        with pytest.raises(NotEntitled):
            await submit(work, other, item.id, ["好了。"], [])


async def test_a_unit_that_answers_along_hears_again_and_acknowledges_from_its_digest(county: OpenWork) -> None:
    async with county(now=at(20)) as work:  # a Friday
        order = new_item("U1", "界河污染。", date(2027, 3, 1), other_units=("U2",), county_leader_id="P25")
        item = await issue_item(work, await who(work, "P04"), order)
        await acknowledge(work, await who(work, "P14"), item.id)
        item_id = item.id
    async with county(now=at(25)) as work:
        await remind_unit_heads(work)
        assert (await reminders(work))[item_id] == {"unacknowledged_along": {"P15", "P21"}}
        head = await who(work, "P15")
        [line] = [one for one in await read_today(work, head) if one.item.id == item_id]
        assert (line.heading, line.step) == (DigestHeading.TO_ACKNOWLEDGE, NextStep.ACKNOWLEDGE)
        [digest] = [one for one in await queued(work, "item_digest") if one.staff_id == "P15"]
        shown = await rendered_for(work, "staff:P15", notice_of("item_digest", digest.args))
        assert shown is not None
        assert f"1.item.acknowledge_listed.{item_id}.20261125" in {one.data for row in shown.buttons for one in row}
    async with county(now=at(27)) as work:
        await remind_unit_heads(work)
        assert (await reminders(work))[item_id]["still_unacknowledged_along"] == {"P15", "P21", "P25"}
        await acknowledge_along(work, await who(work, "P15"), item_id)
        leader = await who(work, "P25")
        [line] = [one for one in await read_today(work, leader) if one.item.id == item_id]
        assert line.heading is DigestHeading.IN_HAND


async def test_whoever_is_shut_out_of_a_unit_that_answers_along_has_nothing_to_do_with_the_item(
    county: OpenWork,
) -> None:
    async with county() as work:
        item = await issue_item(work, await who(work, "P04"), new_item("U1", "界河污染。", DUE, other_units=("U2",)))
        entry = await put_item(work, await who(work, "P04"), item.id)
        for reader in ("P02", "P03"):
            assert (await entry_seen(work, await who(work, reader), entry.id)).item is item
            assert item.id in {one.id for one in (await item_ledger_of(work, await who(work, reader), "R6")).items}
            work.session.add(Recusal(staff_id=reader, unit_id="U2", state=RecusalState.ORDERED, reason=""))
            await work.session.flush()
            expire_directory(work.session)
            with pytest.raises(NotEntitled):
                await entry_seen(work, await who(work, reader), entry.id)
            assert item.id not in {one.id for one in (await item_ledger_of(work, await who(work, reader), "R6")).items}


async def test_a_county_leaders_own_item_is_theirs_to_acknowledge_and_hand_in(county: OpenWork) -> None:
    async with county() as work:
        order = new_item("U1", "分管领域隐患排查不到位。", DUE, owner_id="P25", county_leader_id="P23")
        item = await issue_item(work, await who(work, "P04"), order)
        owner, head, signs = await who(work, "P25"), await who(work, "P14"), await who(work, "P23")
        assert [set(one.actors_at_item(item)) for one in (owner, head)] == [{Actor.UNIT_HEAD}, {Actor.LIAISON}]
        waiting = await open_items(work, owner, wanted=ItemFilter(waits_for_reader=True))
        assert item.id in {one.id for one in waiting.items}
        with pytest.raises(NotEntitled):
            await acknowledge(work, head, item.id)
        await acknowledge(work, owner, item.id)
        await submit(work, owner, item.id, ["已排查。"], [])
        assert signs.actors_at_item(item) == {Actor.COUNTY_LEADER}
