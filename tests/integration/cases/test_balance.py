"""How the work of a desk is spread: the loads, what is proposed, and the one press that gives the cases."""

import pytest
from sqlalchemy import delete, select

from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.desk import OFFICE_DESK, Desk
from models.staff import Recusal, RecusalState, Role, StaffAddress, StaffRole
from models.states import CaseState, NotEntitled
from models.urgency import Urgency
from services.cases.balance import MOST_MOVES, Load, Overtaken, balance, loads_at_desks, propose
from services.cases.claim import claim
from services.directory import expire_directory
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, lay, queued_for, rendered
from tests.integration.rectification.conftest import at, who
from tests.story import PhoneUser

MONDAY = at(23)
TEAM = Desk.team("T1")


async def owned(work: UnitOfWork, owner: str | None, count: int = 1, **facts: object) -> list[Case]:
    """Lay cases on the first team's desk that came this morning, and are somebody's."""
    cases = [await lay(work, "路坏了", came=at(23, 8), **facts) for _ in range(count)]  # type: ignore[arg-type]
    for case in cases:
        case.owner_id = owner
    await work.session.flush()
    return cases


async def test_the_load_of_each_is_what_lies_with_them(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await owned(work, "P06", 2)
        await owned(work, "P06", urgency=Urgency.DANGER)
        await owned(work, "P07", state=CaseState.CLOSED)
        late = await lay(work, "路坏了", came=at(4))
        late.owner_id = "P07"
        await owned(work, None, 3)
        await owned(work, "P06", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        [desk] = await loads_at_desks(work, await who(work, "P05"))
        assert desk.desk == TEAM
        assert desk.unowned == 3
        assert {one.person.id: (one.open_cases, one.late, one.weight) for one in desk.loads} == {
            "P05": (0, 0, 0),
            "P06": (3, 0, 4),
            "P07": (1, 1, 2),
        }
        assert isinstance(desk.loads[0], Load)
        assert [one.person.id for one in desk.loads] == ["P05", "P07", "P06"]


async def test_what_is_nobodys_goes_to_the_members_who_have_least(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await owned(work, "P06", 3, state=CaseState.ACCEPTED)
        free = await owned(work, None, 5)
        proposed = await propose(work, await who(work, "P05"), TEAM)
        assert {move.case_id for move in proposed.moves} == {case.id for case in free}
        assert proposed.weights == {"P06": 4, "P07": 4}  # and nothing for their leader


async def test_what_is_hidden_from_somebody_is_never_proposed_for_them(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        work.session.add(Recusal(staff_id="P06", unit_id="U4", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        expire_directory(work.session)
        recused = await owned(work, None, 3, unit="U4", village=None)
        named = await owned(work, None, 2, shut_out=["P07"])
        nobodys = await owned(work, None, 1, unit="U4", village=None, shut_out=["P07"])
        leaders = await owned(work, None, 1, shut_out=["P05"])
        moves = {move.case_id: move.to for move in (await propose(work, await who(work, "P05"), TEAM)).moves}
        assert {moves[case.id] for case in recused} == {"P07"}
        assert {moves[case.id] for case in named} == {"P06"}
        assert not moves.keys() & {case.id for case in (*nobodys, *leaders)}


async def test_who_has_much_more_gives_what_was_not_begun(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        fresh = await owned(work, "P06", 6)
        begun = await owned(work, "P06", 2, state=CaseState.VERIFYING)
        proposed = await propose(work, await who(work, "P05"), TEAM)
        assert {(move.before, move.to) for move in proposed.moves} == {("P06", "P07")}
        moved = {move.case_id for move in proposed.moves}
        assert moved <= {case.id for case in fresh}
        assert not moved & {case.id for case in begun}
        assert proposed.weights == {"P06": 4, "P07": 4}


async def test_nobody_is_given_a_crisis_that_still_calls_or_what_is_even(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await owned(work, None, urgency=Urgency.CRISIS)
        await owned(work, "P06", 2)
        await owned(work, "P07", 3)
        assert (await propose(work, await who(work, "P05"), TEAM)).moves == []


@pytest.mark.parametrize(
    ("told", "takers"), [(["P06"], {"P06"}), (["P05"], {"P05"}), ([], {"P06", "P07"}), (["P05", "P07"], {"P07"})]
)
async def test_who_is_told_nothing_is_given_nothing_while_others_are(
    county: OpenWork, told: list[str], takers: set[str]
) -> None:
    async with county(now=MONDAY) as work:
        await work.session.execute(delete(StaffAddress).where(StaffAddress.staff_id.not_in(told)))
        expire_directory(work.session)
        await owned(work, None, 4)
        assert set((await propose(work, await who(work, "P05"), TEAM)).weights) == takers


async def test_a_proposal_is_of_so_many_cases_at_most(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await owned(work, None, MOST_MOVES + 5)
        assert len((await propose(work, await who(work, "P05"), TEAM)).moves) == MOST_MOVES


async def test_the_cases_are_given_logged_and_told_once(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        cases = [*await owned(work, None, 3), *await owned(work, "P06", 4)]
        leader = await who(work, "P05")
        proposed = await propose(work, leader, TEAM)
        await balance(work, leader, proposed)
        for move in proposed.moves:
            case = await work.session.get_one(Case, move.case_id)
            assert case.owner_id == move.to
            assert "give" in await events_of(work, case)
        entries = await work.session.execute(
            select(AuditEntry.case_id, AuditEntry.subject).where(AuditEntry.action == Audited.GIVEN)
        )
        assert sorted(tuple(row) for row in entries) == sorted((move.case_id, move.to) for move in proposed.moves)
        [order] = await queued_for(work, "staff:P07", "cases_given")
        said = await rendered(work, "staff:P07", order)
        assert said is not None
        mine = [case for case in cases if case.owner_id == "P07"]
        assert {button.label for row in said.buttons for button in row} == {case.id for case in mine}
        mine[0].owner_id = "P06"
        again = await rendered(work, "staff:P07", order)
        assert again is not None
        assert mine[0].id not in str(again.buttons)


async def test_what_was_claimed_meanwhile_is_given_to_nobody(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        [first, _] = await owned(work, None, 2)
        leader = await who(work, "P05")
        proposed = await propose(work, leader, TEAM)
        await claim(work, await who(work, "P06"), first.id)
        with pytest.raises(Overtaken):
            await balance(work, leader, proposed)


async def test_only_who_leads_a_desk_spreads_its_cases(county: OpenWork) -> None:
    async with county(now=MONDAY) as work:
        await owned(work, None)
        for staff_id, desk in (("P06", TEAM), ("P08", TEAM), ("P03", TEAM), ("P04", OFFICE_DESK), ("P14", TEAM)):
            with pytest.raises(NotEntitled):
                await propose(work, await who(work, staff_id), desk)
        assert [one.desk for one in await loads_at_desks(work, await who(work, "P03"))] == [OFFICE_DESK]
        assert await loads_at_desks(work, await who(work, "P06")) == []


async def test_a_leader_looks_and_gives_by_one_press(deployment: Deployment) -> None:
    leader, member, _ = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol("P05", "P06", "P07")]
    async with deployment.database.transaction() as session:
        numbers = [(await lay(deployment.work(session), "路坏了")).id for _ in range(4)]
    leader.say("/load")
    said = await leader.reads("没人认领：4 件")
    assert "阮知秋：在办 0 件" in said.text
    await leader.press("1.load.look")
    preview = await leader.reads("建议这样分，共 4 件")
    assert all(number in preview.text for number in numbers)
    async with deployment.database.reading() as session:
        assert set(await session.scalars(select(Case.owner_id))) == {None}
    assert "分好了 4 件" in await leader.press("1.load.balance")
    await leader.reads("阮知秋：在办 2 件")
    await member.reads("组长分给您 2 件")


async def test_a_proposal_that_has_changed_is_looked_at_anew(deployment: Deployment) -> None:
    leader, member = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol("P05", "P06")]
    async with deployment.database.transaction() as session:
        await lay(deployment.work(session), "路坏了")
    leader.say("/load")
    await leader.press("1.load.look")
    await leader.reads("建议这样分，共 1 件")
    async with deployment.database.transaction() as session:
        await lay(deployment.work(session), "灯坏了")
    assert "刚才有变动" in await leader.press("1.load.balance")
    await leader.reads("建议这样分，共 2 件")
    async with deployment.database.reading() as session:
        assert set(await session.scalars(select(Case.owner_id))) == {None}
    member.say("/load")
    await member.reads("分件由组长或主任来办")


async def test_a_press_of_who_leads_no_more_is_refused(deployment: Deployment) -> None:
    [account] = await deployment.enrol("P05")
    leader = PhoneUser(deployment.simulator, account)
    async with deployment.database.transaction() as session:
        await lay(deployment.work(session), "路坏了")
    leader.say("/load")
    await leader.can_press("1.load.look")
    async with deployment.database.transaction() as session:
        [role] = await session.scalars(select(StaffRole).where(StaffRole.staff_id == "P05"))
        role.role = Role.TEAM_MEMBER
    assert "组长或主任" in await leader.press("1.load.look")
