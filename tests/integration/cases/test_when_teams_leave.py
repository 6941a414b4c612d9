"""When the teams of a round leave: what is open goes to the office as it stands, and everybody hears of it once."""

import pytest
from sqlalchemy import select

from models.clocks import Clock
from models.complaints import Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.rectification import RectificationItem
from models.rounds import Round
from models.states import CaseState, Impossible, NotEntitled, RoundState
from services.access.member import member
from services.cases.actions import actions_open_to
from services.cases.case_log import complaints_of
from services.cases.claim import claim
from services.cases.clocks import clocks_of
from services.cases.decide import accept, answer, close, verify
from services.cases.dialogue import team_messages_of
from services.cases.hints import keep_as_hint
from services.cases.unanswered import unanswered
from services.intake.sort_anew import set_unit
from services.intake.split import split
from services.intake.visit import judge
from services.rectification.issue_item import order_fix
from services.rectification.item_drafts import begin_draft
from services.rectification.order import NewItem
from services.rounds import hand_over
from services.rounds.change_round_state import change_round_state
from services.rounds.hand_over import hand_over_cases
from services.unit_of_work import More, UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import counts, events_of, lay, queued_for, rendered
from tests.integration.rectification.conftest import at
from tests.journey import Journey
from tests.story import PhoneUser
from texts.message import Message

MEMBER, LEADER, OFFICE, DIRECTOR = "P06", "P05", "P04", "P03"
SAID = "组上的垃圾两个月没有人来清运"
TOLD = "team_left"


async def leave(work: UnitOfWork) -> None:
    """Let the teams leave, and the clock tick."""
    (await work.session.get_one(Round, "R6")).state = RoundState.INTAKE_CLOSED
    await change_round_state(work, "R6", "leave")
    while await hand_over_cases(work) is More.TO_DO:
        pass


async def told(work: UnitOfWork, case: Case) -> list[str | None]:
    """Return the keys of what the reporters of a case were told."""
    return [said.key for one in await complaints_of(work, case) for said in await team_messages_of(work, one)]


