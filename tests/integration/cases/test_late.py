"""Cases that are past the time their reporters were told: who is reminded, when, and how boards and lists read."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.bootstrap import duties
from models.complaints import Case, CaseShutOut
from models.delivery import OutboxRow
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.staff import Recusal, RecusalState
from models.states import CaseState
from services.cases.claim import claim
from services.cases.decide import accept
from services.cases.late import LISTED, late_cases_of, late_teams, remind_of_late_cases, tell_of_clocks
from services.cases.notices import CaseCard, CaseList
from services.delivery.recall import ListName
from services.directory import expire_directory
from services.outbox import Priority
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, lay, queued, queued_for, rendered
from tests.integration.rectification.conftest import at, who
from tests.notices import rendered_for
from tests.story import PhoneUser
from texts.message import Message

MONDAY = at(23)
CAME = at(4)  # nineteen days before, a Wednesday


async def reminded(work: UnitOfWork) -> list[str]:
    return sorted(name for name, order in await queued(work) if order.kind == "late_cases")


async def reminder(work: UnitOfWork, staff_id: str, language: str = "zh_Hans") -> Message | None:
    [order] = await queued_for(work, f"staff:{staff_id}", "late_cases")
    return await rendered(work, f"staff:{staff_id}", order, language)


async def laid(county: OpenWork, *, came: datetime = CAME, **facts: object) -> str:
    async with county(now=came) as work:
        return (await lay(work, "路坏了", came=came, **facts)).id  # type: ignore[arg-type]


async def tick(county: OpenWork, now: datetime) -> None:
    async with county(now=now) as work:
        await remind_of_late_cases(work)
        await tell_of_clocks(work)


def test_the_clock_reminds_of_late_cases() -> None:
    assert {tell_of_clocks, remind_of_late_cases} <= set(duties())


async def test_a_first_look_that_is_late_reminds_the_leader_and_from_the_next_working_day_the_director(
    county: OpenWork,
) -> None:
    number = await laid(county, came=at(19))  # a Thursday
    await tick(county, at(20, 8, 59))
    async with county() as work:
        assert await reminded(work) == []
    await tick(county, at(20, 9))
    async with county(now=at(20, 9)) as work:
        assert await reminded(work) == ["staff:P05"]
        said = await reminder(work, "P05")
        assert said is not None
        assert number in said.text
        assert "最晚 11月20日 09:00 该有人认领" in said.text
        assert said.protect
    await tick(county, at(21, 9))  # a Saturday
    await tick(county, MONDAY)
    async with county(now=MONDAY) as work:
        assert await reminded(work) == ["staff:P03", "staff:P05", "staff:P05"]
        said = await reminder(work, "P03")
        assert said is not None
        assert "1 件，最早的从11月20日起超期" in said.text
        assert number not in said.text  # the director does not see the team's cases one by one


async def test_nobody_is_reminded_twice_on_a_day_or_outside_working_hours(county: OpenWork) -> None:
    await laid(county)
    for now in (at(22, 12), at(23, 8), MONDAY, MONDAY, at(23, 15), at(23, 18), at(23, 23)):
        await tick(county, now)
    async with county(now=MONDAY) as work:
        assert await reminded(work) == ["staff:P03", "staff:P05"]


async def test_a_decision_that_is_late_reminds_the_owner_and_the_leader(county: OpenWork) -> None:
    number = await laid(county, came=at(9))
    async with county(now=at(10)) as work:
        await claim(work, await who(work, "P06"), number)
    await tick(county, at(24, 9))  # on the fifteenth day
    async with county() as work:
        assert await reminded(work) == []
    await tick(county, at(25, 9))
    async with county(now=at(25, 9)) as work:
        assert await reminded(work) == ["staff:P05", "staff:P06"]
        for staff_id in ("P05", "P06"):
            said = await reminder(work, staff_id)
            assert said is not None
            assert "最晚 11月24日 该定下受不受理" in said.text


async def test_what_was_decided_or_seen_to_in_time_reminds_nobody(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(5)) as work:
        member = await who(work, "P06")
        await claim(work, member, number)
        await accept(work, member, number)
    await laid(county, state=CaseState.NEED_INFO)  # it waits for its reporter
    await laid(county, state=CaseState.WITHDRAWN)
    late = await laid(county, came=at(22, 9))
    await laid(county, came=at(22, 10))  # by an hour not yet
    await tick(county, MONDAY)
    async with county(now=MONDAY) as work:
        assert "staff:P06" not in await reminded(work)
        [unclaimed] = await late_cases_of(work, await who(work, "P05"))
        assert unclaimed.id == late


async def test_a_reminder_that_comes_too_late_is_not_said(county: OpenWork) -> None:
    number = await laid(county, came=at(19))
    await tick(county, at(20, 9))
    async with county(now=at(20, 10)) as work:
        await claim(work, await who(work, "P05"), number)
        assert await reminder(work, "P05") is None


async def test_what_lies_before_a_leader_alone_is_told_to_nobody_else(county: OpenWork) -> None:
    number = await laid(county, desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
    await tick(county, MONDAY)
    async with county(now=MONDAY) as work:
        assert await reminded(work) == ["staff:P05"]
        assert await late_teams(work, await who(work, "P03")) == []
        case = await work.session.get_one(Case, number)
        assert [one.id for one in await late_cases_of(work, await who(work, "P05"))] == [case.id]


async def test_the_office_is_reminded_of_its_own_desk_and_the_director_of_theirs(county: OpenWork) -> None:
    await laid(county, desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN)
    await laid(county, desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED)
    await tick(county, MONDAY)
    async with county(now=MONDAY) as work:
        assert await reminded(work) == ["staff:P03", "staff:P04"]
        assert len(await late_cases_of(work, await who(work, "P03"))) == 2
        assert len(await late_cases_of(work, await who(work, "P04"))) == 1


async def test_whoever_is_shut_out_of_a_unit_is_told_nothing_of_its_late_cases(county: OpenWork) -> None:
    await laid(county, unit="U6", village=None, desk=Desk.team("T3"), team="T3")
    async with county(now=MONDAY) as work:
        assert len(await late_cases_of(work, await who(work, "P11"))) == 1
        work.session.add(Recusal(staff_id="P11", unit_id="U6", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        expire_directory(work.session)
        assert await late_cases_of(work, await who(work, "P11")) == []


async def test_a_hazard_that_nobody_claims_calls_the_leader_after_two_hours_at_night_too(county: OpenWork) -> None:
    number = await laid(county, came=at(21, 22), hazard=True)  # on a Saturday evening
    async with county(now=at(21, 23, 59)) as work:
        await tell_of_clocks(work)
        assert await queued_for(work, "staff:P05", "hazard_waits") == []
    for now in (at(22, 0), at(22, 0, 1), at(22, 5)):
        async with county(now=now) as work:
            await tell_of_clocks(work)
    async with county(now=at(22, 5)) as work:
        [order] = await queued_for(work, "staff:P05", "hazard_waits")
        said = await rendered(work, "staff:P05", order)
        assert said is not None
        assert number in said.text
        case = await work.session.get_one(Case, number)
        assert (await events_of(work, case))[-1] == "clock_ended"
        urgent = await work.session.scalars(select(OutboxRow.priority).where(OutboxRow.kind == "hazard_waits"))
        assert set(urgent) == {Priority.HAZARD}


async def test_a_hazard_whose_leader_may_not_know_of_it_calls_the_others(county: OpenWork) -> None:
    number = await laid(county, came=at(21, 22), hazard=True)
    async with county() as work:
        work.session.add(CaseShutOut(case_id=number, staff_id="P05"))
    async with county(now=at(22, 0)) as work:
        await tell_of_clocks(work)
        called = [name for name, order in await queued(work) if order.kind == "hazard_waits"]
        assert sorted(called) == ["staff:P06", "staff:P07"]


async def test_the_card_on_the_board_says_when_a_case_came_and_that_it_is_late(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=MONDAY) as work:
        card = await rendered_for(work, "staff:P05", CaseCard(number))
        assert card is not None
        assert "11月4日收到" in card.text
        assert "最晚 11月5日 09:00 该有人认领" in card.text
        before = len(await queued_for(work, "staff:P05", "case_card"))
        await remind_of_late_cases(work)
        # What hangs there is renewed on the day it is reminded of.
        assert len(await queued_for(work, "staff:P05", "case_card")) == before + 1


async def test_the_queue_names_the_day_on_which_a_case_came_so_that_it_stays_true(county: OpenWork) -> None:
    await laid(county)
    async with county(now=MONDAY) as work:
        listed = await rendered_for(work, "staff:P05", CaseList((), ListName.QUEUE))
        assert listed is not None
        assert "11月4日收到" in listed.text


async def test_the_directors_queue_is_not_all_done_while_a_team_is_late(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        empty = await rendered_for(work, "staff:P03", CaseList((), ListName.QUEUE))
        assert empty is not None
        assert "都办完了" in empty.text
    await laid(county)
    async with county(now=MONDAY) as work:
        listed = await rendered_for(work, "staff:P03", CaseList((), ListName.QUEUE))
        assert listed is not None
        assert "都办完了" not in listed.text
        assert "1 件，最早的从11月5日起超期" in listed.text


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
async def test_a_reminder_lists_the_oldest_and_fits_one_message(county: OpenWork, language: str) -> None:
    async with county(now=CAME) as work:
        for days in range(12):
            await lay(work, "路坏了", came=CAME - timedelta(days=days))
    await tick(county, MONDAY)
    async with county(now=MONDAY) as work:
        said = await reminder(work, "P05", language)
        assert said is not None
        assert len(said.text) < 4096
        assert sum(len(row) for row in said.buttons) == LISTED + 1  # and the one that renews it
        oldest = await late_cases_of(work, await who(work, "P05"))
        assert oldest[0].received_at == CAME - timedelta(days=11)


@pytest.mark.new_database
async def test_what_is_late_is_found_by_walking_an_index_and_sorts_nothing(county: OpenWork, dialect: str) -> None:
    """So that it costs the same with a thousand cases and with a million."""
    await laid(county)
    plans: list[str] = []
    async with county(now=MONDAY) as work:
        leader = await who(work, "P05")
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            await connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            if "FROM cases" in statement and "LIMIT" in statement and "cases.desk =" in statement:
                asked.append((statement, parameters))

        listening = connection.sync_connection
        assert listening is not None
        event.listen(listening, "before_cursor_execute", note)
        assert len(await late_cases_of(work, leader)) == 1
        event.remove(listening, "before_cursor_execute", note)
        for statement, parameters in asked:
            rows = await connection.exec_driver_sql(explain + statement, parameters)
            plans.append("\n".join(str(row) for row in rows))
    assert len(plans) == 6  # two desks, three urgencies
    assert all("ix_cases_queue" in plan for plan in plans)
    assert not [plan for plan in plans if "B-TREE FOR ORDER" in plan or "Sort" in plan]


async def test_the_leading_group_asks_and_is_told_of_teams_and_of_no_small_number(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P01")
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/late")
    await phone.reads("没有超期的")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        numbers = [(await lay(work, "路坏了", came=CAME)).id for _ in range(4)]
    phone.say("/late")
    few = await phone.reads("县委第一巡察组：有超期的，不到 5 件")
    assert not any(number in few.text for number in numbers)
    async with deployment.database.transaction() as session:
        await lay(deployment.work(session), "路坏了", came=CAME)
    phone.say("/late")
    await phone.reads("县委第一巡察组：5 件，最早的从11月5日起超期")
    assert "queue.case" not in str(few.buttons)


async def test_a_leader_asks_for_what_is_late(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P05")
    phone = PhoneUser(deployment.simulator, account)
    async with deployment.database.transaction() as session:
        numbers = [(await lay(deployment.work(session), "路坏了", came=CAME)).id for _ in range(LISTED + 1)]
    phone.say("/late")
    told = await phone.reads("超期的不止这些")
    assert sum(number in told.text for number in numbers) == LISTED
