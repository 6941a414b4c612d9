"""Who is on call: put there by the leader, called of what is urgent at any hour, and named on the case."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.incoming import ButtonPress, Command
from handlers.press import Press, short_digest
from models.audit import Audited, AuditEntry
from models.crisis import CrisisCalls
from models.on_call import OnCallPeriod
from models.staff import Recusal, RecusalState
from models.states import Impossible, NotEntitled
from services.cases.notices import PutOnCall, TakenOffCall
from services.cases.on_call import (
    LONGEST_AHEAD,
    MOST_PERIODS,
    forget_past_periods,
    on_call_now,
    put_on_call,
    rosters_of,
    take_off_call,
)
from services.directory import expire_directory
from services.people.leaving import leave, lock_out, move_to_team
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import ZONE, Deployment
from tests.integration.cases.conftest import queued_for
from tests.integration.rectification.conftest import at, who
from tests.integration.test_crises import CALLED, DESPAIR, RESPOND, calls, later, only_case, sends
from tests.integration.web.test_desk_and_chat import said_in_chat
from tests.journey import Journey
from tests.notices import rendered_for

DIRECTOR, OFFICE, LEADER, MEMBER, COLLEAGUE, OTHER_LEADER, HEAD = "P03", "P04", "P05", "P06", "P07", "P08", "P14"
TODAY = date(2026, 11, 23)
MIDNIGHT = 15 * 3600  # from nine in the morning
NIGHT = 17 * 3600  # from nine in the morning to two at night
TEN_MINUTES = 600


@pytest.fixture
def county(enrolled_county: None, open_work: OpenWork) -> OpenWork:
    """The sample county with everybody enrolled; opens works like `open_work`."""
    return open_work


async def put(
    work: UnitOfWork, staff_id: str = MEMBER, *, by: str = LEADER, first: int = 0, last: int = 6
) -> OnCallPeriod:
    """Put somebody of the first team on call from so many days after today on."""
    days = (TODAY + timedelta(days=one) for one in (first, last))
    return await put_on_call(work, await who(work, by), "T1", staff_id, *days)


async def test_a_leader_puts_people_of_the_team_on_call_and_each_is_told(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        await put(work, LEADER)
        period = await put(work)
        assert len(await queued_for(work, f"staff:{MEMBER}")) == 1
        assert await queued_for(work, f"staff:{LEADER}") == []  # who puts themselves there knows of it
        assert await on_call_now(work, "T1") == [LEADER, MEMBER]
        assert await on_call_now(work, "T2") == await on_call_now(work, None) == []
        told = await rendered_for(work, f"staff:{MEMBER}", PutOnCall(period.id))
        assert told is not None
        assert "县委第一巡察组值班：11月23日至11月29日" in told.text
        entry = await work.session.scalar(
            select(AuditEntry).where(AuditEntry.action == Audited.PUT_ON_CALL, AuditEntry.by_id == LEADER).limit(1)
        )
        assert entry is not None
    async with county(now=at(30)) as work:
        assert await on_call_now(work, "T1") == []
        assert await rendered_for(work, f"staff:{MEMBER}", PutOnCall(period.id)) is None  # it is over
        await forget_past_periods(work)
        assert list(await work.session.scalars(select(OnCallPeriod))) == []


async def test_only_the_leader_and_the_director_change_a_roster_and_only_for_people_of_the_team(
    county: OpenWork,
) -> None:
    async with county(now=at(23)) as work:
        period = await put(work)
        await put(work, COLLEAGUE, by=DIRECTOR)
        for stranger in (MEMBER, OFFICE, OTHER_LEADER, HEAD):
            with pytest.raises(NotEntitled):
                await put(work, COLLEAGUE, by=stranger, first=10, last=12)
            with pytest.raises(NotEntitled):
                await take_off_call(work, await who(work, stranger), period.id)
        for wrong, why in (
            ({"staff_id": OTHER_LEADER}, "gone"),
            ({"first": -1}, "day"),
            ({"first": 3, "last": 2}, "day"),
            ({"last": LONGEST_AHEAD + 1}, "day"),
            ({"first": 6, "last": 8}, "twice"),
        ):
            with pytest.raises(Impossible) as refused:
                await put(work, **wrong)
            assert refused.value.state == why
        for day in range(10, 8 + MOST_PERIODS):
            await put(work, first=day, last=day)
        with pytest.raises(Impossible) as refused:
            await put(work, first=60, last=60)
        assert refused.value.state == "full"


async def test_who_is_taken_off_or_leaves_the_team_is_on_call_no_more(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        period = await put(work)
        await take_off_call(work, await who(work, LEADER), period.id)
        with pytest.raises(Impossible):
            await take_off_call(work, await who(work, LEADER), period.id)
        entries = await work.session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.TAKEN_OFF_CALL))
        assert [entry.by_id for entry in entries] == [LEADER]
        told = await rendered_for(work, f"staff:{MEMBER}", TakenOffCall("T1", "2026-11-23", "2026-11-29"))
        assert told is not None
        assert "不用在县委第一巡察组值班了" in told.text
        assert await on_call_now(work, "T1") == []
        await put(work)
        await put(work, COLLEAGUE)
        await lock_out(work, MEMBER)  # the phone is lost, the person is still there
        assert await on_call_now(work, "T1") == [MEMBER, COLLEAGUE]
        await move_to_team(work, MEMBER, "T2")
        await leave(work, COLLEAGUE)
        assert list(await work.session.scalars(select(OnCallPeriod))) == []


async def test_teams_see_their_own_roster_the_director_all_and_nobody_else_any(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        period = await put(work)
        seen = {one: await rosters_of(work, await who(work, one)) for one in (LEADER, MEMBER, OTHER_LEADER, DIRECTOR)}
        assert {one: [(roster.team.id, roster.may_change) for roster in found] for one, found in seen.items()} == {
            LEADER: [("T1", True)],
            MEMBER: [("T1", False)],
            OTHER_LEADER: [("T2", True)],
            DIRECTOR: [(team, True) for team in sorted((await work.directory()).teams)],
        }
        [shown] = await said_in_chat(work, MEMBER, Command("oncall"))
        assert "县委第一巡察组</b> · 今天值班：阮知秋" in shown.text
        assert not shown.buttons
        [shown] = await said_in_chat(work, DIRECTOR, Command("oncall"))
        assert [button.data for row in shown.buttons for button in row] == [
            Press("oncall", "open", team).pack() for team in sorted((await work.directory()).teams)
        ]
        [shown] = await said_in_chat(work, OTHER_LEADER, Command("oncall"))
        assert "今天没有排值班" in shown.text
        assert "阮知秋" not in shown.text
        for stranger in (HEAD, OFFICE):
            [refused] = await said_in_chat(work, stranger, Command("oncall"))
            assert "值班表由" in refused.text
            assert "阮知秋" not in refused.text
            for action, subject in (("list", "0"), ("put", "T1"), ("open", "T1"), ("card", "T1"), ("ask", period.id)):
                said = await said_in_chat(work, stranger, ButtonPress(Press("oncall", action, subject).pack()))
                assert not any("阮知秋" in one.text for one in said), action


async def is_recused(work: UnitOfWork) -> None:
    work.session.add(Recusal(staff_id=MEMBER, unit_id="U1", state=RecusalState.ORDERED, reason=""))
    await work.session.flush()
    expire_directory(work.session)


async def nothing(_work: UnitOfWork) -> None:
    """Nothing happens before."""


@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param(is_recused, DESPAIR, id="who is shut out of the unit"),
        pytest.param(nothing, f"{DESPAIR},都是阮知秋逼的", id="who is named"),
        pytest.param(nothing, f"{DESPAIR},都是镇党委书记逼的", id="what lies before the leader alone"),
    ],
)
async def test_whoever_may_not_read_a_case_is_neither_called_nor_named_though_they_are_on_call(
    deployment: Deployment, before: Callable[[UnitOfWork], Awaitable[None]], said: str
) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await put_on_call(work, await who(work, LEADER), "T1", MEMBER, work.today, work.today)
        await before(work)
    await sends(journey, said, place="V02")
    call = await journey.leader.reads(CALLED)
    await deployment.settled()
    assert "阮知秋" not in call.text
    assert calls(journey.member) == []
    assert CrisisCalls.read((await only_case(deployment)).crisis).called == (LEADER,)


async def test_who_was_called_before_midnight_hears_that_somebody_is_on_it(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        leader, tomorrow = await who(work, LEADER), work.today + timedelta(days=1)
        await put_on_call(work, leader, "T1", MEMBER, work.today, work.today)
        await put_on_call(work, leader, "T1", COLLEAGUE, tomorrow, tomorrow)
    journey.simulator.advance(MIDNIGHT - 5 * 60)
    await sends(journey, DESPAIR)
    await journey.member.reads(CALLED)
    await later(journey, 6 * 60)
    await journey.leader.press(RESPOND)
    await journey.member.reads("有人接手了：古石生")
    await deployment.settled()
    colleague = deployment.simulator.messages(deployment.staff[COLLEAGUE])
    assert not any("有人接手了" in one.text for one in colleague)


async def test_in_a_crisis_at_night_who_is_on_call_is_called_and_named_on_the_card_with_who_answered(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await put_on_call(work, await who(work, LEADER), "T1", MEMBER, work.today, work.today + timedelta(days=1))
    journey.simulator.advance(NIGHT)
    await sends(journey, DESPAIR)
    call = await journey.member.reads(CALLED)
    assert not call.silent
    assert "农药" not in call.text
    assert "值班的也叫了：阮知秋" in (await journey.leader.reads(CALLED)).text
    await later(journey, TEN_MINUTES)
    assert "值班的也叫了：阮知秋" in (await journey.office.reads(CALLED)).text
    await journey.member.press(RESPOND)
    await journey.leader.reads("有人接手了：阮知秋")
    case = await only_case(deployment)
    assert case.owner_id == MEMBER
    journey.leader.say(f"{case.id}")
    card = await journey.leader.reads("📞")
    assert "叫过阮知秋（值班）、古石生、容北辰；阮知秋 " in card.text


async def test_a_danger_that_nobody_looked_at_is_told_to_who_is_on_call(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await put_on_call(work, await who(work, LEADER), "T1", MEMBER, work.today, work.today)
    await sends(journey, "桥栏杆断了")
    await later(journey, 2 * 3600 + 60)
    waits = await journey.leader.reads("还没有人认领")
    assert (await journey.member.reads("还没有人认领")).text == waits.text


async def test_a_leader_sets_the_roster_in_chat_and_the_team_reads_it_in_its_digest(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    leader, member = journey.leader, journey.member
    leader.say("/oncall")
    await leader.reads("今天没有排值班")
    await leader.press("1.oncall.put")
    await leader.reads("谁值班")
    await leader.press_ending(f".{short_digest(MEMBER, 16)}")
    await leader.reads("从哪天起")
    leader.say("昨天")
    await leader.reads("请写一个日期")
    await leader.press("1.form.choose.put_on_call-first")
    await leader.reads("值到哪天")
    week = deployment.simulator.now().astimezone(ZONE).date() + timedelta(days=6)
    await leader.press_ending(f".{week:%Y%m%d}")
    await leader.reads("1. 阮知秋 · 11月22日至11月28日")
    assert "把手机开着声音" in (await member.reads("您在县委第一巡察组值班")).text
    await sends(journey, "路灯坏了三个月没人修")
    leader.say("/digest")
    assert "今天值班：阮知秋" in (await leader.reads("新来")).text
    leader.say("/oncall")
    await leader.press("1.oncall.ask")
    await leader.press("1.oncall.take_off")
    await member.reads("不用在县委第一巡察组值班了")
