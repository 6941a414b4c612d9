"""Calls in a crisis: whom they go to, that they are made once, and what begins and ends them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bot.cli.health_checks import findings
from handlers.cases.card import private_card
from models.address import Address
from models.complaints import Case
from models.crisis import CrisisCalls
from models.database import Database
from models.delivery import OutboxRow
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.states import Actor, CaseState, Impossible, NotEntitled
from models.urgency import Urgency
from services.access.member import Member, member
from services.cases.ask import ask
from services.cases.assign import hand_to_team
from services.cases.case_log import step
from services.cases.claim import AlreadyClaimed, claim, give, take_over
from services.cases.crisis import call_again, respond
from services.cases.crisis_calls import call, call_anew
from services.cases.decide import accept
from services.cases.reassignment import reassign
from services.outbox import Priority
from services.people.addresses import give_address
from services.unit_of_work import UnitOfWork
from tests.accounts import take_account
from tests.conftest import NOW, ONLY_POSTGRESQL, OpenWork
from tests.integration.cases.conftest import lay, queued, queued_for, rendered
from tests.lock_conflicts import start_and_wait_for_lock
from texts.catalogue import Words

CALLS = ("crisis_call", "crisis_unanswered")
TEN_MINUTES_ON = NOW + timedelta(minutes=10)


async def called(work: UnitOfWork) -> list[tuple[str, str]]:
    """Return who is called, in the order of the calls, and by which notice."""
    return [(name.removeprefix("staff:"), order.kind) for name, order in await queued(work) if order.kind in CALLS]


async def lay_crisis(county: OpenWork, **where: Any) -> str:
    async with county() as work:
        return (await lay(work, "有个娃掉井里了", urgency=Urgency.CRISIS, **where)).id


async def forget_calls(county: OpenWork) -> None:
    async with county() as work:
        await work.session.execute(delete(OutboxRow))


async def tick(county: OpenWork, minutes: int) -> list[tuple[str, str]]:
    """Do what the clock does so many minutes later, and return who is called by it."""
    await forget_calls(county)
    async with county(now=NOW + timedelta(minutes=minutes)) as work:
        await call_again(work)
        return await called(work)


@pytest.mark.parametrize(
    ("where", "at_once", "after_ten_minutes"),
    [
        pytest.param({}, ["P05"], ["P05", "P03"], id="on a team's desk: its leader, then the director"),
        pytest.param(
            {"desk": Desk.leader("T1")}, ["P05"], ["P05", "P03"], id="about the head of the unit: the leader as well"
        ),
        pytest.param(
            {"desk": OFFICE_DESK, "team": None}, ["P03", "P04"], ["P03", "P04"], id="with the office: all of it"
        ),
        pytest.param(
            {"desk": DIRECTOR_DESK, "team": None}, ["P03"], ["P03"], id="about the team: the director, and nobody else"
        ),
    ],
)
async def test_whoever_leads_where_a_crisis_lies_is_called_first(
    county: OpenWork, where: dict[str, Any], at_once: list[str], after_ten_minutes: list[str]
) -> None:
    async with county() as work:
        await lay(work, "有个娃掉井里了", urgency=Urgency.CRISIS, **where)
        assert [name for name, _ in await called(work)] == at_once
    assert await tick(county, 9) == []
    assert [name for name, _ in await tick(county, 10)] == after_ten_minutes


async def test_the_card_of_a_crisis_says_who_was_called_and_then_who_answered_and_when(county: OpenWork) -> None:
    case_id = await lay_crisis(county)
    async with county() as work:
        case, leader = await work.session.get_one(Case, case_id), await member(work.session, "P05")
        card = await private_card(work, Words("zh_Hans"), leader, case)
        assert card is not None
        names = (await work.directory()).names
        assert f"已经叫了{names['P05']}，还没有人应" in card.text
    assert [kind for _, kind in await tick(county, 10)]
    async with county() as work:
        case = await work.session.get_one(Case, case_id)
        card = await private_card(work, Words("zh_Hans"), leader, case)
        assert card is not None
        assert f"{names['P05']}、{names['P03']}，还没有人应" in card.text
        assert await queued_for(work, "staff:P05", "case_card")  # where it stands it is shown anew
        await respond(work, leader, case_id)
        card = await private_card(work, Words("zh_Hans"), leader, case)
        assert card is not None
        assert "还没有人应" not in card.text
        hour = work.now.astimezone(work.zone)
        answered = f"叫过{names['P05']}、{names['P03']}；{names['P05']} {hour:%-m月%-d日 %-H} 时应的"
        assert answered in card.text
        await step(work, case, "withdraw", {Actor.REPORTER})
        card = await private_card(work, Words("zh_Hans"), leader, case)
        assert card is not None
        assert answered in card.text  # also once the case has ended


async def test_an_owner_who_claims_what_became_a_crisis_is_named_as_who_answered(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "井盖没了", owner_id="P06")
        owner = await member(work.session, "P06")
        case.urgency = Urgency.CRISIS
        await call(work, case)
        await work.session.flush()
        before = case.version
        await claim(work, owner, case.id)
        assert case.version == before + 1  # and so its cards are renewed
        card = await private_card(work, Words("zh_Hans"), await member(work.session, "P05"), case)
        names = (await work.directory()).names
        assert card is not None
        assert f"叫过{names['P06']}、{names['P05']}；{names['P06']} " in card.text
        call_anew(work, case)
        await call(work, case)
        assert CrisisCalls.read(case.crisis) == CrisisCalls(("P06", "P05"))  # what began anew is not answered


async def test_a_call_goes_before_cards_and_at_once_whatever_else_waits(county: OpenWork) -> None:
    async with county() as work:
        work.outbox.staff_not_before = NOW + timedelta(hours=1)
        await lay(work, "有个娃掉井里了", urgency=Urgency.CRISIS)
        rows = list(await work.session.scalars(select(OutboxRow).order_by(OutboxRow.priority)))
        assert (rows[0].kind, rows[0].priority, rows[0].not_before) == ("crisis_call", Priority.CRISIS, NOW)
        assert {row.kind for row in rows[1:]} == {"case_card"}


async def test_two_ticks_in_one_minute_call_once(county: OpenWork) -> None:
    await lay_crisis(county)
    assert len(await tick(county, 10)) == 2
    assert await tick(county, 10) == []


@ONLY_POSTGRESQL  # SQLite has one writer at a time
async def test_of_two_processes_that_tick_at_once_one_calls(county: OpenWork, database: Database) -> None:
    await lay_crisis(county)
    await forget_calls(county)
    async with county(now=TEN_MINUTES_ON) as work:
        await call_again(work)
        other = await start_and_wait_for_lock(county, database, call_again, now=TEN_MINUTES_ON)
    await other
    async with county() as work:
        assert await called(work) == [("P05", "crisis_call"), ("P03", "crisis_unanswered")]


@ONLY_POSTGRESQL
async def test_a_press_in_the_moment_of_the_next_call_comes_before_it(county: OpenWork, database: Database) -> None:
    case_id = await lay_crisis(county)
    await forget_calls(county)
    async with county(now=TEN_MINUTES_ON) as work:
        await respond(work, await member(work.session, "P05"), case_id)
        other = await start_and_wait_for_lock(county, database, call_again, now=TEN_MINUTES_ON)
    await other
    async with county() as work:
        assert await called(work) == []


async def test_after_a_day_on_which_nothing_ran_everybody_is_called_once(county: OpenWork) -> None:
    await lay_crisis(county)
    assert len(await tick(county, 24 * 60)) == 2
    assert await tick(county, 24 * 60 + 1) == []


async def test_a_mail_rings_no_phone_so_the_director_is_called_at_once_besides(county: OpenWork) -> None:
    async with county() as work:
        await take_account(work.session, "P05")
        await give_address(work, "P05", Address("mail", "gu@county.example"))
    await lay_crisis(county)
    async with county() as work:
        assert await called(work) == [("P05", "crisis_call"), ("P03", "crisis_unanswered")]


async def test_where_no_leader_can_be_reached_the_director_is_called_at_once(county: OpenWork) -> None:
    async with county() as work:
        await take_account(work.session, "P05")
    async with county() as work:
        case = await lay(work, "有个娃掉井里了", urgency=Urgency.CRISIS)
        assert ("P03", "crisis_unanswered") in await called(work)
        assert case.awaits_response


async def test_where_the_leader_is_named_the_others_on_the_team_are_called_and_the_leader_never(
    county: OpenWork,
) -> None:
    async with county() as work:
        leader = await member(work.session, "P05")
        case = await lay(work, f"{leader.name}又动手了", urgency=Urgency.CRISIS, shut_out=["P05"])
        assert [name for name, _ in await called(work)] == ["P06", "P07"]
        assert not (await member(work.session, "P05")).sees(case)
    assert "P05" not in [name for name, _ in await tick(county, 10)]


async def test_a_director_whom_a_crisis_names_is_neither_called_nor_told_who_is_on_it(county: OpenWork) -> None:
    case_id = await lay_crisis(county, shut_out=["P03"])
    assert await tick(county, 10) == [("P05", "crisis_call")]
    await forget_calls(county)
    async with county() as work:
        await respond(work, await member(work.session, "P05"), case_id)
        assert await queued_for(work, "staff:P03") == []


async def test_where_nobody_may_read_a_crisis_nobody_is_called_and_doctor_says_so(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(
            work, "容北辰又动手了", desk=DIRECTOR_DESK, team=None, urgency=Urgency.CRISIS, shut_out=["P03"]
        )
        assert await called(work) == []
    assert await tick(county, 60) == []
    async with county() as work:
        assert [one for one in [found async for found in findings(work)] if "nobody may see" in one and case.id in one]


async def test_doctor_lists_a_crisis_that_nobody_has_pressed_to_be_on(county: OpenWork) -> None:
    case_id = await lay_crisis(county)

    async def listed() -> bool:
        async with county() as work:
            said = [found async for found in findings(work)]
        return any(case_id in found and "nobody has pressed" in found for found in said)

    assert not await listed()  # the ten minutes are not over
    await tick(county, 10)
    assert await listed()
    async with county() as work:
        await respond(work, await member(work.session, "P05"), case_id)
    assert not await listed()


async def asks(work: UnitOfWork, who: Member, case_id: str) -> Case:
    return await ask(work, who, case_id, "现在在哪里?")


async def test_any_way_of_making_a_crisis_ones_own_ends_its_calls(county: OpenWork) -> None:
    ways = {
        "P05": (respond, claim, take_over, accept, asks),
        "P06": (respond, claim, accept, asks),
    }
    for staff_id, those in ways.items():
        for way in those:
            case_id = await lay_crisis(county)
            async with county() as work:
                case = await way(work, await member(work.session, staff_id), case_id)
                assert not case.awaits_response
                assert case.owner_id == staff_id
    case_id = await lay_crisis(county)
    async with county() as work:
        await give(work, await member(work.session, "P05"), case_id, "P06")
    assert await tick(county, 10) == []


async def test_a_crisis_that_is_closed_calls_nobody(county: OpenWork) -> None:
    case_id = await lay_crisis(county)
    async with county() as work:
        await step(work, await work.session.get_one(Case, case_id), "withdraw", {Actor.REPORTER})
    assert await tick(county, 10) == []


async def test_who_is_second_is_told_who_was_first(county: OpenWork) -> None:
    case_id = await lay_crisis(county)
    async with county() as work:
        await respond(work, await member(work.session, "P05"), case_id)
        with pytest.raises(AlreadyClaimed, match="古石生"):
            await respond(work, await member(work.session, "P06"), case_id)
        await respond(work, await member(work.session, "P05"), case_id)  # a second press of the same hand does no harm


async def test_the_others_who_were_called_hear_who_is_on_it(county: OpenWork) -> None:
    case_id = await lay_crisis(county)
    await tick(county, 10)
    await forget_calls(county)
    async with county() as work:
        await respond(work, await member(work.session, "P06"), case_id)
        for name in ("P05", "P03"):
            [told] = await queued_for(work, f"staff:{name}", "crisis_answered")
            message = await rendered(work, f"staff:{name}", told)
            assert message is not None
            assert "阮知秋" in message.text
        assert await queued_for(work, "staff:P06", "crisis_answered") == []


async def test_a_call_that_was_answered_on_its_way_says_nothing_any_more(county: OpenWork) -> None:
    case_id = await lay_crisis(county)
    await tick(county, 10)
    async with county() as work:
        orders = [(name, order) for name, order in await queued(work) if order.kind in CALLS]
        assert all([await rendered(work, name, order) for name, order in orders])
        await respond(work, await member(work.session, "P06"), case_id)
        assert [await rendered(work, name, order) for name, order in orders] == [None, None]


async def test_nobody_takes_a_crisis_who_was_not_called(county: OpenWork) -> None:
    case_id = await lay_crisis(county)
    async with county() as work:
        for stranger in ("P03", "P04", "P08", "P14", "P25"):
            with pytest.raises(NotEntitled):
                await respond(work, await member(work.session, stranger), case_id)
    await tick(county, 10)
    async with county() as work:
        for stranger in ("P04", "P08", "P14", "P25"):
            with pytest.raises(NotEntitled):
                await respond(work, await member(work.session, stranger), case_id)
        case = await respond(work, await member(work.session, "P03"), case_id)
        assert (case.desk, case.owner_id) == (DIRECTOR_DESK, "P03")
        assert (await member(work.session, "P03")).sees(case)
        assert not (await member(work.session, "P05")).sees(case)


async def test_a_case_that_is_no_crisis_is_nobodys_to_respond_to(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路灯不亮")
        with pytest.raises(NotEntitled):
            await respond(work, await member(work.session, "P03"), case.id)
        await step(work, case, "withdraw", {Actor.REPORTER})
        with pytest.raises(Impossible):
            await respond(work, await member(work.session, "P05"), case.id)


async def test_a_crisis_that_the_office_hands_to_a_team_calls_that_teams_leader(county: OpenWork) -> None:
    case_id = await lay_crisis(county, desk=OFFICE_DESK, team=None)
    async with county() as work:
        case = await work.session.get_one(Case, case_id)
        case.state = CaseState.PENDING_ASSIGN
        await respond(work, await member(work.session, "P04"), case_id)
        await hand_to_team(work, await member(work.session, "P04"), case_id, "T2")
    assert await tick(county, 1) == [("P08", "crisis_call")]
    assert ("P03", "crisis_unanswered") in await tick(county, 11)


async def test_a_crisis_whose_owner_leaves_calls_anew(county: OpenWork) -> None:
    case_id = await lay_crisis(county)
    async with county() as work:
        await respond(work, await member(work.session, "P06"), case_id)
        await work.session.execute(update(Case).where(Case.id == case_id).values(owner_id="P08"))
    async with county() as work:
        await reassign(work, await work.session.get_one(Case, case_id))
    assert await tick(county, 1) == [("P05", "crisis_call")]
