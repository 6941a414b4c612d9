"""The digest of the day: its numbers are those of the database, and it comes once, in time, and only with news."""

import random
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.bootstrap import duties
from models.complaints import THANKS, Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.rounds import County
from models.staff import Recusal, RecusalState
from models.states import CaseState
from services.access.member import Member
from services.cases.claim import claim
from services.cases.digest import Standing, digest_since, send_case_digests, standing_of
from services.cases.late import remind_of_late_cases
from services.directory import expire_directory
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.deployment import ZONE, Deployment
from tests.integration.cases.conftest import lay, queued, queued_for, rendered
from tests.integration.rectification.conftest import at, who
from tests.story import PhoneUser
from texts.message import Message

MONDAY = at(23, 8, 30)
FRIDAY = at(20, 8, 30)


async def told(county: OpenWork, now: datetime) -> list[str]:
    """Let the clock tick at a moment, and return who has a digest waiting then."""
    async with county(now=now) as work:
        await send_case_digests(work)
        return sorted(name for name, order in await queued(work) if order.kind == "case_digest")


async def laid(county: OpenWork, *, came: datetime, **facts: object) -> str:
    async with county(now=came) as work:
        return (await lay(work, "路坏了", came=came, **facts)).id  # type: ignore[arg-type]


async def digest_of(work: UnitOfWork, staff_id: str, language: str = "zh_Hans") -> Message | None:
    [order] = await queued_for(work, f"staff:{staff_id}", "case_digest")
    return await rendered(work, f"staff:{staff_id}", order, language)


def counted(cases: list[Case], who: Member, now: datetime) -> Standing:
    """Count by hand what a digest of somebody says that came last on Friday."""
    today = datetime.combine(now.astimezone(ZONE).date(), time(), ZONE)
    leads = who.id in ("P05", "P08", "P11")
    found = [0, 0, 0, 0]
    for case in cases:
        hidden = case.unit_id in who.shut_out_of or case.id in who.shut_out_of_cases or case.held_until is not None
        if not case.is_open or hidden or case.desk not in who.desks:
            continue
        found[0] += today - timedelta(days=3) <= case.received_at < today
        if not (leads or who.is_office or case.owner_id == who.id):
            continue
        found[1] += now < case.due_at <= today + timedelta(days=1)
        found[2] += case.due_at <= now
        found[3] += case.state != CaseState.ANSWERED and case.category != THANKS
    return Standing(*found)


