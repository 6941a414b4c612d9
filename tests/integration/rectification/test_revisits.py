"""What was put right is looked at again: drawn by lot, by several bodies, in visits a unit may not know of."""

import io
import zipfile
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from bot.bootstrap import duties
from handlers.items.card import item_text
from handlers.people.audit import audit_page
from models.audit import Audited, AuditEntry
from models.complaints import CaseShutOut
from models.rectification import CaseItem, ItemEvent, RectificationItem
from models.revisits import Body, Evaluator, Revisit, RevisitItem, RevisitVisit, SelfCheck, Verdict
from models.staff import Recusal, RecusalState
from models.states import Actor, Impossible, ItemState, NotEntitled, RevisitState, SelfCheckState
from services.directory import expire_directory
from services.rectification.issue_item import order_fix
from services.rectification.list_items import open_items
from services.revisits.draw_list import note_draw_list_taken
from services.revisits.revisits import (
    OfAUnit,
    begin_look_back,
    begin_sample,
    drawn_again,
    end_revisits,
    join,
    leave,
    people_to_join,
    revisit_seen,
    revisits_of,
)
from services.revisits.sampling import ShareTooSmall, lowest_lot
from services.revisits.self_checks import (
    NamesUnit,
    NobodyToAsk,
    answer,
    ask_siblings,
    check_seen,
    checks_of,
    tell_of_late_checks,
)
from services.revisits.visits import DayUnfit, NothingJudged, OwnWork, judge, plan, record, visit_seen
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.integration.rectification.test_fixes import DUE
from tests.notices import notice_of, rendered_for
from texts.catalogue import Words

DIRECTOR, CLERK, HEAD, LEADER = "P03", "P04", "P17", "P05"
DISCIPLINE, ORGANISATION = "P34", "P35"  # contacts of the two departments
ROUND, OPEN_ITEM, CLEARED_ITEM = "R5", "RI01", "RI06"
FOUND = "现场看，公示栏是空的，名单没有公开。"


def test_the_clock_ends_what_is_over_and_tells_of_what_is_late() -> None:
    assert {end_revisits, tell_of_late_checks} <= set(duties())


async def a_look_back(work: UnitOfWork, *members: str) -> Revisit:
    director = await who(work, DIRECTOR)
    revisit = await begin_look_back(work, director, ROUND, Evaluator.OFFICE)
    for staff_id, body in zip(members, (Body.DISCIPLINE, Body.ORGANISATION), strict=False):
        await join(work, director, revisit.id, staff_id, body)
    return revisit


async def visit_to(work: UnitOfWork, revisit: Revisit, item_id: str) -> RevisitVisit:
    item = await work.session.get_one(RectificationItem, item_id)
    at_unit = (RevisitVisit.revisit_id == revisit.id, RevisitVisit.unit_id == item.unit_id)
    return (await work.session.scalars(select(RevisitVisit).where(*at_unit))).one()


async def test_a_sample_is_recorded_with_its_seed_and_can_be_drawn_again(county: OpenWork) -> None:
    async with county() as work:
        director = await who(work, DIRECTOR)
        for stranger in (LEADER, HEAD, "P25", "P01", DISCIPLINE):
            with pytest.raises(NotEntitled):
                await begin_sample(work, await who(work, stranger), ROUND, Evaluator.OFFICE)
        with pytest.raises(NotEntitled):  # its teams are still there
            await begin_sample(work, director, "R6", Evaluator.OFFICE)
        with pytest.raises(ShareTooSmall):
            await begin_sample(work, director, ROUND, Evaluator.OFFICE, Fraction(33, 100))
        revisit = await begin_sample(work, director, ROUND, Evaluator.OFFICE)
        with pytest.raises(Impossible):  # nobody draws until they like it
            await begin_sample(work, director, ROUND, Evaluator.OFFICE)
        second = await begin_sample(work, await who(work, CLERK), ROUND, Evaluator.DISCIPLINE, Fraction(1, 2))
        assert second.seed != revisit.seed
        seen = await revisit_seen(work, director, revisit.id)
        all_items = [one for one in await work.session.scalars(select(RectificationItem)) if one.round_id == ROUND]
        assert seen.items >= Fraction(len(all_items), 3)
        assert len(seen.units) >= Fraction(len((await work.directory()).assignments[ROUND]), 3)
        again = await drawn_again(work, revisit.id)
        assert again is not None
        assert again.is_same
        drawn = (await work.session.scalars(select(RevisitItem).where(RevisitItem.revisit_id == revisit.id))).first()
        await work.session.delete(drawn)
        await work.session.flush()
        again = await drawn_again(work, revisit.id)
        assert again is not None
        assert not again.is_same


