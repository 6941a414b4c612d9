"""Fixes on the spot: their own list and rate, what was set up so that they stay, and the reporter's no."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.bootstrap import duties
from models.complaints import Case
from models.rectification import CaseItem, RectificationItem
from models.rounds import County
from models.states import CaseState, Impossible, ItemState, NotEntitled
from services.cases.case_log import complaints_of
from services.directory import expire_directory
from services.intake.visit import judge
from services.rectification.fix_again import denied_fixes, order_fixes_again
from services.rectification.fixes import FixRate, fix_rate
from services.rectification.issue_item import issue_item, order_fix
from services.rectification.item_log import events_of
from services.rectification.list_items import ItemFilter, open_items
from services.rectification.review_item import clear_item, pass_item
from services.rectification.system_built import tell_system
from services.rectification.unit_actions import acknowledge
from services.retention.expiry import close_unquestioned
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import SEEN, a_verified_case, at, handed_in, queued, who
from tests.items import new_item

DUE = date(2026, 11, 29)  # the sample has one fix of this unit already, which is not done
HEAD, LIAISON, LEADER, MEMBER, DIRECTOR = "P14", "P20", "P05", "P06", "P03"


async def ordered(work: UnitOfWork) -> RectificationItem:
    case = await a_verified_case(work)
    return await order_fix(work, await who(work, LEADER), case.id, "路灯不亮，请修复。", DUE)


async def cleared(work: UnitOfWork) -> tuple[RectificationItem, Case]:
    """Return a fix that is done, and the case that it answered."""
    item = await ordered(work)
    await acknowledge(work, await who(work, HEAD), item.id)
    await handed_in(work, item, await who(work, HEAD), "已修复。")
    await pass_item(work, await who(work, MEMBER), item.id, "路灯已修复。", SEEN)
    await clear_item(work, await who(work, DIRECTOR), item.id)
    return item, await case_of(work, item)


async def case_of(work: UnitOfWork, item: RectificationItem) -> Case:
    linked = select(CaseItem.case_id).where(CaseItem.item_id == item.id)
    case = await work.session.scalar(select(Case).where(Case.id.in_(linked)).execution_options(populate_existing=True))
    assert case is not None
    return case


async def says(work: UnitOfWork, case: Case, *, solved: bool) -> None:
    [complaint] = await complaints_of(work, case)
    assert await judge(work, complaint.id, solved=solved)


def test_the_clock_orders_again_what_a_reporter_denies() -> None:
    assert order_fixes_again in duties()


@pytest.mark.new_database
async def test_what_is_denied_is_found_by_index(county: OpenWork, dialect: str) -> None:
    async with county() as work:
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        written = denied_fixes(work.now).compile(connection.sync_connection, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
        plan = "\n".join(map(str, await connection.exec_driver_sql(explain + str(written))))
        assert "ix_cases_to_erase" in plan


async def test_fixes_on_the_spot_have_a_list_of_their_own(county: OpenWork) -> None:
    async with county() as work:
        fix = await ordered(work)
        office = await who(work, DIRECTOR)
        other = await issue_item(work, office, new_item("U1", "公示栏没有更新。", DUE))
        found = {item.id for item in (await open_items(work, office, None, ItemFilter(is_fix=True))).items}
        assert fix.id in found
        assert other.id not in found


async def test_the_rate_counts_what_was_ordered_and_what_reporters_say_of_it(county: OpenWork) -> None:
    async with county() as work:
        await ordered(work)
        _, confirmed = await cleared(work)
        _, denied = await cleared(work)
        await says(work, confirmed, solved=True)
        await says(work, denied, solved=False)
        leader = await who(work, LEADER)
        assert await fix_rate(work, leader) == FixRate(ordered=4, done=2, confirmed=1, denied=1)
        assert (await fix_rate(work, leader)).per_cent == 50


async def test_silence_is_no_confirmation(county: OpenWork) -> None:
    async with county() as work:
        _, case = await cleared(work)
    async with county(now=at(22) + timedelta(days=9)) as work:
        await close_unquestioned(work)
        assert (await work.session.get_one(Case, case.id)).state == CaseState.CLOSED
        assert await fix_rate(work, await who(work, LEADER)) == FixRate(ordered=2, done=1, confirmed=0, denied=0)


async def test_a_unit_sees_its_own_rate_and_nothing_of_what_reporters_say(county: OpenWork) -> None:
    async with county() as work:
        _, case = await cleared(work)
        await says(work, case, solved=False)
        assert await fix_rate(work, await who(work, HEAD)) == FixRate(ordered=2, done=1, confirmed=0, denied=0)
        assert await fix_rate(work, await who(work, "P15")) == FixRate(ordered=0, done=0, confirmed=0, denied=0)


async def test_a_reporters_no_outranks_what_was_handed_in(county: OpenWork) -> None:
    async with county() as work:
        item, case = await cleared(work)
        await says(work, case, solved=False)
        await order_fixes_again(work)
        assert item.state == ItemState.CLEARED  # not in the hour in which somebody has just pressed
        number = item.id
    async with county(now=at(22, 10)) as work:
        await order_fixes_again(work)
        item = await work.session.get_one(RectificationItem, number)
        assert item.state == ItemState.REOPENED
        assert item.due_on == DUE
        assert (await case_of(work, item)).state == CaseState.FIXING
        told = {entry.staff_id for entry in await queued(work, "item_event")}
        assert {HEAD, LIAISON, LEADER, DIRECTOR} <= told
        [event] = [event for event in await events_of(work, item) if event.event == "reopen"]
        assert (event.by_id, event.note) == (None, "")
        await order_fixes_again(work)
        assert len([event for event in await events_of(work, item) if event.event == "reopen"]) == 1
        await handed_in(work, item, await who(work, HEAD), "换了新灯。")
        await pass_item(work, await who(work, MEMBER), item.id, "路灯换新。", SEEN)
        await clear_item(work, await who(work, DIRECTOR), item.id)
        assert (await case_of(work, item)).state == CaseState.ANSWERED


async def test_a_fix_that_is_ordered_again_has_the_days_of_its_round(county: OpenWork) -> None:
    async with county() as work:
        item, case = await cleared(work)
        await says(work, case, solved=False)
        record = await work.session.get_one(County, 1)
        record.settings = record.settings | {"complaint": record.settings["complaint"] | {"fix_on_spot_days": 30}}
        await work.session.flush()
        expire_directory(work.session)
        number = item.id
    async with county(now=at(27, 10)) as work:
        await order_fixes_again(work)
        item = await work.session.get_one(RectificationItem, number)
        assert item.due_on == date(2026, 12, 4)  # seven days, as when the round began


async def test_a_unit_says_what_it_has_set_up_once_it_has_begun(county: OpenWork) -> None:
    async with county() as work:
        item = await ordered(work)
        head = await who(work, HEAD)
        with pytest.raises(Impossible):
            await tell_system(work, head, item.id, "每月查一次路灯")
        await acknowledge(work, head, item.id)
        await tell_system(work, await who(work, LIAISON), item.id, "每月查一次路灯")
        assert item.system_built == "每月查一次路灯"
        for stranger in (LEADER, MEMBER, DIRECTOR, "P15"):
            with pytest.raises(NotEntitled):
                await tell_system(work, await who(work, stranger), item.id, "改一改")
        assert {entry.staff_id for entry in await queued(work, "item_event")} >= {LEADER, MEMBER}
