"""A case goes to a team that is not from there: the office decides, the reporter may ask, the local team loses it."""

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.assign import NobodyMaySee
from services.cases.case_log import complaints_of
from services.cases.level_up import level_up, other_teams
from services.cases.merge import merge, take_apart
from services.cases.read_case import hand_over
from services.intake.visit import ReporterAction, ask_for_another_team, view
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay, queued, queued_for, rendered
from tests.integration.cases.test_transfers import told

SAID = "组长和镇长是同学，我们不放心他们查"
DIRECTOR, LEADER, MEMBER, OTHER_LEADER, OTHER_MEMBER = "P03", "P05", "P06", "P08", "P10"


async def asked(work: UnitOfWork, case: Case) -> bool:
    [complaint] = await complaints_of(work, case)
    return await ask_for_another_team(work, complaint.id)


async def test_those_who_had_it_lose_it_at_once_with_what_they_have_opened(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, owner_id=MEMBER)
        before = await member(work.session, MEMBER)
        await hand_over(work, before, case.id)
        await level_up(work, await member(work.session, DIRECTOR), case.id, "T2")
        assert (case.desk, case.team_id, case.owner_id) == (Desk.team("T2"), "T2", None)
        for staff_id in (LEADER, MEMBER):
            who = await member(work.session, staff_id)
            assert not who.knows_of(case)
            with pytest.raises(NotEntitled):
                await hand_over(work, who, case.id)
        text = await queued_for(work, f"staff:{MEMBER}", "case_text")
        assert [await rendered(work, f"staff:{MEMBER}", one) for one in text] == [None] * len(text)
        for staff_id in (OTHER_LEADER, OTHER_MEMBER):
            assert (await member(work.session, staff_id)).reads(case)
        assert await told(work, case) == [("levelled_up", "")]
        entries = select(AuditEntry.by_id, AuditEntry.subject).where(AuditEntry.action == Audited.LEVELLED_UP)
        assert [tuple(row) for row in await work.session.execute(entries)] == [(DIRECTOR, "T2")]


async def test_what_was_joined_with_it_goes_too(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, "我们也不放心")
        await merge(work, await member(work.session, LEADER), case.id, head.id)
        await level_up(work, await member(work.session, DIRECTOR), head.id, "T2")
        assert case.desk == Desk.team("T2")
        assert not (await member(work.session, MEMBER)).reads(case)


@pytest.mark.parametrize("staff_id", ["P04", LEADER, MEMBER, OTHER_LEADER, "P01", "P14", "P32"])
async def test_nobody_but_the_director_decides(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        with pytest.raises(NotEntitled):
            await level_up(work, await member(work.session, staff_id), case.id, "T2")


async def test_only_a_case_that_a_team_has_goes_to_another(county: OpenWork) -> None:
    async with county() as work:
        director = await member(work.session, DIRECTOR)
        for desk, state in (
            (OFFICE_DESK, CaseState.PENDING_ASSIGN),
            (DIRECTOR_DESK, CaseState.RESTRICTED),
            (Desk.team("T1"), CaseState.CLOSED),
        ):
            case = await lay(work, SAID, desk=desk, state=state)
            with pytest.raises(Impossible):
                await level_up(work, director, case.id, "T2")
        case = await lay(work, SAID)
        assert [team.id for team in await other_teams(work, case)] == ["T2", "T3"]
        with pytest.raises(NotEntitled):
            await level_up(work, director, case.id, "T1")


async def test_a_team_whose_leader_is_named_does_not_get_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, f"{SAID}，隋安澜也一样")
        with pytest.raises(NobodyMaySee):
            await level_up(work, await member(work.session, DIRECTOR), case.id, "T2")


async def test_a_reporter_asks_once_and_the_team_does_not_hear(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        [complaint] = await complaints_of(work, case)
        visit = await view(work, complaint.id)
        assert visit is not None
        assert ReporterAction.OTHER_TEAM in visit.may
        before = {name for name, _ in await queued(work)}
        assert await asked(work, case)
        assert not await asked(work, case)
        [outgoing] = await queued_for(work, f"staff:{DIRECTOR}", "other_team_asked_for")
        message = await rendered(work, f"staff:{DIRECTOR}", outgoing)
        assert message is not None
        assert case.id in message.text
        assert {name for name, _ in await queued(work)} - before <= {f"staff:{DIRECTOR}"}
        visit = await view(work, complaint.id)
        assert visit is not None
        assert ReporterAction.OTHER_TEAM not in visit.may


async def test_what_lies_before_a_leader_alone_becomes_known_to_the_director_when_its_reporter_asks(
    county: OpenWork,
) -> None:
    async with county() as work:
        case = await lay(work, SAID, desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        director = await member(work.session, DIRECTOR)
        assert not director.knows_of(case)
        with pytest.raises(NotEntitled):
            await level_up(work, director, case.id, "T2")
        assert await asked(work, case)
        assert director.knows_of(case)
        assert not director.reads(case)
        await level_up(work, director, case.id, "T2")
        assert case.desk == Desk.leader("T2")
        assert not (await member(work.session, OTHER_MEMBER)).knows_of(case)


async def test_the_team_that_lost_a_case_does_not_read_it_in_one_that_was_joined_with_it(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, f"{SAID}！")
        leader = await member(work.session, "P05")
        await merge(work, leader, case.id, head.id)
        await hand_over(work, leader, case.id)
        await level_up(work, await member(work.session, DIRECTOR), head.id, "T2")
        with pytest.raises(NotEntitled):
            await hand_over(work, leader, case.id)
        with pytest.raises(NotEntitled):
            await take_apart(work, leader, case.id)