async def test_the_list_of_a_sample_is_taken_along_by_the_office_alone_and_only_whole(county: OpenWork) -> None:
    async with county() as work:
        director = await who(work, DIRECTOR)
        revisit = await begin_sample(work, director, ROUND, Evaluator.OFFICE)
        await join(work, director, revisit.id, DISCIPLINE, Body.DISCIPLINE)
        for stranger in (DISCIPLINE, LEADER, HEAD, "P01"):
            with pytest.raises(NotEntitled):
                await note_draw_list_taken(work, await who(work, stranger), revisit.id)
        await note_draw_list_taken(work, await who(work, CLERK), revisit.id)
        entry = await work.session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
        assert entry is not None
        assert (entry.action, entry.by_id, entry.subject) == (Audited.DRAW_LIST_TAKEN, CLERK, ROUND)
        told = await rendered_for(work, f"staff:{CLERK}", notice_of("draw_list_file", {"revisit_id": revisit.id}))
        assert told is not None
        assert told.upload is not None
        with zipfile.ZipFile(io.BytesIO(told.upload.data)) as book:
            written = book.read("xl/sharedStrings.xml").decode()
        assert revisit.seed is not None
        assert revisit.frame is not None
        listed = {item_id for _, items in revisit.frame.values() for item_id in items}
        assert all(part in written for part in (revisit.seed, *revisit.frame, *listed))
        for unit_id, (weight, _) in revisit.frame.items():
            assert f"{lowest_lot(revisit.seed, unit_id, weight):064x}" in written
        case = await a_verified_case(work)
        work.session.add(CaseItem(case_id=case.id, item_id=OPEN_ITEM))
        work.session.add(CaseShutOut(case_id=case.id, staff_id=CLERK))
        work.session.add(Recusal(staff_id=DIRECTOR, unit_id="塘岔镇党委", state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        for reader in (CLERK, DIRECTOR):  # something in it is kept from them
            with pytest.raises(NotEntitled):
                await note_draw_list_taken(work, await who(work, reader), revisit.id)


async def test_a_group_of_several_bodies_has_what_was_drawn_and_nothing_else_until_its_last_day(
    county: OpenWork,
) -> None:
    async with county(now=at(20)) as work:
        revisit = await a_look_back(work, DISCIPLINE, ORGANISATION)
        number = revisit.id
        with pytest.raises(OfAUnit):
            await join(work, await who(work, DIRECTOR), number, HEAD, Body.OTHER)
        assert HEAD not in {one.id for one in await people_to_join(work, await who(work, DIRECTOR), number)}
        member = await who(work, DISCIPLINE)
        drawn, other = [await work.session.get_one(RectificationItem, one) for one in (OPEN_ITEM, "RI02")]
        assert member.actors_at_item(drawn) == {Actor.REVISIT_GROUP}
        assert member.actors_at_item(other) == frozenset()
        listed = {one.id for one in (await open_items(work, member)).items}
        assert OPEN_ITEM in listed
        assert "RI02" not in listed
        assert [one.id for one in (await revisits_of(work, member))[0]] == [number]
        assert {one.staff_id for one in await queued(work, "revisit_joined")} == {DISCIPLINE, ORGANISATION}
        work.session.add(Recusal(staff_id=DISCIPLINE, unit_id=drawn.unit_id, state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        member = await who(work, DISCIPLINE)
        assert member.actors_at_item(drawn) == frozenset()
        visits = {unit.visit.unit_id for unit in (await revisit_seen(work, member, number)).units}
        assert drawn.unit_id not in visits
        with pytest.raises(NotEntitled):
            await visit_seen(work, member, (await visit_to(work, revisit, OPEN_ITEM)).id)
        await leave(work, await who(work, DIRECTOR), number, DISCIPLINE)
        with pytest.raises(NotEntitled):
            await revisit_seen(work, await who(work, DISCIPLINE), number)
    async with county(now=at(20) + timedelta(days=30)) as work:  # its last day
        await end_revisits(work)
        assert (await work.session.get_one(Revisit, number)).state is RevisitState.RUNNING
    async with county(now=at(20) + timedelta(days=31)) as work:
        await end_revisits(work)
        assert (await work.session.get_one(Revisit, number)).state is RevisitState.ENDED
        member = await who(work, ORGANISATION)
        assert member.actors_at_item(await work.session.get_one(RectificationItem, OPEN_ITEM)) == frozenset()
        with pytest.raises(NotEntitled):
            await revisit_seen(work, member, number)


async def test_of_an_unannounced_visit_the_unit_learns_nothing_before_it_is_recorded(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        revisit = await a_look_back(work, DISCIPLINE, ORGANISATION)
        visit = await visit_to(work, revisit, OPEN_ITEM)
        member, head = await who(work, DISCIPLINE), await who(work, HEAD)
        assert visit.unit_id in head.shut_out_of
        with pytest.raises(DayUnfit):
            await plan(work, member, visit.id, date(2027, 6, 1), is_unannounced=True)
        with pytest.raises(NotEntitled):
            await plan(work, head, visit.id, date(2026, 11, 24), is_unannounced=False)
        before = (await queued(work)).copy()
        await plan(work, member, visit.id, date(2026, 11, 24), is_unannounced=True)
        await judge(work, member, revisit.id, OPEN_ITEM, Verdict.RECURRED, FOUND)
        told = [one for one in await queued(work) if one not in before]
        assert {(one.staff_id, one.kind) for one in told} == {(ORGANISATION, "visit_planned")}
        item = await work.session.get_one(RectificationItem, OPEN_ITEM)
        for stranger in (HEAD, "P25", LEADER, "P01"):
            with pytest.raises(NotEntitled):
                await visit_seen(work, await who(work, stranger), visit.id)
        assert FOUND not in await item_text(work, Words("zh_Hans"), item)
        assert await rendered_for(work, f"staff:{HEAD}", notice_of("visit_announced", {"visit_id": visit.id})) is None
        work.session.add(Recusal(staff_id=DIRECTOR, unit_id=visit.unit_id, state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        shut_out = await who(work, DIRECTOR)
        assert "安排走访" not in await audit_page(work, Words("zh_Hans"), shut_out, None)
        with pytest.raises(NotEntitled):
            await visit_seen(work, shut_out, visit.id)
        await record(work, member, visit.id)
        assert FOUND in await item_text(work, Words("zh_Hans"), item)
        assert HEAD in {one.staff_id for one in await queued(work, "item_event")}


async def test_an_announced_visit_is_told_to_the_unit_and_that_it_is_called_off(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        revisit = await a_look_back(work, DISCIPLINE)
        visit = await visit_to(work, revisit, OPEN_ITEM)
        await plan(work, await who(work, CLERK), visit.id, date(2026, 11, 24), is_unannounced=False)
        assert HEAD in {one.staff_id for one in await queued(work, "visit_announced")}
        message = await rendered_for(work, f"staff:{HEAD}", notice_of("visit_announced", {"visit_id": visit.id}))
        assert message is not None
        assert "11月24日" in message.text


async def test_what_was_fixed_on_paper_or_has_come_back_is_opened_again_once_it_is_recorded(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        revisit = await a_look_back(work, DISCIPLINE, ORGANISATION)
        visit, member = await visit_to(work, revisit, CLEARED_ITEM), await who(work, DISCIPLINE)
        item = await work.session.get_one(RectificationItem, CLEARED_ITEM)
        with pytest.raises(NothingJudged):
            await record(work, member, visit.id)
        with pytest.raises(NotEntitled):  # the office does not judge
            await judge(work, await who(work, DIRECTOR), revisit.id, CLEARED_ITEM, Verdict.TRUE, "好")
        await judge(work, member, revisit.id, CLEARED_ITEM, Verdict.FALSE, FOUND)
        assert item.state is ItemState.CLEARED
        before = item.deadline_version
        await record(work, member, visit.id)
        assert (item.state, item.is_open, item.due_on) == (ItemState.REOPENED, True, date(2026, 11, 27))
        assert item.deadline_version == before + 1
        with pytest.raises(Impossible):  # what is recorded stands, until there is another visit
            await judge(work, member, revisit.id, CLEARED_ITEM, Verdict.TRUE, "好")
        await plan(work, member, visit.id, date(2026, 11, 30), is_unannounced=False)
        await judge(work, member, revisit.id, CLEARED_ITEM, Verdict.TRUE, "已经补办。")
        item.version += 1
        event = ItemEvent(item_id=item.id, version=item.version, at=work.now, by_id=ORGANISATION, event="pass")
        event.from_state = event.to_state = item.state
        work.session.add(event)
        await work.session.flush()
        with pytest.raises(OwnWork):  # whoever passed it once does not judge it again
            await judge(work, await who(work, ORGANISATION), revisit.id, CLEARED_ITEM, Verdict.TRUE, "好")


async def test_other_units_of_the_kind_say_yes_or_no_and_do_not_learn_where_it_was_found(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        case = await a_verified_case(work)
        leader = await who(work, LEADER)
        item = await order_fix(work, leader, case.id, "通组路损坏，请修复。", DUE)
        for stranger in ("P14", "P06", "P32", "P08"):
            with pytest.raises(NotEntitled):
                await ask_siblings(work, await who(work, stranger), item.id, "请查通组路。")
        name = (await work.directory()).units[item.unit_id].name
        with pytest.raises(NamesUnit):
            await ask_siblings(work, leader, item.id, f"{name}的路坏了，请你们也查。")
        checks = await ask_siblings(work, leader, item.id, "请查通组路有没有损坏。")
        assert item.unit_id not in {one.unit_id for one in checks}
        with pytest.raises(NobodyToAsk):
            await ask_siblings(work, leader, item.id, "请再查一遍。")
        check = next(one for one in checks if one.unit_id == "U2")
        head = await who(work, "P15")
        message = await rendered_for(work, "staff:P15", notice_of("self_check_sent", {"check_id": check.id}))
        assert message is not None
        assert item.id not in str(message)
        assert [one.id for one in (await checks_of(work, head))[0]] == [check.id]
        with pytest.raises(NotEntitled):
            await answer(work, await who(work, "P16"), check.id, "没有", has_problem=False)
        await answer(work, head, check.id, "有两处，月底前修好。", has_problem=True)
        assert (check.state, check.has_problem) == (SelfCheckState.ANSWERED, True)
        assert {one.staff_id for one in await queued(work, "self_check_answered")} == {LEADER}
        assert (await checks_of(work, head))[0] == []
        assert len((await checks_of(work, await who(work, CLERK)))[0]) == len(checks)
        asked = (await checks_of(work, leader))[0]  # by them, answered or not
        assert {one.id for one in asked} == {one.id for one in checks}
        assert (await checks_of(work, await who(work, "P08")))[0] == []  # who leads another team
        work.session.add(Recusal(staff_id=CLERK, unit_id=item.unit_id, state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        clerk = await who(work, CLERK)
        assert (await checks_of(work, clerk))[0] == []
        with pytest.raises(NotEntitled):
            await check_seen(work, clerk, check.id)
        work.session.add(Recusal(staff_id=LEADER, unit_id=item.unit_id, state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        assert (await checks_of(work, await who(work, LEADER)))[0] == []
        numbers = {one.unit_id: one.id for one in checks}
    async with county(now=at(10, month=12)) as work:
        for _ in range(2):
            await tell_of_late_checks(work)
        late = [one for one in await queued(work, "self_check_late") if one.staff_id in {"P15", "P16"}]
        assert [one.staff_id for one in late] == ["P16"]
        assert (await check_seen(work, await who(work, "P16"), numbers["U3"])).is_late_told
        assert (await work.session.get_one(SelfCheck, numbers["U2"])).is_late_told is False
