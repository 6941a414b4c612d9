"""Hints that are no case yet: kept by village and topic, and shown to the leader when three agree."""

import pytest

from models.desk import Desk
from models.states import CaseState, NotEntitled
from services.access.member import member
from services.cases.case_log import complaints_of
from services.cases.decide import reopen
from services.cases.dialogue import team_messages_of
from services.cases.hints import keep_as_hint
from services.cases.notices import HintsAgree
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay, queued_for, rendered

LEADER, MEMBER = "P05", "P06"


async def keep(work: UnitOfWork, times: int, village: str = "V01", category: str = "road") -> None:
    for _ in range(times):
        case = await lay(work, "听说修路的钱有名堂", village=village, category=category)
        await keep_as_hint(work, await member(work.session, LEADER), case.id)


async def test_the_leader_is_shown_hints_once_three_of_a_village_and_category_agree(county: OpenWork) -> None:
    async with county() as work:
        await keep(work, 2)
        await keep(work, 2, village="V02")
        await keep(work, 2, category="fees")
        assert not await queued_for(work, f"staff:{LEADER}", HintsAgree.kind)
        await keep(work, 1)
        [outgoing] = await queued_for(work, f"staff:{LEADER}", HintsAgree.kind)
        shown = await rendered(work, f"staff:{LEADER}", outgoing)
        assert shown is not None
        assert "3 条线索" in shown.text
        assert await rendered(work, f"staff:{MEMBER}", outgoing) is not None  # a member knows of the cases as well
        await keep(work, 2)
        assert len(await queued_for(work, f"staff:{LEADER}", HintsAgree.kind)) == 1
        await keep(work, 1)
        assert len(await queued_for(work, f"staff:{LEADER}", HintsAgree.kind)) == 2


async def test_the_reporter_is_told_and_the_leader_can_take_a_hint_up(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "听说修路的钱有名堂")
        leader = await member(work.session, LEADER)
        await keep_as_hint(work, leader, case.id)
        assert (case.state, case.is_hint) == (CaseState.CLOSED, True)
        [complaint] = await complaints_of(work, case)
        assert [said.key for said in await team_messages_of(work, complaint)] == ["hint"]
        await reopen(work, leader, case.id)
        assert (case.state, case.is_hint) == (CaseState.REOPENED, False)


async def test_only_a_leader_keeps_a_hint_and_never_a_danger(county: OpenWork) -> None:
    async with county() as work:
        leader = await member(work.session, LEADER)
        with pytest.raises(NotEntitled):
            await keep_as_hint(work, await member(work.session, MEMBER), (await lay(work, "听说")).id)
        with pytest.raises(NotEntitled):
            await keep_as_hint(work, leader, (await lay(work, "桥要垮了", hazard=True)).id)


async def test_hints_for_one_pair_of_eyes_are_not_counted_with_the_others(county: OpenWork) -> None:
    async with county() as work:
        await keep(work, 2)
        case = await lay(work, "听说", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        await keep_as_hint(work, await member(work.session, LEADER), case.id)
        assert not await queued_for(work, f"staff:{LEADER}", HintsAgree.kind)
