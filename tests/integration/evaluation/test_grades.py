"""Grades of a round: computed from sums, confirmed as they were looked at, told to each level what is its own."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from handlers.evaluation.card import round_card, unit_card
from models.audit import Audited, AuditEntry
from models.complaints import CaseShutOut
from models.desk import Desk
from models.evaluation import ReportCard
from models.publication import Grade
from models.rectification import CaseItem, RectificationItem
from models.rounds import Department, DepartmentKind
from models.staff import Recusal, RecusalState
from models.states import Impossible, ItemState, NotEntitled
from services.evaluation.clearance import clearance_of
from services.evaluation.counts import counts_of_items, counts_of_units
from services.evaluation.evaluate import (
    ChangedSince,
    compute,
    confirm,
    graded_round,
    reconsider,
    release,
    report_card,
    rounds_with_grades,
)
from services.evaluation.item_ledger import item_ledger_of
from services.evaluation.notices import RoundFileKind
from services.evaluation.report import ReportView, report_of, take_file
from services.evaluation.score_sheet import UnitCounts
from services.rectification.issue_item import issue_item
from services.rounds.change_round_state import GradesNotConfirmed, change_round_state
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, queued, who
from tests.items import new_item
from texts.catalogue import Words

HEAD_OF_GROUP, DIRECTOR, CLERK, HEAD = "P01", "P03", "P04", "P17"
COUNTY_LEADER, ORGANISATION = "P25", "P35"
ROUND = "R5"
HOUSING, GRAIN = "U4", "县粮食和物资储备中心党组"


async def complained_of(work: UnitOfWork, unit_id: str, category: str, count: int, **facts: object) -> None:
    for _ in range(count):
        case = await a_verified_case(work, unit_id=unit_id)
        case.round_id, case.category = ROUND, category
        for name, value in facts.items():
            setattr(case, name, value)
    await work.session.flush()


async def test_grades_go_from_the_office_to_leaders_to_units_and_each_sees_its_own(county: OpenWork) -> None:
    async with county() as work:
        await complained_of(work, HOUSING, "road", 5)
        await complained_of(work, HOUSING, "three_assets", 4)
        await complained_of(work, HOUSING, "wages_owed", 5, concerns_head=True)
        director, clerk, group = [await who(work, one) for one in (DIRECTOR, CLERK, HEAD_OF_GROUP)]
        leader, unit = await who(work, COUNTY_LEADER), await who(work, HEAD)
        with pytest.raises(NotEntitled):
            await compute(work, group, ROUND)
        await compute(work, clerk, ROUND)
        found = await graded_round(work, director, ROUND)
        grades = {one.unit_id: one.grade for one in found.cards}
        assert grades[GRAIN] == Grade.GOOD
        assert grades[HOUSING] == Grade.POOR
        housing = next(one for one in found.cards if one.unit_id == HOUSING)
        assert housing.topics == {"road": 5}  # four are too few, and what concerns the head is for one pair of eyes
        for early in (group, leader, unit):
            with pytest.raises(NotEntitled):
                await graded_round(work, early, ROUND)
        with pytest.raises(NotEntitled):
            await confirm(work, clerk, ROUND, 1)
        await confirm(work, director, ROUND, 1)
        assert {one.staff_id for one in await queued(work, "grades_confirmed")} == {"P01", "P02", "P23", "P24", "P25"}
        assert next(one for one in (await graded_round(work, group, ROUND)).cards if one.unit_id == HOUSING).topics
        assert not any(one.topics for one in (await graded_round(work, leader, ROUND)).cards)
        with pytest.raises(NotEntitled):
            await report_card(work, unit, housing.id)
        await release(work, director, ROUND, with_places=False)
        assert [(one.staff_id, one.args) for one in await queued(work, "report_card_released")] == [
            (HEAD, {"card_id": housing.id})
        ]
        own = (await graded_round(work, unit, ROUND)).cards
        assert [(one.unit_id, one.place, dict(one.topics)) for one in own] == [(HOUSING, None, {})]
        assert (own[0].grade, own[0].counts, own[0].score) == (housing.grade, housing.counts, None)
        assert ROUND in {one.id for one in await rounds_with_grades(work, unit)}
        with pytest.raises(Impossible):
            await reconsider(work, director, ROUND)
        written = [one.action for one in await work.session.scalars(select(AuditEntry).order_by(AuditEntry.number))]
        assert written[-3:] == [Audited.GRADES_COMPUTED, Audited.GRADES_CONFIRMED, Audited.GRADES_RELEASED]


async def test_what_is_confirmed_is_what_was_looked_at_and_stays_as_it_was(county: OpenWork) -> None:
    async with county() as work:
        director = await who(work, DIRECTOR)
        await compute(work, director, ROUND)
        card_ids = {one.id for one in (await graded_round(work, director, ROUND)).cards}
        await compute(work, director, ROUND)
        assert {one.id for one in (await graded_round(work, director, ROUND)).cards} == card_ids
        with pytest.raises(ChangedSince):
            await confirm(work, director, ROUND, 1)
        with pytest.raises(GradesNotConfirmed):
            await change_round_state(work, ROUND, "archive", by=director)
        await confirm(work, director, ROUND, 2)
        before = (await graded_round(work, director, ROUND)).cards
        for item in await work.session.scalars(select(RectificationItem).where(RectificationItem.round_id == ROUND)):
            item.state = ItemState.CLEARED
        await work.session.flush()
        assert (await graded_round(work, director, ROUND)).cards == before
        with pytest.raises(Impossible):
            await compute(work, director, ROUND)
        assert (await change_round_state(work, ROUND, "archive", by=director)).id == ROUND


async def test_who_is_shut_out_of_a_unit_sees_neither_its_card_nor_its_numbers(county: OpenWork) -> None:
    async with county() as work:
        await compute(work, await who(work, DIRECTOR), ROUND)
        before = await report_of(work, await who(work, CLERK), ROUND, ReportView.MEETING)
        work.session.add(Recusal(staff_id=CLERK, unit_id=HOUSING, reason="亲属", state=RecusalState.DECLARED))
        await work.session.flush()
        clerk = await who(work, CLERK)
        [card] = await work.session.scalars(select(ReportCard).where(ReportCard.unit_id == HOUSING))
        with pytest.raises(NotEntitled):
            await report_card(work, clerk, card.id)
        assert HOUSING not in {one.unit_id for one in (await graded_round(work, clerk, ROUND)).cards}
        after = await report_of(work, clerk, ROUND, ReportView.MEETING)
        assert after.situation.items == before.situation.items - 1
        assert HOUSING not in {one.key for one in after.by_unit}


async def test_what_is_for_one_pair_of_eyes_counts_in_nothing(county: OpenWork) -> None:
    async with county() as work:
        item = await work.session.get_one(RectificationItem, "RI06")
        item.desk = Desk.leader("T1")
        await work.session.flush()
        assert GRAIN not in counts_of_units(await counts_of_items(work, ROUND))
        assert item.id not in {one.id for one in (await item_ledger_of(work, await who(work, DIRECTOR), ROUND)).items}


async def test_a_card_counts_for_its_reader_all_orders_that_this_one_reads(county: OpenWork) -> None:
    async with county() as work:
        director, unit = await who(work, DIRECTOR), await who(work, HEAD)
        [ordinary] = await work.session.scalars(select(RectificationItem).where(RectificationItem.unit_id == HOUSING))
        ordinary.county_leader_id, case = COUNTY_LEADER, await a_verified_case(work, unit_id=HOUSING)
        work.session.add(CaseItem(case_id=case.id, item_id=ordinary.id))
        hidden = await issue_item(work, director, new_item(HOUSING, "说明工程款的去向", work.today + timedelta(days=9)))
        hidden.desk, hidden.county_leader_id, hidden.round_id = Desk.leader("T1"), COUNTY_LEADER, ROUND
        await work.session.flush()
        await compute(work, director, ROUND)
        await confirm(work, director, ROUND, 1)
        await release(work, director, ROUND, with_places=True)
        seen = {}
        for reader in (DIRECTOR, HEAD_OF_GROUP, COUNTY_LEADER, "P24", HEAD):
            person = await who(work, reader)
            [seen[reader]] = [one for one in (await graded_round(work, person, ROUND)).cards if one.unit_id == HOUSING]
        counted = {reader: one.counts.items for reader, one in seen.items()}
        assert counted == {DIRECTOR: 1, HEAD_OF_GROUP: 1, COUNTY_LEADER: 2, "P24": 1, HEAD: 2}
        work.session.add(CaseShutOut(case_id=case.id, staff_id=CLERK))
        await work.session.flush()
        [named] = [
            one for one in (await graded_round(work, await who(work, CLERK), ROUND)).cards if one.unit_id == HOUSING
        ]
        assert named.counts == UnitCounts()
        assert len({(one.grade, one.place) for one in seen.values()}) == 1
        # Points of other counts than the grade was made of would not add up to it.
        assert {reader for reader, one in seen.items() if one.score is not None} == {DIRECTOR, HEAD_OF_GROUP}
        read = [one for one in (await item_ledger_of(work, unit, ROUND)).items if one.unit_id == HOUSING]
        assert len(read) == seen[HEAD].counts.items
        words = Words("zh_Hans")
        shown = (await unit_card(work, words, seen[HEAD])).text
        assert "评分表" not in shown
        assert "评分表" in (await unit_card(work, words, seen[DIRECTOR])).text
        await round_card(work, words, unit, await graded_round(work, unit, ROUND), ())


async def test_a_unit_whose_items_lie_on_one_desk_is_graded_for_who_reads_them_and_is_not_there_for_others(
    county: OpenWork,
) -> None:
    async with county() as work:
        director = await who(work, DIRECTOR)
        await compute(work, director, ROUND)
        before = {one.unit_id: one.place for one in (await graded_round(work, director, ROUND)).cards}
        item = (await work.session.scalars(select(RectificationItem).where(RectificationItem.unit_id == HOUSING))).one()
        item.desk, item.county_leader_id = Desk.leader("T1"), COUNTY_LEADER
        await work.session.flush()
        await compute(work, director, ROUND)
        await confirm(work, director, ROUND, 2)
        await release(work, director, ROUND, with_places=True)
        of_units = len(before) - 1
        for reader in (DIRECTOR, CLERK, HEAD_OF_GROUP, "P24"):
            cards = (await graded_round(work, await who(work, reader), ROUND)).cards
            assert {one.unit_id for one in cards} == before.keys() - {HOUSING}
            assert {one.of_units for one in cards} == {of_units}
        report = await report_of(work, await who(work, HEAD_OF_GROUP), ROUND, ReportView.ALONE)
        assert sum(report.grades.values()) == of_units
        for reader in (HEAD, COUNTY_LEADER):
            cards = (await graded_round(work, await who(work, reader), ROUND)).cards
            [own] = [one for one in cards if one.unit_id == HOUSING]
            assert (own.grade, own.counts.items, own.score) == (Grade.POOR, 1, None)
            assert (own.place, own.of_units) == (of_units, of_units)  # the last, and there is no place behind it
        [told] = await queued(work, "report_card_released")
        assert told.staff_id == HEAD
        case = await a_verified_case(work, unit_id=HOUSING)
        work.session.add(CaseItem(case_id=case.id, item_id=item.id))
        work.session.add(CaseShutOut(case_id=case.id, staff_id=COUNTY_LEADER))
        await work.session.flush()
        named = (await graded_round(work, await who(work, COUNTY_LEADER), ROUND)).cards
        assert HOUSING not in {one.unit_id for one in named}


async def test_reports_and_files_are_for_those_whom_they_are_for(county: OpenWork) -> None:
    async with county() as work:
        group, member, director = [await who(work, one) for one in (HEAD_OF_GROUP, "P02", DIRECTOR)]
        unit, leader = await who(work, HEAD), await who(work, COUNTY_LEADER)
        assert (await report_of(work, group, ROUND, ReportView.ALONE)).situation.items == 6
        for other in (member, director):
            with pytest.raises(NotEntitled):
                await report_of(work, other, ROUND, ReportView.ALONE)
            assert (await report_of(work, other, ROUND, ReportView.LIVE)).behind
        for kind in (RoundFileKind.SUMMARY, RoundFileKind.SLIDE):
            with pytest.raises(NotEntitled):
                await take_file(work, leader, ROUND, kind)
        await take_file(work, unit, ROUND, RoundFileKind.ITEMS)
        assert {one.unit_id for one in (await item_ledger_of(work, unit, ROUND)).items} == {HOUSING}
        assert {one.county_leader_id for one in (await item_ledger_of(work, leader, ROUND)).items} == {COUNTY_LEADER}
        with pytest.raises(NotEntitled):
            await take_file(work, await who(work, ORGANISATION), ROUND, RoundFileKind.ITEMS)
        last = await work.session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
        assert last is not None
        assert (last.action, last.by_id, last.subject) == (Audited.RECTIFICATION_TAKEN, HEAD, ROUND)


async def test_the_organisation_department_is_answered_with_two_counts_and_each_question_is_written_down(
    county: OpenWork,
) -> None:
    async with county() as work:
        assert (await work.session.get_one(Department, "D10")).kind is DepartmentKind.ORGANISATION  # by its name
        for other in (DIRECTOR, "P26", HEAD):
            with pytest.raises(NotEntitled):
                await clearance_of(work, await who(work, other), HOUSING)
        found = await clearance_of(work, await who(work, ORGANISATION), "塘岔镇党委")
        assert (found.open, found.cleared) == (2, 0)
        [behind, _] = await work.session.scalars(
            select(RectificationItem).where(RectificationItem.unit_id == "塘岔镇党委")
        )
        case = await a_verified_case(work)
        work.session.add(CaseItem(case_id=case.id, item_id=behind.id))
        work.session.add(CaseShutOut(case_id=case.id, staff_id=ORGANISATION))
        await work.session.flush()
        found = await clearance_of(work, await who(work, ORGANISATION), "塘岔镇党委")
        assert (found.open, found.cleared) == (1, 0)
        last = await work.session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
        assert last is not None
        assert (last.action, last.by_id, last.subject) == (Audited.CLEARANCE_ASKED, ORGANISATION, "塘岔镇党委")


async def test_the_units_of_a_round_are_counted_by_one_statement(county: OpenWork) -> None:
    async with county() as work:
        (await work.session.get_one(RectificationItem, "RI06")).system_built = "资产清查制度"
        await work.session.flush()
        statements: list[str] = []
        connection = await work.session.connection()

        def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
            statements.append(statement)

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        counts = counts_of_units(await counts_of_items(work, ROUND))
        assert len(statements) == 1
        assert (counts[GRAIN].done, counts[GRAIN].in_time, counts[GRAIN].system_built) == (1, 1, 1)
