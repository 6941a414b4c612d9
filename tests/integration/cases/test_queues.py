"""The lists of a member: hazards first, then the oldest, page after page, without what they are shut out of."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from models.complaints import Case
from models.desk import Desk
from models.staff import Recusal, RecusalState
from models.states import CaseState
from services.access.member import Member, member
from services.cases.claim import claim
from services.cases.decide import Referral, Refusal, RefusalReason, accept, refuse
from services.cases.queues import PAGE_SIZE, Counts, Cursor, mine, queue
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.cases.conftest import counts, lay

REFUSAL = Refusal(RefusalReason.LITIGATION, Referral.COURT)


async def all_pages(work: UnitOfWork, who: Member) -> list[str]:
    """Walk the queue as one presses through it, by what the buttons carry."""
    found: list[str] = []
    after: Cursor | None = None
    while True:
        page = await queue(work, who, after)
        assert len(page.cases) <= PAGE_SIZE
        found += [case.id for case in page.cases]
        if page.after is None:
            return found
        after = Cursor.unpack(page.after.pack())
        assert after is not None


def in_order(cases: list[Case]) -> list[str]:
    return [case.id for case in sorted(cases, key=lambda case: (case.urgency.rank, case.received_at, case.id))]


async def test_hazards_come_first_then_the_oldest_and_no_case_is_lost_or_shown_twice(county: OpenWork) -> None:
    async with county() as work:
        cases = [
            await lay(work, "路", came=NOW - timedelta(hours=number // 4), hazard=number % 5 == 0)
            for number in range(19)
        ]
        for_the_leader = await lay(work, "书记", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        assert await all_pages(work, await member(work.session, "P06")) == in_order(cases)
        assert await all_pages(work, await member(work.session, "P05")) == in_order([*cases, for_the_leader])


async def test_a_page_that_is_just_full_has_no_next(county: OpenWork) -> None:
    async with county() as work:
        for _ in range(PAGE_SIZE):
            await lay(work, "路")
        page = await queue(work, await member(work.session, "P06"))
        assert len(page.cases) == PAGE_SIZE
        assert page.after is None


async def test_counts_are_those_of_the_list(county: OpenWork) -> None:
    async with county() as work:
        who = await member(work.session, "P06")
        assert await counts(work, who) == Counts(0, 0)
        hazard = await lay(work, "桥", hazard=True)
        first = await lay(work, "路")
        await lay(work, "路", unit=None, village=None)
        await lay(work, "别组的", desk=Desk.team("T2"), team="T2", unit="U2")
        assert await counts(work, who) == Counts(3, 1)
        await refuse(work, await member(work.session, "P05"), first.id, REFUSAL)
        await accept(work, who, hazard.id)
        assert await counts(work, who) == Counts(2, 1)
        assert len(await all_pages(work, who)) == 2


async def test_what_a_member_is_shut_out_of_is_in_neither_list_nor_count(county: OpenWork) -> None:
    async with county() as work:
        recused = await member(work.session, "P12")  # from U3
        hidden = await lay(work, "不该看", desk=Desk.team("T3"), team="T3", unit="U3", owner_id="P12", hazard=True)
        seen = await lay(work, "路", desk=Desk.team("T3"), team="T3", unit="U6", owner_id="P12")
        unplaced = await lay(work, "路", desk=Desk.team("T3"), team="T3", unit=None, village=None)
        assert hidden.id not in await all_pages(work, recused)
        assert await counts(work, recused) == Counts(2, 0)
        assert [case.id for case in (await mine(work, recused)).cases] == [seen.id]
        colleague = await member(work.session, "P13")
        assert set(await all_pages(work, colleague)) == {hidden.id, seen.id, unplaced.id}
        assert await counts(work, colleague) == Counts(3, 1)


async def test_a_new_recusal_takes_cases_out_of_the_lists_at_once(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路")
        await claim(work, await member(work.session, "P06"), case.id)
        work.session.add(Recusal(staff_id="P06", unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        recused = await member(work.session, "P06")
        assert (await queue(work, recused)).cases == []
        assert (await mine(work, recused)).cases == []
        assert await counts(work, recused) == Counts(0, 0)


async def test_mine_are_the_open_cases_somebody_owns(county: OpenWork) -> None:
    async with county() as work:
        own, other, closed = [await lay(work, "路") for _ in range(3)]
        who = await member(work.session, "P06")
        await claim(work, who, own.id)
        await claim(work, await member(work.session, "P07"), other.id)
        await refuse(work, await member(work.session, "P05"), closed.id, REFUSAL)
        assert [case.id for case in (await mine(work, who)).cases] == [own.id]


async def test_who_sits_at_no_desk_has_no_list(county: OpenWork) -> None:
    async with county() as work:
        await lay(work, "路")
        head = await member(work.session, "P14")
        assert (await queue(work, head)).cases == []
        assert await counts(work, head) == Counts(0, 0)


@pytest.mark.new_database
async def test_a_page_is_found_by_walking_an_index_and_sorts_nothing(county: OpenWork, dialect: str) -> None:
    """So that the first page costs the same with a thousand cases and with a million."""
    plans: list[str] = []
    async with county() as work:
        case = await lay(work, "路")
        who = await member(work.session, "P06")
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "

        def note_plan(
            _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
        ) -> None:
            if "FROM cases" in statement and "LIMIT" in statement:
                waiting.append((statement, parameters))

        waiting: list[tuple[str, Any]] = []
        listening = connection.sync_connection
        assert listening is not None
        event.listen(listening, "before_cursor_execute", note_plan)
        await queue(work, who, Cursor.at(case))
        await mine(work, who, Cursor.at(case))
        event.remove(listening, "before_cursor_execute", note_plan)
        for statement, parameters in waiting:
            rows = await connection.exec_driver_sql(explain + statement, parameters)
            plans.append("\n".join(str(row) for row in rows))
    assert len(plans) == 2
    assert "ix_cases_queue" in plans[0]
    assert "ix_cases_mine" in plans[1]
    assert not [plan for plan in plans if "B-TREE FOR ORDER" in plan or "Sort" in plan]