async def test_the_numbers_are_those_of_the_database(county: OpenWork) -> None:
    chance = random.Random(7)
    desks: list[tuple[Desk, str | None]] = [
        *((Desk.team(team), team) for team in ("T1", "T2", "T3")), (Desk.leader("T1"), "T1"),
        (OFFICE_DESK, None), (DIRECTOR_DESK, None),
    ]  # fmt: skip
    states = [CaseState.ASSIGNED, CaseState.ACCEPTED, CaseState.NEED_INFO, CaseState.ANSWERED, CaseState.CLOSED]
    async with county(now=FRIDAY) as work:
        await send_case_digests(work)
    for _ in range(120):
        came = MONDAY - timedelta(hours=chance.randint(1, 24 * 20))
        desk, team = chance.choice(desks)
        owner = chance.choice([None, "P05", "P06", "P07"]) if team == "T1" else None
        async with county(now=came) as work:
            case = await lay(
                work, "路坏了", desk=desk, team=team, unit=chance.choice(["U1", "U4", None]), village=None, came=came,
                state=chance.choice(states), category=chance.choice(["road", THANKS]), hazard=chance.random() < 0.2,
                shut_out=["P05"] if chance.random() < 0.1 else [],
            )  # fmt: skip
            case.owner_id = owner
            case.held_until = MONDAY if chance.random() < 0.1 else None
    async with county(now=MONDAY) as work:
        work.session.add(Recusal(staff_id="P06", unit_id="U4", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        expire_directory(work.session)
        since = await digest_since(work)
        assert since == FRIDAY.date()
        cases = list(await work.session.scalars(select(Case)))
        found = {name: await standing_of(work, await who(work, name), since) for name in ("P03", "P04", "P05", "P06")}
        assert found == {name: counted(cases, await who(work, name), MONDAY) for name in found}
        assert all(min(one.new, one.late, one.unanswered) > 0 for one in found.values())


async def test_it_comes_at_half_past_eight_on_working_days_and_once(county: OpenWork) -> None:
    await laid(county, came=at(19))
    assert await told(county, at(22, 10)) == []  # a Sunday
    assert await told(county, at(23, 8, 29)) == []
    first = await told(county, MONDAY)
    assert first == ["staff:P03", "staff:P05"]  # and the director, of the team; members have nothing
    for now in (MONDAY, at(23, 9), at(23, 17)):
        assert await told(county, now) == first


async def test_it_does_not_come_when_the_days_work_is_over(county: OpenWork) -> None:
    await laid(county, came=at(19))
    assert await told(county, at(23, 18)) == []


async def test_a_county_has_it_every_day_at_an_hour_of_its_own_or_never(county: OpenWork) -> None:
    await laid(county, came=at(19))
    for setting, moment, comes in (
        ({"at": None}, MONDAY, False),
        ({"at": "07:15"}, at(22, 7, 20), False),  # a Sunday
        ({"at": "07:15", "every_day": True}, at(22, 7, 14), False),
        ({"at": "07:15", "every_day": True}, at(22, 7, 15), True),
    ):
        async with county(now=moment) as work:
            kept = await work.session.get_one(County, 1)
            kept.settings = kept.settings | {"digest": setting}
        assert bool(await told(county, moment)) == comes, setting


async def test_who_has_nothing_is_told_nothing(county: OpenWork) -> None:
    assert await told(county, MONDAY) == []
    await laid(county, came=at(2, 9, month=12), desk=Desk.team("T2"), team="T2", unit="U2", village=None)
    found = await told(county, at(2, 10, month=12))
    assert found == ["staff:P08"]  # nobody else has a case; what came today is new tomorrow


async def test_it_names_what_is_late_and_leaves_out_what_was_done_meanwhile(county: OpenWork) -> None:
    number = await laid(county, came=at(19))
    await told(county, MONDAY)
    async with county(now=MONDAY) as work:
        said = await digest_of(work, "P05")
        assert said is not None
        assert number in said.text
        assert "从11月22日到昨天" not in said.text
        for line in ("昨天新来：0 件", "今天到期：0 件", "已经超期：1 件", "还没答复：1 件"):
            assert line in said.text
        assert said.protect
        await claim(work, await who(work, "P05"), number)
        later = await digest_of(work, "P05")
        assert later is not None
        assert "已经超期：0 件" in later.text
        assert number not in later.text


async def test_what_it_told_is_not_told_again_when_the_working_hours_begin(county: OpenWork) -> None:
    await laid(county, came=at(19))
    await told(county, MONDAY)
    async with county(now=at(23, 9)) as work:
        await remind_of_late_cases(work)
        assert await queued_for(work, "staff:P05", "late_cases") == []


async def test_what_ends_between_it_and_the_working_hours_is_told_when_they_begin(county: OpenWork) -> None:
    await laid(county, came=at(19))
    await laid(county, came=at(22, 9))  # a look until Monday at nine
    await told(county, MONDAY)
    async with county(now=at(23, 9)) as work:
        await remind_of_late_cases(work)
        assert len(await queued_for(work, "staff:P05", "late_cases")) == 1


async def test_after_a_weekend_new_is_what_came_since_the_last_one(county: OpenWork) -> None:
    await told(county, FRIDAY)
    await laid(county, came=at(20, 15))
    await laid(county, came=at(21, 15))
    await told(county, MONDAY)
    async with county(now=MONDAY) as work:
        said = await digest_of(work, "P06")
        assert said is not None
        assert "从11月20日到昨天新来：2 件" in said.text
        assert "还没答复：0 件" in said.text  # none of it is a member's own


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
async def test_it_fits_one_message(county: OpenWork, language: str) -> None:
    for days in range(12):
        await laid(county, came=at(1) + timedelta(days=days))
    await told(county, MONDAY)
    async with county(now=MONDAY) as work:
        said = await digest_of(work, "P05", language)
        assert said is not None
        assert len(said.text) < 4096


@pytest.mark.new_database
async def test_it_is_counted_in_one_statement_by_the_index_of_the_queue(county: OpenWork, dialect: str) -> None:
    await laid(county, came=at(19))
    async with county(now=MONDAY) as work:
        leader = await who(work, "P05")
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            asked.append((statement, parameters))

        listening = connection.sync_connection
        assert listening is not None
        event.listen(listening, "before_cursor_execute", note)
        await standing_of(work, leader, at(20).date())
        event.remove(listening, "before_cursor_execute", note)
        [(statement, parameters)] = asked
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
        rows = await connection.exec_driver_sql(explain + statement, parameters)
        assert "ix_cases_queue" in "\n".join(str(row) for row in rows)


def test_the_clock_sends_it() -> None:
    assert send_case_digests in duties()
    assert duties().index(send_case_digests) < duties().index(remind_of_late_cases)


async def test_a_leader_asks_for_it_on_a_phone(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P05")
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/digest")
    await phone.reads("没有要办的件")
    async with deployment.database.transaction() as session:
        number = (await lay(deployment.work(session), "路坏了", came=at(4))).id
    phone.say("/digest")
    said = await phone.reads("已经超期：1 件")
    assert number in said.text


async def test_it_comes_by_itself_on_a_phone_when_the_hour_has_come(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P05")
    async with deployment.database.transaction() as session:
        await lay(deployment.work(session), "路坏了", came=at(21))
    phone = PhoneUser(deployment.simulator, account)
    deployment.simulator.advance((MONDAY - NOW).total_seconds())
    await phone.reads("11月23日，您这里的件")
