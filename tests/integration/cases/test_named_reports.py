"""A named report has stricter clocks, and nobody but its readers learns that it is one."""

from datetime import datetime

import pytest

from channels.telegram.address import address_of
from handlers.cases.card import board_card, private_card
from handlers.cases.late import late_list
from handlers.cases.lists import case_line
from handlers.rounds.ledger import made
from models.clocks import Clock
from models.complaints import Case
from models.rounds import Team
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.claim import claim
from services.cases.clocks import clocks_of
from services.cases.decide import accept, answer, verify
from services.cases.facts import facts_of
from services.cases.merge import merge
from services.cases.named_reports import mark_as_named
from services.cases.read_case import NotRead, hand_over
from services.intake.split import split
from services.rounds.ledger import ledger_of
from services.rounds.notices import LedgerKind
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.integration.rectification.conftest import at
from tests.story import PhoneUser
from texts.catalogue import Words

LEADER, OWNER, COLLEAGUE, DIRECTOR, OTHER_LEADER = "P05", "P06", "P07", "P03", "P08"
WORDS = Words("zh_Hans")
CAME = at(9)  # a Monday
MARK = "实名"


async def named_case(work: UnitOfWork, **facts: object) -> Case:
    """Return a case that its owner has marked as a named report."""
    case = await lay(work, "路坏了", owner_id=OWNER, **facts)  # type: ignore[arg-type]
    owner = await member(work.session, OWNER)
    await hand_over(work, owner, case.id)
    return await mark_as_named(work, owner, case.id)


async def ends(work: UnitOfWork, case: Case) -> dict[Clock, datetime]:
    return {clock: one.ends_at for clock, one in (await clocks_of(work, case)).items()}


async def test_whoever_has_read_it_and_owns_it_or_leads_marks_it_and_its_clocks_are_stricter(county: OpenWork) -> None:
    async with county(now=CAME) as work:
        case = await lay(work, "路坏了", came=CAME)
        owner, leader = await member(work.session, OWNER), await member(work.session, LEADER)
        await claim(work, owner, case.id)
        for staff_id in (COLLEAGUE, DIRECTOR, OTHER_LEADER):
            with pytest.raises(NotEntitled):
                await mark_as_named(work, await member(work.session, staff_id), case.id)
        for who in (owner, leader):
            with pytest.raises(NotRead):
                await mark_as_named(work, who, case.id)
        await hand_over(work, owner, case.id)
        await mark_as_named(work, owner, case.id)
        assert await ends(work, case) == {Clock.DECISION: at(25, 0), Clock.NOTICE: at(1, 0, month=12)}
        with pytest.raises(Impossible):
            await mark_as_named(work, owner, case.id)
        number = case.id
    async with county(now=at(12)) as work:
        case = await accept(work, await member(work.session, OWNER), number)
        assert set(await ends(work, case)) == {Clock.HANDLING}
        await verify(work, await member(work.session, OWNER), number)
        assert (await ends(work, case))[Clock.RESULT] == at(4, 0, month=12)
        assert case.due_clock is Clock.RESULT
        await answer(work, await member(work.session, LEADER), number, "修好了。")
        assert set(await ends(work, case)) == {Clock.FOLLOW_UP}


async def test_what_becomes_of_a_named_report_is_named_as_well(county: OpenWork) -> None:
    async with county(now=CAME) as work:
        case = await named_case(work, came=CAME, further_categories=["fees"])
        other = await split(work, await member(work.session, LEADER), case.id, "fees")
        assert Clock.NOTICE in await ends(work, other)
        unnamed = await lay(work, "路坏了", came=CAME)
        head = await merge(work, await member(work.session, OWNER), case.id, unnamed.id)
        assert head.is_named_report
        assert (await ends(work, head))[Clock.NOTICE] == at(1, 0, month=12)


async def test_the_mark_stands_on_the_cards_of_its_readers_and_nowhere_else(county: OpenWork) -> None:
    async with county(now=at(1, month=12)) as work:
        (await work.session.get_one(Team, "T1")).board_address = address_of(-1001)
        number = (await named_case(work, came=at(1, month=12), state=CaseState.VERIFYING)).id
    async with county(now=at(31, month=12)) as work:  # late, and that by the clock of a named report
        case = await work.session.get_one(Case, number)
        assert case.due_clock is Clock.RESULT
        assert (await facts_of(work, case)).is_late
        cards = {}
        for staff_id in (OWNER, COLLEAGUE, LEADER, DIRECTOR, OTHER_LEADER):
            card = await private_card(work, WORDS, await member(work.session, staff_id), case)
            cards[staff_id] = card is not None and MARK in card.text
        assert cards == {OWNER: True, COLLEAGUE: True, LEADER: True, DIRECTOR: False, OTHER_LEADER: False}
        board, leader = await board_card(work, WORDS, case, "T1"), await member(work.session, LEADER)
        assert board is not None
        ledger = await made(await ledger_of(work, leader, "R6"), WORDS, LedgerKind.CSV)
        late = str(await late_list(work, WORDS, leader))
        assert "该办完" in late
        told = [board.text, str(await case_line(work, WORDS, case)), late, ledger.decode("utf-8-sig")]
        assert all(number in one for one in told)
        assert not [one for one in told if MARK in one or "🪪" in one]


async def test_a_leader_is_told_what_it_means_before_it_is_marked(deployment: Deployment) -> None:
    [account] = await deployment.enrol(LEADER)
    leader = PhoneUser(deployment.simulator, account)
    async with deployment.database.transaction() as session:
        case = await lay(deployment.work(session), "路坏了", state=CaseState.VERIFYING)
    leader.say(case.id)
    assert "请先点“看内容”" in await leader.press(f"1.case.look_at_named.{case.id}")
    await leader.press(f"1.case.open.{case.id}")
    await leader.reads("路坏了")
    await leader.press(f"1.case.look_at_named.{case.id}")
    assert "开始核查起 15 个工作日内" in (await leader.reads("定为实名反映？")).text
    await leader.press(f"1.case.mark_as_named.{case.id}")
    card = await leader.reads("🪪 实名反映，已核实")
    assert "named" not in str(card.buttons)
