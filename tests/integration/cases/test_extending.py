"""More time for a case: its owner asks, who leads decides, and nobody gives it to themselves."""

import pytest
from sqlalchemy import select

from handlers.cases.card import offered, private_card
from models.audit import Audited, AuditEntry
from models.clocks import Clock
from models.complaints import Case
from models.desk import OFFICE_DESK, Desk
from models.extension import ExtensionReason
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.case_log import log_event
from services.cases.claim import give
from services.cases.decide import answer
from services.cases.deciders import NobodyMayDecide
from services.cases.extend import ask_extension, decline_extension, extend, grant_extension
from services.cases.quoting import QuotesReporter
from services.people.recusal import recuse
from services.retention.erase import erase_cases
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import events_of, lay, queued_for, rendered
from texts.catalogue import Words

OWNER, OTHER, LEADER, DIRECTOR, CLERK = "P06", "P07", "P05", "P03", "P04"
WORDS = "桥墩要等枯水期才能动工"
WHY = ExtensionReason.WORKS
LONG = "桥头岭到小学的石拱桥裂了一年多没有人来修过"
TEAM = Desk.team("T1")
DECISIONS = {"grant_extension", "decline_extension"}


async def handled(work: UnitOfWork, owner: str, *, desk: Desk = TEAM, team: str | None = "T1") -> Case:
    """Return a case that somebody works on, with its clocks."""
    case = await lay(work, LONG, state=CaseState.VERIFYING, owner_id=owner, desk=desk, team=team)
    await log_event(work, case, "note")
    return case


async def offers(work: UnitOfWork, staff_id: str, case: Case) -> set[str]:
    return {one.name for one in offered(await member(work.session, staff_id), case)}


async def test_an_owner_asks_and_who_leads_decides(county: OpenWork) -> None:
    async with county() as work:
        case = await handled(work, OWNER)
        owner, leader, director = [await member(work.session, one) for one in (OWNER, LEADER, DIRECTOR)]
        with pytest.raises(NotEntitled):
            await ask_extension(work, await member(work.session, OTHER), case.id, WHY, WORDS)
        due = case.due_at
        await ask_extension(work, owner, case.id, WHY, WORDS)
        assert case.extension is not None
        assert WORDS not in str(case.extension)
        [asked] = await queued_for(work, f"staff:{LEADER}", "case_extension_asked")
        told = await rendered(work, f"staff:{LEADER}", asked)
        assert told is not None
        assert WORDS in told.text
        assert {one.data for row in told.buttons for one in row} > {f"1.case.{one}.{case.id}" for one in DECISIONS}
        for staff_id in (OWNER, OTHER, DIRECTOR, CLERK):
            assert not await queued_for(work, f"staff:{staff_id}", "case_extension_asked")
            assert not DECISIONS & await offers(work, staff_id, case)
        assert "ask_extension" not in await offers(work, OWNER, case)  # once at a time
        assert await offers(work, LEADER, case) >= DECISIONS
        card = await private_card(work, Words("zh_Hans"), owner, case)
        assert card is not None
        assert "申请延长（施工、维修要时间" in card.text
        for who in (owner, director, await member(work.session, OTHER)):
            with pytest.raises(NotEntitled):
                await grant_extension(work, who, case.id)
        await decline_extension(work, leader, case.id)
        assert (case.due_at, case.is_extended, case.asked_for_time) == (due, False, None)
        assert await queued_for(work, f"staff:{OWNER}", "case_extension_declined")
        with pytest.raises(Impossible):
            await grant_extension(work, leader, case.id)
        await ask_extension(work, owner, case.id, WHY, WORDS)
        await grant_extension(work, leader, case.id)
        assert case.is_extended
        assert case.due_at > due
        assert await queued_for(work, f"staff:{OWNER}", "case_extension_given")
        assert (await events_of(work, case))[-4:] == ["ask_extension", "decline_extension", "ask_extension", "extend"]
        with pytest.raises(Impossible):  # once
            await ask_extension(work, owner, case.id, WHY, WORDS)
        query = select(AuditEntry.action, AuditEntry.by_id).where(AuditEntry.case_id == case.id)
        assert [tuple(row) for row in await work.session.execute(query.order_by(AuditEntry.number))] == [
            (Audited.EXTENSION_ASKED, OWNER),
            (Audited.EXTENSION_DECLINED, LEADER),
            (Audited.EXTENSION_ASKED, OWNER),
            (Audited.EXTENDED, LEADER),
        ]


async def test_a_leaders_own_case_goes_to_the_director_and_nobody_gives_time_to_themselves(county: OpenWork) -> None:
    async with county() as work:
        case = await handled(work, LEADER)
        leader, director = [await member(work.session, one) for one in (LEADER, DIRECTOR)]
        with pytest.raises(NotEntitled):
            await extend(work, leader, case.id, WHY)
        await ask_extension(work, leader, case.id, WHY, WORDS)
        with pytest.raises(NotEntitled):
            await grant_extension(work, leader, case.id)
        assert not DECISIONS & await offers(work, LEADER, case)
        [asked] = await queued_for(work, f"staff:{DIRECTOR}", "case_extension_asked")
        told = await rendered(work, f"staff:{DIRECTOR}", asked)
        assert told is not None
        assert f"1.case.open.{case.id}" not in str(told.buttons)  # what is to be decided, and no text of a reporter
        assert await offers(work, DIRECTOR, case) >= DECISIONS
        await grant_extension(work, director, case.id)
        assert case.is_extended


async def test_what_is_asked_for_ends_with_its_owner_and_who_alone_directs_decides_alone(county: OpenWork) -> None:
    async with county() as work:
        case = await handled(work, OWNER)
        owner, leader = await member(work.session, OWNER), await member(work.session, LEADER)
        await ask_extension(work, owner, case.id, WHY, WORDS)
        await give(work, leader, case.id, OTHER)
        assert case.extension is None
        own = await handled(work, LEADER)
        await recuse(work, DIRECTOR, "U1", by=await member(work.session, DIRECTOR))
        await ask_extension(work, leader, own.id, WHY, WORDS)  # nobody else may know of it
        assert own.asked_for_time is not None
        assert own.asked_for_time.alone
        await grant_extension(work, leader, own.id)
        await erase_cases(work, [case.id])
    async with county() as work:
        office = await handled(work, CLERK, desk=OFFICE_DESK, team=None)
        clerk = await member(work.session, CLERK)
        with pytest.raises(NobodyMayDecide):
            await ask_extension(work, clerk, office.id, WHY, WORDS)


async def test_what_is_asked_for_ends_with_the_answer_and_can_be_given_while_a_shorter_clock_runs(
    county: OpenWork,
) -> None:
    async with county() as work:
        case = await handled(work, OWNER)
        owner, leader = await member(work.session, OWNER), await member(work.session, LEADER)
        with pytest.raises(QuotesReporter):
            await ask_extension(work, owner, case.id, WHY, f"{LONG}，所以要久些")
        await ask_extension(work, owner, case.id, WHY, WORDS)
        case.is_named_report = True
        await log_event(work, case, "note")
        assert case.due_clock is Clock.RESULT
        assert await offers(work, LEADER, case) >= DECISIONS
        await grant_extension(work, leader, case.id)
        other = await handled(work, OWNER)
        await ask_extension(work, owner, other.id, WHY, WORDS)
        await answer(work, leader, other.id, "桥修好了。")
        assert other.extension is None