async def test_an_open_case_goes_to_the_office_as_it_stands_and_its_clocks_run_on(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        who = await member(work.session, MEMBER)
        await accept(work, who, case.id)
        before = {clock: (one.began_at, one.ends_at) for clock, one in (await clocks_of(work, case)).items()}
        assert before.keys() == {Clock.HANDLING}
        await leave(work)
        assert (case.desk, case.team_id, case.state, case.owner_id) == (OFFICE_DESK, None, CaseState.ACCEPTED, None)
        assert {clock: (one.began_at, one.ends_at) for clock, one in (await clocks_of(work, case)).items()} == before
        assert not who.knows_of(case)
        assert (await counts(work, who)).open_cases == 0
        assert (await counts(work, await member(work.session, OFFICE))).open_cases == 1


async def test_what_a_team_had_claimed_waits_for_somebody_at_the_office_to_claim_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await claim(work, await member(work.session, MEMBER), case.id)
        decision = (await clocks_of(work, case))[Clock.DECISION].ends_at
        await leave(work)
        clocks = await clocks_of(work, case)
        assert clocks.keys() == {Clock.FIRST_LOOK, Clock.DECISION}
        assert clocks[Clock.DECISION].ends_at == decision


async def test_what_was_for_the_leaders_eyes_alone_is_for_the_directors(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "村支书的事", desk=Desk.leader("T1"), state=CaseState.RESTRICTED, concerns_head=True)
        at_director = await lay(work, "巡察组的事", desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED)
        await leave(work)
        for one in (case, at_director):
            assert (one.desk, one.state) == (DIRECTOR_DESK, CaseState.RESTRICTED)
            assert await told(work, one) == [TOLD]
        assert not (await member(work.session, OFFICE)).knows_of(case)


async def test_from_whom_at_the_office_a_case_is_kept_does_not_get_it(county: OpenWork) -> None:
    async with county() as work:
        names_one = await lay(work, "简小满是我们村支书的亲戚，路一直不修")  # of the office's own staff
        await leave(work)
        assert names_one.desk == OFFICE_DESK
        assert not (await member(work.session, OFFICE)).knows_of(names_one)
        assert (await member(work.session, DIRECTOR)).sees(names_one)


async def test_the_office_works_on_it_to_the_end_as_a_team_does(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await leave(work)
        staff, director = await member(work.session, OFFICE), await member(work.session, DIRECTOR)
        assert {"claim", "accept", "ask", "propose_refusal"} <= set(actions_open_to(staff, case))
        await accept(work, staff, case.id)
        await verify(work, staff, case.id)
        with pytest.raises(NotEntitled):
            await answer(work, staff, case.id, "查清了。")
        await answer(work, director, case.id, "查清了。")
        await close(work, director, case.id)
        assert case.owner_id == OFFICE
        assert await unanswered(work) == []


async def test_what_was_found_true_and_has_closed_becomes_an_item_when_its_unit_is_told_the_findings(
    county: OpenWork,
) -> None:
    async with county() as work:
        leader, director = await member(work.session, LEADER), await member(work.session, DIRECTOR)
        with_team, left_behind = await lay(work, SAID, state=CaseState.ANSWERED), await lay(work, SAID)
        hint = await lay(work, SAID)
        await close(work, leader, with_team.id)
        await keep_as_hint(work, leader, hint.id)
        await leave(work)
        await accept(work, director, left_behind.id)
        await verify(work, director, left_behind.id)
        await answer(work, director, left_behind.id, "查清了，属实。")
        await close(work, director, left_behind.id)
        for who, case in ((leader, with_team), (director, left_behind)):
            draft = await begin_draft(work, who, NewItem("U1", "垃圾没有清运。"), case_id=case.id)
            assert (draft.case_id, case.state) == (case.id, CaseState.CLOSED)
        with pytest.raises(NotEntitled):
            await begin_draft(work, director, NewItem("U1", "垃圾没有清运。"), case_id=with_team.id)
        with pytest.raises(Impossible):
            await begin_draft(work, leader, NewItem("U1", "垃圾没有清运。"), case_id=hint.id)


async def test_what_waited_for_a_team_waits_no_longer(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, desk=OFFICE_DESK, team=None, unit=None, state=CaseState.PENDING_ASSIGN)
        await leave(work)
        assert (case.desk, case.state) == (OFFICE_DESK, CaseState.ASSIGNED)
        assert "hand_to_team" not in actions_open_to(await member(work.session, DIRECTOR), case)


async def test_every_reporter_is_told_once(county: OpenWork) -> None:
    async with county() as work:
        open_one, closed = await lay(work, SAID), await lay(work, SAID, state=CaseState.CLOSED)
        both = await lay(work, SAID, further_categories=["fees"])
        other = await split(work, await member(work.session, LEADER), both.id, "fees")
        await leave(work)
        await hand_over_cases(work)
        assert await told(work, open_one) == [TOLD]
        assert await told(work, closed) == []
        assert (await told(work, both)).count(TOLD) == 1
        assert [len(await complaints_of(work, one)) for one in (both, other)] == [1, 1]


async def test_many_cases_go_over_in_portions_and_each_of_them_once(
    county: OpenWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_over, "PORTION", 2)
    async with county() as work:
        cases = [await lay(work, SAID) for _ in range(5)]
        await leave(work)
        assert [one.desk for one in cases] == [OFFICE_DESK] * 5
        assert [(await events_of(work, one)).count(TOLD) for one in cases] == [1] * 5
        assert await hand_over_cases(work) is None


async def test_the_leader_gets_a_list_of_what_went_over_and_the_office_hears_of_it_once(county: OpenWork) -> None:
    async with county() as work:
        mine = await lay(work, SAID)
        named = await lay(work, "古石生收了村里的烟酒", shut_out=[LEADER])  # they lead the team
        await leave(work)
        [listed] = await queued_for(work, f"staff:{LEADER}", "cases_left_behind")
        message = await rendered(work, f"staff:{LEADER}", listed)
        assert isinstance(message, Message)
        assert mine.id in message.text
        assert named.id not in message.text
        assert SAID not in message.text
        assert await queued_for(work, f"staff:{MEMBER}", "cases_left_behind") == []
        for staff_id in (OFFICE, DIRECTOR):
            [came] = await queued_for(work, f"staff:{staff_id}", "cases_came_to_office")
            message = await rendered(work, f"staff:{staff_id}", came)
            assert message is not None
            assert " 2 件" in message.text
        assert not await queued_for(work, f"staff:{OFFICE}", "case_card")


async def test_a_danger_is_brought_to_the_office_at_once(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "桥要垮了", hazard=True)
        await leave(work)
        assert case.desk == OFFICE_DESK
        assert await queued_for(work, f"staff:{OFFICE}", "case_card")


async def test_what_the_reporter_takes_up_again_after_the_stay_goes_to_the_office(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.ANSWERED)
        closed = await lay(work, SAID, state=CaseState.CLOSED)
        await leave(work)
        assert case.desk == OFFICE_DESK  # it was open still
        assert closed.desk == Desk.team("T1")
        [complaint] = await complaints_of(work, closed)
        leader = await member(work.session, LEADER)
        before = await counts(work, leader)
        assert await judge(work, complaint.id, solved=False)
        assert (closed.state, closed.desk, closed.is_open) == (CaseState.REOPENED, OFFICE_DESK, True)
        assert await counts(work, leader) == before
        assert not leader.knows_of(closed)
        assert await queued_for(work, f"staff:{OFFICE}", "case_card")


async def test_what_was_ordered_because_of_a_case_is_reviewed_at_the_office(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        item = await order_fix(work, await member(work.session, LEADER), case.id, "请清运垃圾。", at(30).date())
        await leave(work)
        item = await work.session.get_one(RectificationItem, item.id, populate_existing=True)
        assert item.team_id is None
        assert (await member(work.session, OFFICE)).reviews(item)
        assert not (await member(work.session, LEADER)).reviews(item)


async def test_what_is_sorted_anew_or_split_after_the_stay_stays_at_the_office(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await leave(work)
        director = await member(work.session, DIRECTOR)
        await set_unit(work, director, case.id, "U2")
        assert (case.unit_id, case.desk) == ("U2", OFFICE_DESK)
        other = await split(work, director, case.id, "fees")
        assert (other.desk, other.state) == (OFFICE_DESK, CaseState.ASSIGNED)


async def test_as_long_as_the_teams_are_there_nothing_goes_over(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        for state in (RoundState.STATIONED, RoundState.INTAKE_CLOSED):
            (await work.session.get_one(Round, "R6")).state = state
            await work.session.flush()
            while await hand_over_cases(work) is More.TO_DO:  # the other round of the sample has nothing open
                pass
        assert case.desk == Desk.team("T1")
        assert not await work.session.scalar(select(Round.is_handed_over).where(Round.id == "R6"))


async def test_on_the_phones_the_stay_ends_for_everybody(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    async with deployment.database.transaction() as session:
        (await session.get_one(Round, "R6")).state = RoundState.INTAKE_CLOSED
    journey.office.say("/rounds")
    await journey.office.press("1.round.card.R6")
    await journey.office.press("1.round.leave.R6")
    await journey.office.reads("没办完的件都转到巡察办")
    await journey.office.press("1.round.leave_yes.R6")
    journey.simulator.advance(24 * 3600)
    await journey.office.reads("没办完的件都转到巡察办来了")
    await journey.leader.reads("这些件转到巡察办了")
    await journey.resident.reads("由巡察办接着办")
    await journey.board.reads("已转交别处")
    late = PhoneUser(journey.simulator, journey.simulator.add_person("晚来的"))
    journey.simulator.scan(late.person, await deployment.link("V02"))
    await late.reads("已经不收新的反映了")
    await late.reads("12345")
