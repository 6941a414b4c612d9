"""Who may do what in which state, against a table written by hand; and each action done by those who may."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from handlers.cases.card import offered
from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.desk import OFFICE_DESK, Desk
from models.extension import ExtensionReason
from models.states import CaseState, Impossible, NotEntitled
from models.urgency import Urgency
from services.access.member import Member, member
from services.cases.ask import ask
from services.cases.assign import hand_to_team
from services.cases.claim import AlreadyClaimed, claim, give, give_back, may_be_given_to, take_over
from services.cases.decide import (
    Referral,
    Refusal,
    RefusalReason,
    accept,
    answer,
    close,
    confirm_refusal,
    decline_refusal,
    refuse,
    reopen,
    verify,
)
from services.cases.extend import extend
from services.cases.fast_track import put_on_fast_track
from services.cases.hints import keep_as_hint
from services.cases.instruct import escalate
from services.cases.merge import merge
from services.cases.notes import write_note
from services.cases.read_case import hand_over
from services.cases.transfers import transfer
from services.intake.sort_anew import set_category, set_unit
from services.intake.split import split
from services.people.grants import share
from services.rectification.item_drafts import begin_draft
from services.rectification.order import NewItem
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import events_of, lay, queued_for

REFUSAL = Refusal(RefusalReason.LITIGATION, Referral.COURT)
S = CaseState

Action = Callable[[UnitOfWork, Member, Case], Awaitable[object]]


async def audited(work: UnitOfWork, case: Case) -> list[tuple[str, str | None, str | None]]:
    """Return what the audit log says of a case: what, by whom, to whom."""
    query = select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.number)
    return [(one.action, one.by_id, one.subject) for one in await work.session.scalars(query)]


async def give_to_anybody(work: UnitOfWork, who: Member, case: Case) -> None:
    """Give a case to the first who may have it."""
    people = await may_be_given_to(work, who, case.id)
    await give(work, who, case.id, people[0].person.id if people else "nobody")


async def merge_with_another(work: UnitOfWork, who: Member, case: Case) -> None:
    """Join a case with another that lies on the same desk."""
    head = await lay(work, "路坏了", desk=case.desk, state=S.RESTRICTED if case.desk.is_for_one else S.ASSIGNED)
    await merge(work, who, case.id, head.id)


ACTIONS: dict[str, Action] = {
    "open": lambda work, who, case: hand_over(work, who, case.id),
    "claim": lambda work, who, case: claim(work, who, case.id),
    "accept": lambda work, who, case: accept(work, who, case.id),
    "ask": lambda work, who, case: ask(work, who, case.id, "哪一段路？"),
    "note": lambda work, who, case: write_note(work, who, case.id, "先问村里"),
    "refuse": lambda work, who, case: refuse(work, who, case.id, REFUSAL),
    "give": give_to_anybody,
    "share": lambda work, who, case: share(work, who, case.id, "T2"),
    "escalate": lambda work, who, case: escalate(work, who, case.id, "请定由谁修"),
    "merge": merge_with_another,
    "extend": lambda work, who, case: extend(work, who, case.id, ExtensionReason.WORKS),
    "fast_track": lambda work, who, case: put_on_fast_track(work, who, case.id),
    "set_unit": lambda work, who, case: set_unit(work, who, case.id, "U2"),
    "keep_as_hint": lambda work, who, case: keep_as_hint(work, who, case.id),
    "list_as_item": lambda work, who, case: begin_draft(work, who, NewItem("U1", "路基塌陷。"), case_id=case.id),
    "split": lambda work, who, case: split(work, who, case.id, "fees"),
    "set_category": lambda work, who, case: set_category(work, who, case.id, "fees"),
    "verify": lambda work, who, case: verify(work, who, case.id),
    "answer": lambda work, who, case: answer(work, who, case.id, "查清了。"),
    "transfer": lambda work, who, case: transfer(work, who, case.id, "D07", "道路损坏，请修复。"),
    "close": lambda work, who, case: close(work, who, case.id),
    "reopen": lambda work, who, case: reopen(work, who, case.id),
    "hand_to_team": lambda work, who, case: hand_to_team(work, who, case.id, "T2"),
}

# What has a button only where another case calls for it.
NOT_ON_EVERY_CARD = {"merge"}

# The sample's people around team T1, and a case of unit U1 that lies where its state says.
PEOPLE = {
    "member": "P06",
    "leader": "P05",
    "office": "P04",
    "director": "P03",
    "other_team": "P08",
    "unit_head": "P14",
    "county_leader": "P25",
}
TEAM = {"member", "leader"}
OFFICE = {"office", "director"}
NEW = {S.ASSIGNED, S.RESTRICTED}
HANDLED = {S.ACCEPTED, S.VERIFYING, S.FIXING, S.TRANSFERRED, S.REOPENED}
SORTABLE = {S.NEED_INFO, S.ACCEPTED, S.VERIFYING, S.REOPENED}
ELSEWHERE = {  # in test_presses.py
    "order_fix",
    "take_back",
    "request_data",
    "level_up",
    "set_impact",
    "plan_visit",
    "mark_as_named",
    "put_before_group",
    "account",
    "compare_with",
}
CLOSED = {S.CLOSED, S.NOT_ACCEPTED, S.MERGED, S.INVALID, S.WITHDRAWN}

# For each action: in which states it is possible at all, and who of those who see the case may do it.
MAY = {
    "open": [(set(S), TEAM | OFFICE)],
    "claim": [(set(S) - CLOSED, TEAM | OFFICE)],
    "note": [(set(S) - CLOSED, TEAM | OFFICE)],
    "give": [(set(S) - CLOSED - {S.RESTRICTED}, {"leader", "director"})],
    "share": [(set(S) - CLOSED - {S.RESTRICTED, S.PENDING_ASSIGN}, {"leader"})],
    "escalate": [(set(S) - CLOSED - {S.RESTRICTED}, {"leader", "director"})],
    "extend": [(HANDLED, {"leader"})],
    "fast_track": [(NEW | HANDLED, {"leader"}), ({S.PENDING_ASSIGN}, {"director"})],
    "set_unit": [(NEW | SORTABLE, {"leader"}), ({S.PENDING_ASSIGN}, OFFICE)],
    "set_category": [(NEW | SORTABLE, {"leader"}), ({S.PENDING_ASSIGN}, OFFICE)],
    "merge": [(NEW, TEAM)],
    "keep_as_hint": [(NEW, {"leader"})],
    "list_as_item": [({S.VERIFYING, S.FIXING, S.TRANSFERRED, S.ANSWERED, S.CLOSED}, {"leader"})],
    "split": [(NEW | SORTABLE, {"leader"}), ({S.PENDING_ASSIGN}, {"director"})],
    "accept": [(NEW, TEAM)],
    "ask": [(NEW, TEAM)],
    "refuse": [(NEW, TEAM)],
    "verify": [({S.ACCEPTED, S.REOPENED}, TEAM)],
    "answer": [({S.VERIFYING}, {"leader"}), ({S.FIXING}, TEAM)],
    "transfer": [({S.VERIFYING}, {"leader"})],
    "close": [({S.ANSWERED}, {"leader"})],
    "reopen": [({S.CLOSED}, {"leader"})],
    "hand_to_team": [({S.PENDING_ASSIGN}, OFFICE)],
}


def seers(state: CaseState) -> set[str]:
    """Who may know of the case at all: where it lies decides."""
    if state == S.PENDING_ASSIGN:
        return OFFICE
    return {"leader"} if state == S.RESTRICTED else TEAM


def desk(state: CaseState) -> Desk:
    if state == S.PENDING_ASSIGN:
        return OFFICE_DESK
    return Desk.leader("T1") if state == S.RESTRICTED else Desk.team("T1")


def may(action: str, role: str, state: CaseState) -> bool:
    return role in seers(state) and any(state in states and role in people for states, people in MAY[action])


async def attempt(work: UnitOfWork, action: str, who: Member, case: Case) -> bool:
    """Try an action and undo it; return whether it could be done."""
    savepoint = await work.session.begin_nested()
    try:
        await ACTIONS[action](work, who, case)
    except (Impossible, NotEntitled):
        return False
    else:
        return True
    finally:
        await savepoint.rollback()
        work.session.expire_all()
        await work.session.refresh(case)


async def test_each_action_is_open_to_those_the_table_names_and_to_nobody_else(county: OpenWork) -> None:
    async with county() as work:
        people = {role: await member(work.session, staff_id) for role, staff_id in PEOPLE.items()}
        for state in CaseState:
            case = await lay(work, "路坏了", state=state, desk=desk(state))
            done = {
                (action, role)
                for action in ACTIONS
                for role, who in people.items()
                if await attempt(work, action, who, case)
            }
            assert done == {(action, role) for action in ACTIONS for role in PEOPLE if may(action, role, state)}, state


async def test_a_card_offers_what_can_be_done_and_nothing_else(county: OpenWork) -> None:
    async with county() as work:
        people = {role: await member(work.session, staff_id) for role, staff_id in PEOPLE.items()}
        for state in CaseState:
            case = await lay(work, "路坏了", state=state, desk=desk(state))
            for role, who in people.items():
                shown = {action.name for action in offered(who, case)} - ELSEWHERE
                if shown & {"not_accept", "propose_refusal"}:
                    shown = shown - {"not_accept", "propose_refusal"} | {"refuse"}
                may_do = {action for action in ACTIONS if may(action, role, state)} - NOT_ON_EVERY_CARD
                assert shown - {"take_apart"} == may_do, (state, role)
                assert ("take_apart" in shown) is (state == S.MERGED and role in TEAM)


async def test_only_a_leader_is_offered_to_order_a_fix(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", state=S.VERIFYING)
        shown = {
            staff_id: [action.name for action in offered(await member(work.session, staff_id), case)]
            for staff_id in ("P05", "P06")
        }
    assert "order_fix" in shown["P05"]
    assert "order_fix" not in shown["P06"]


async def test_whoever_is_shut_out_of_the_unit_can_do_nothing(county: OpenWork) -> None:
    async with county() as work:
        recused = await member(work.session, "P12")  # of T3, recused from U3
        case = await lay(work, "路坏了", desk=Desk.team("T3"), team="T3", unit="U3", village=None)
        assert not [action for action in ACTIONS if await attempt(work, action, recused, case)]
        assert offered(recused, case) == []


async def test_a_refused_action_tells_a_shut_out_member_nothing_about_the_state(county: OpenWork) -> None:
    async with county() as work:
        recused = await member(work.session, "P12")
        case = await lay(work, "路坏了", desk=Desk.team("T3"), team="T3", unit="U3", state=S.CLOSED)
        for action in ACTIONS.values():
            with pytest.raises(NotEntitled):
                await action(work, recused, case)


async def test_a_case_that_does_not_exist_is_refused_like_one_that_is_not_theirs(county: OpenWork) -> None:
    async with county() as work:
        with pytest.raises(NotEntitled):
            await claim(work, await member(work.session, "P06"), "00000000")


async def test_a_claimed_case_is_taken_over_by_the_leader_alone(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        first, second, leader = [await member(work.session, one) for one in ("P06", "P07", "P05")]
        await claim(work, first, case.id)
        for late in (second, leader):
            with pytest.raises(AlreadyClaimed, match=first.name):
                await claim(work, late, case.id)
        with pytest.raises(NotEntitled):
            await take_over(work, second, case.id)
        await take_over(work, leader, case.id)
        assert case.owner_id == leader.id
        assert await queued_for(work, "staff:P06", "case_taken_over")


async def test_claiming_twice_leaves_one_entry_in_the_log(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        who = await member(work.session, "P06")
        await claim(work, who, case.id)
        await claim(work, who, case.id)
        assert (await events_of(work, case)).count("claim") == 1


async def test_whoever_works_on_a_free_case_has_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await accept(work, await member(work.session, "P07"), case.id)
        assert case.owner_id == "P07"


async def test_a_claimed_case_is_its_owners_to_work_on_and_its_leaders(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        owner, other, leader = [await member(work.session, one) for one in ("P07", "P06", "P05")]
        await claim(work, owner, case.id)
        assert [action.name for action in offered(other, case)] == ["open", "note"]
        for action in ("accept", "ask", "refuse", "set_unit", "give"):
            assert not await attempt(work, action, other, case), action
        assert await attempt(work, "open", other, case)
        assert await attempt(work, "accept", leader, case)
        await accept(work, owner, case.id)
        assert not await attempt(work, "verify", other, case)
        assert await attempt(work, "verify", owner, case)


async def test_a_leader_gives_a_case_to_another_member_and_both_are_told(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        first, second, leader = [await member(work.session, one) for one in ("P06", "P07", "P05")]
        await claim(work, first, case.id)
        with pytest.raises(NotEntitled):
            await give(work, second, case.id, second.id)
        await give(work, leader, case.id, second.id)
        assert case.owner_id == second.id
        assert await queued_for(work, "staff:P06", "case_taken_over")
        assert await queued_for(work, "staff:P07", "case_given")
        assert (await events_of(work, case))[-1] == "give"


async def test_an_owner_hands_their_case_over_to_a_colleague_and_nobody_elses(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        owner, other = [await member(work.session, one) for one in ("P06", "P07")]
        await claim(work, owner, case.id)
        with pytest.raises(NotEntitled):
            await give(work, other, case.id, other.id)
        await give(work, owner, case.id, other.id)
        assert case.owner_id == other.id
        assert await queued_for(work, "staff:P07", "case_handed_over")
        assert not await queued_for(work, "staff:P06", "case_taken_over")
        assert await audited(work, case) == [(Audited.GIVEN, "P06", "P07")]
        with pytest.raises(NotEntitled):
            await give(work, owner, case.id, owner.id)


async def test_who_has_least_stands_first_and_what_they_have_beside_the_name(county: OpenWork) -> None:
    async with county() as work:
        for owner in ("P06", "P06", "P05"):
            await lay(work, "路坏了", owner_id=owner)
        await lay(work, "一把手的事", desk=Desk.leader("T1"), owner_id="P05")  # elsewhere: counted for nobody here
        await lay(work, "办完了", owner_id="P07", state=S.CLOSED)
        case = await lay(work, "路坏了")
        loads = await may_be_given_to(work, await member(work.session, "P05"), case.id)
        assert [(load.person.id, load.open_cases) for load in loads] == [("P07", 0), ("P05", 1), ("P06", 2)]


async def test_a_case_given_back_is_free_again_and_those_who_may_claim_it_hear(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        owner, other = [await member(work.session, one) for one in ("P06", "P07")]
        await claim(work, owner, case.id)
        assert "give_back" in [action.name for action in offered(owner, case)]
        with pytest.raises(NotEntitled):
            await give_back(work, other, case.id)
        await give_back(work, owner, case.id)
        assert case.owner_id is None
        assert await queued_for(work, "staff:P07", "case_given_back")
        assert await audited(work, case) == [(Audited.GIVEN_BACK, "P06", None)]
        with pytest.raises(NotEntitled):
            await give_back(work, owner, case.id)
        await claim(work, other, case.id)
        assert case.owner_id == other.id


async def test_in_a_crisis_that_is_given_back_the_calls_begin_anew(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "打死人了", urgency=Urgency.CRISIS)
        owner = await member(work.session, "P06")
        await claim(work, owner, case.id)
        assert not case.awaits_response
        await give_back(work, owner, case.id)
        assert case.next_call_at == work.now


async def test_a_case_is_given_to_nobody_who_may_not_see_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", desk=Desk.team("T3"), team="T3", unit="U3", village=None)
        leader = await member(work.session, "P11")
        assert "P12" not in [one.person.id for one in await may_be_given_to(work, leader, case.id)]  # recused from U3
        with pytest.raises(NotEntitled):
            await give(work, leader, case.id, "P12")


async def test_a_member_proposes_and_the_leader_decides(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "邻居占了我的宅基地")
        proposer, leader = [await member(work.session, one) for one in ("P06", "P05")]
        assert await refuse(work, proposer, case.id, REFUSAL) is False
        assert case.is_open
        assert await queued_for(work, "staff:P05", "case_proposal")
        with pytest.raises(NotEntitled):
            await confirm_refusal(work, proposer, case.id)
        await confirm_refusal(work, leader, case.id)
        assert case.state == S.NOT_ACCEPTED
        assert case.proposal is None


async def test_a_leader_may_decline_and_the_proposer_hears_of_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await refuse(work, await member(work.session, "P06"), case.id, REFUSAL)
        leader = await member(work.session, "P05")
        await decline_refusal(work, leader, case.id)
        assert case.state == S.ASSIGNED
        assert await queued_for(work, "staff:P06", "case_proposal_declined")
        with pytest.raises(Impossible):
            await confirm_refusal(work, leader, case.id)


async def test_a_proposal_dies_when_the_case_moves_on(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await refuse(work, await member(work.session, "P06"), case.id, REFUSAL)
        await accept(work, await member(work.session, "P07"), case.id)  # nobody has claimed it
        assert case.proposal is None
        with pytest.raises(Impossible):
            await confirm_refusal(work, await member(work.session, "P05"), case.id)


async def test_a_leaders_own_refusal_is_final(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "官司判了不服")
        assert await refuse(work, await member(work.session, "P05"), case.id, REFUSAL) is True
        assert case.state == S.NOT_ACCEPTED
        assert not case.is_open
