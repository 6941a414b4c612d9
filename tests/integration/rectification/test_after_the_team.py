"""What is kept open for longer, what comes back after it was cleared, and who supervises once the team has gone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.bootstrap import duties
from models.rectification import OFFICE, CaseItem, RectificationItem, SupervisingBody
from models.rounds import Round
from models.states import Impossible, ItemState, NotEntitled, RoundState
from services.cases.case_log import complaints_of
from services.directory import expire_directory
from services.intake.visit import judge
from services.rectification.fix_again import order_fixes_again
from services.rectification.issue_item import issue_item
from services.rectification.item_log import events_of
from services.rectification.long_term import keep_long_term, report_long_term
from services.rectification.notices import ReopenAsked, SupervisionDigest
from services.rectification.remind import remind_unit_heads
from services.rectification.reopen import ReopenReason, reopen_item
from services.rectification.review_item import ReturnReason, clear_item, pass_item, return_item
from services.rectification.supervision import give_supervisors, set_supervisor, tell_supervisors, unsupervised
from services.rectification.unit_actions import acknowledge, report_progress, submit
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import (
    SEEN,
    a_verified_case,
    at,
    handed_in,
    queued,
    reminders,
    signed,
    who,
)
from tests.items import new_item
from tests.notices import rendered_for

DUE = date(2026, 12, 31)
HEAD, LIAISON, MEMBER, LEADER, DIRECTOR, STAFF = "P14", "P20", "P06", "P25", "P03", "P04"
ROADS, CONTACT, DEPARTMENT_HEAD = "D07", "P32", "P39"


async def an_item(work: UnitOfWork) -> RectificationItem:
    """Have the office issue an item, and the unit begin with it."""
    order = new_item("U1", "办法没有出台。", DUE, county_leader_id=LEADER)
    item = await issue_item(work, await who(work, STAFF), order)
    await acknowledge(work, await who(work, HEAD), item.id)
    await report_progress(work, await who(work, LIAISON), item.id, "正在起草。")
    return item


async def a_cleared_item(work: UnitOfWork) -> RectificationItem:
    item = await an_item(work)
    await handed_in(work, item, await who(work, HEAD), "已出台。")
    await pass_item(work, await who(work, MEMBER), item.id, "已整改。", SEEN)
    await signed(work, item, LEADER)
    await clear_item(work, await who(work, DIRECTOR), item.id)
    return item


async def test_what_is_kept_for_long_is_reported_on_every_half_year_and_its_clock_stands(county: OpenWork) -> None:
    async with county() as work:
        number = (await an_item(work)).id
        with pytest.raises(NotEntitled):
            await keep_long_term(work, await who(work, STAFF), number, "要等省里出台")
        await keep_long_term(work, await who(work, DIRECTOR), number, "要等省里出台")
    half_a_year = at(22) + timedelta(days=180)
    async with county(now=half_a_year) as work:
        await remind_unit_heads(work)
        [stage] = [stage for stage in (await reminders(work))[number] if stage.startswith("long_term")]
        assert {HEAD, LIAISON, LEADER, DIRECTOR} <= (await reminders(work))[number][stage]
        await report_long_term(work, await who(work, LIAISON), number, "已报省里。")
    async with county(now=half_a_year + timedelta(days=60)) as work:
        await remind_unit_heads(work)
        assert not [stage for stage in (await reminders(work))[number] if stage.startswith("long_term_late")]
        head = await who(work, HEAD)
        await submit(work, head, number, ["已出台。"], [])
        item = await return_item(work, await who(work, MEMBER), number, ReturnReason.PARTLY_DONE)
        assert item.due_on == DUE + timedelta(days=240)  # as many days as it was kept
        assert (item.long_term_since, item.state) == (None, ItemState.RETURNED)


async def test_what_has_come_back_is_opened_again_by_the_director_with_a_reason(county: OpenWork) -> None:
    async with county() as work:
        item = await a_cleared_item(work)
        for staff_id in (STAFF, MEMBER, HEAD):
            with pytest.raises(NotEntitled):
                await reopen_item(work, await who(work, staff_id), item.id, ReopenReason.RECURRED, "又停了")
        version = item.deadline_version
        await reopen_item(work, await who(work, DIRECTOR), item.id, ReopenReason.RECURRED, "办法没有执行")
        assert (item.state, item.is_open, item.deadline_version) == (ItemState.REOPENED, True, version + 1)
        assert item.due_on >= work.today + timedelta(days=30)
        [event] = [event for event in await events_of(work, item) if event.event == "reopen"]
        assert (event.detail["reason"], event.note) == ("recurred", "办法没有执行")
        with pytest.raises(Impossible):
            await reopen_item(work, await who(work, DIRECTOR), item.id, ReopenReason.RECURRED, "又停了")


async def test_a_reporters_no_asks_the_director_and_tells_the_unit_nothing(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        item = await an_item(work)
        case.state = "fixing"  # type: ignore[assignment]
        work.session.add(CaseItem(case_id=case.id, item_id=item.id))
        await work.session.flush()
        await handed_in(work, item, await who(work, HEAD), "已出台。")
        await pass_item(work, await who(work, MEMBER), item.id, "已整改。", SEEN)
        await signed(work, item, LEADER)
        await clear_item(work, await who(work, DIRECTOR), item.id)
        [complaint] = await complaints_of(work, case)
        assert await judge(work, complaint.id, solved=False)
        number, events = item.id, len(await events_of(work, item))
    async with county(now=at(23, 10)) as work:
        for _ in range(2):
            await order_fixes_again(work)
        asked = await queued(work, "reopen_asked")
        assert [one.staff_id for one in asked] == [DIRECTOR]
        item = await work.session.get_one(RectificationItem, number)
        assert item.state == ItemState.CLEARED
        assert len(await events_of(work, item)) == events
        assert await rendered_for(work, f"staff:{DIRECTOR}", ReopenAsked(number)) is not None
        assert await rendered_for(work, f"staff:{HEAD}", ReopenAsked(number)) is None


async def leave(work: UnitOfWork) -> None:
    """Have the teams of the round that is under way leave."""
    await work.session.execute(update(Round).where(Round.id == "R6").values(state=RoundState.REPORTING))
    expire_directory(work.session)


def test_the_clock_sees_to_who_supervises() -> None:
    assert {give_supervisors, tell_supervisors} <= set(duties())


@pytest.mark.new_database
async def test_what_nobody_supervises_is_found_by_index(county: OpenWork, dialect: str) -> None:
    async with county() as work:
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        query = unsupervised(["R5", "R6"]).with_only_columns(RectificationItem.id)
        written = query.compile(connection.sync_connection, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
        plan = "\n".join(map(str, await connection.exec_driver_sql(explain + str(written))))
        assert "ix_items_supervisor" in plan


async def test_once_the_team_has_gone_somebody_supervises_and_hears_of_it_every_month(county: OpenWork) -> None:
    async with county(now=at(23, 10)) as work:
        item = await an_item(work)
        number, contact = item.id, await who(work, CONTACT)
        await give_supervisors(work)
        assert not item.supervisor  # the team is there
        assert not contact.actors_at_item(item)
        await leave(work)
        await give_supervisors(work)
        await work.session.refresh(item)
        assert item.supervisor == OFFICE
        assert await work.session.scalar(select(unsupervised(["R5", "R6"]).exists())) is False
        await tell_supervisors(work)
        told = {one.staff_id for one in await queued(work, "supervision_digest")}
        assert {DIRECTOR, STAFF} <= told
        assert CONTACT not in told
        for staff_id in (HEAD, MEMBER, CONTACT):
            with pytest.raises(NotEntitled):
                await set_supervisor(work, await who(work, staff_id), number, ROADS)
        await set_supervisor(work, await who(work, STAFF), number, ROADS)
    async with county(now=at(24, 10)) as work:
        await tell_supervisors(work)
        await tell_supervisors(work)
        told_to = [one.staff_id for one in await queued(work, "supervision_digest") if one.args["supervisor"] == ROADS]
        assert sorted(told_to) == sorted({CONTACT, DEPARTMENT_HEAD})
        item = await work.session.get_one(RectificationItem, number)
        assert (await who(work, CONTACT)).actors_at_item(item) == {"supervisor"}
        message = await rendered_for(work, f"staff:{CONTACT}", SupervisionDigest(ROADS))
        assert message is not None
        assert number in str(message.text)
        assert await rendered_for(work, "staff:P15", SupervisionDigest(ROADS)) is None
        assert (await work.session.get_one(SupervisingBody, ROADS)).hears_next_on == date(2026, 12, 1)
    async with county(now=at(1, 10, month=12)) as work:
        await tell_supervisors(work)
        again = [one.staff_id for one in await queued(work, "supervision_digest") if one.args["supervisor"] == ROADS]
        assert len(again) == 2 * len(told_to)
