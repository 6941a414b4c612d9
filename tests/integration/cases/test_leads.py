"""Leads on discipline go to the discipline organ sealed: two agree, one reads, and a code comes back."""

import pytest

from models.complaints import Case
from models.desk import DIRECTOR_DESK, Desk
from models.extension import ExtensionReason
from models.states import CaseState, Impossible, NotEntitled, TransferState
from models.transfers import LeadOutcome, Transfer
from services.access.member import member
from services.cases.transfers import (
    LeadCounts,
    NobodyThere,
    agree,
    ask_for_time,
    count_leads,
    decline,
    give_outcome,
    open_transfer,
    proposed_lead,
    proposed_leads,
    received,
    report,
    sign,
    transfer,
)
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay, queued, queued_for, rendered
from tests.integration.cases.test_transfers import told

SAID = "镇里修路的工程都给了他侄儿的公司，招标是假的"
SUMMARY = "道路工程招投标涉嫌围标，须核查中标公司与经办人的关系。"
LEADER, DIRECTOR, CONTACT, OTHER_CONTACT, LEADING_GROUP = "P05", "P03", "P34", "P32", "P01"
DISCIPLINE = "D09"


async def proposed(work: UnitOfWork, desk: Desk = Desk.team("T1"), by: str = LEADER) -> tuple[Case, Transfer]:  # noqa: B008
    case = await lay(work, SAID, state=CaseState.VERIFYING, desk=desk, category="procurement_corruption")
    return case, await transfer(work, await member(work.session, by), case.id, DISCIPLINE, SUMMARY)


async def test_a_lead_goes_once_the_director_agrees_who_does_not_read_it(county: OpenWork) -> None:
    async with county() as work:
        case, lead = await proposed(work)
        assert (case.state, lead.state) == (CaseState.VERIFYING, TransferState.PROPOSED)
        assert not await queued_for(work, f"staff:{CONTACT}")
        [outgoing] = await queued_for(work, f"staff:{DIRECTOR}", "lead_proposed")
        message = await rendered(work, f"staff:{DIRECTOR}", outgoing)
        assert message is not None
        assert case.id not in message.text
        assert "围标" not in message.text
        director = await member(work.session, DIRECTOR)
        with pytest.raises(NotEntitled):
            await received(work, director, lead.id)
        await agree(work, director, lead.id)
        assert case.state == CaseState.TRANSFERRED
        assert await queued_for(work, f"staff:{CONTACT}", "transfer_sent")
        assert await told(work, case) == [("passed_on", "")]  # not to whom
        with pytest.raises(NotEntitled):
            await received(work, director, lead.id)


@pytest.mark.parametrize("staff_id", ["P04", "P05", "P06", "P08", "P01", CONTACT, "P14"])
async def test_nobody_but_the_director_agrees(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        _, lead = await proposed(work)
        who = await member(work.session, staff_id)
        for act in (agree, decline, proposed_lead):
            with pytest.raises(NotEntitled):
                await act(work, who, lead.id)
        assert await proposed_leads(work, who) == []


async def test_what_lies_before_the_director_is_for_the_leading_group_to_agree_to(county: OpenWork) -> None:
    async with county() as work:
        case, lead = await proposed(work, DIRECTOR_DESK, DIRECTOR)
        with pytest.raises(NotEntitled):
            await agree(work, await member(work.session, DIRECTOR), lead.id)
        await agree(work, await member(work.session, LEADING_GROUP), lead.id)
        assert case.state == CaseState.TRANSFERRED


async def test_a_lead_that_is_declined_stays_with_its_team(county: OpenWork) -> None:
    async with county() as work:
        case, lead = await proposed(work, Desk.leader("T1"))
        with pytest.raises(Impossible):  # one at a time
            await transfer(work, await member(work.session, LEADER), case.id, DISCIPLINE, SUMMARY)
        await decline(work, await member(work.session, DIRECTOR), lead.id)
        assert case.state == CaseState.VERIFYING
        assert await queued_for(work, f"staff:{LEADER}", "lead_declined")
        with pytest.raises(NotEntitled):
            await agree(work, await member(work.session, DIRECTOR), lead.id)


async def test_the_contact_alone_opens_it_signs_for_it_and_gives_a_code(county: OpenWork) -> None:
    async with county() as work:
        case, lead = await proposed(work)
        await agree(work, await member(work.session, DIRECTOR), lead.id)
        for stranger in (OTHER_CONTACT, DIRECTOR, LEADER, LEADING_GROUP):
            with pytest.raises(NotEntitled):
                await open_transfer(work, await member(work.session, stranger), lead.id)
        contact = await member(work.session, CONTACT)
        await open_transfer(work, contact, lead.id)
        [outgoing] = await queued_for(work, f"staff:{CONTACT}", "transfer_card")
        message = await rendered(work, f"staff:{CONTACT}", outgoing)
        assert message is not None
        assert SUMMARY in message.text
        assert "封存" in message.text
        await sign(work, contact, lead.id)
        assert lead.signed_at is not None
        with pytest.raises(Impossible):
            await report(work, contact, lead.id, "已立案审查。")
        with pytest.raises(Impossible):
            await ask_for_time(work, contact, lead.id, ExtensionReason.COMPLEX)
        await give_outcome(work, contact, lead.id, LeadOutcome.FILED)
        assert case.state == CaseState.ANSWERED
        assert (await told(work, case))[-1] == ("lead_ended", "")
        assert await count_leads(work) == LeadCounts(sent=1, signed=1, outcomes={LeadOutcome.FILED: 1})
        for name, one in await queued(work):
            if name in (f"staff:{LEADER}", f"staff:{DIRECTOR}"):
                shown = await rendered(work, name, one)
                assert shown is None or "立案" not in shown.text


async def test_an_outcome_is_no_departments(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        one = await transfer(work, await member(work.session, LEADER), case.id, "D07", SUMMARY)
        contact = await member(work.session, OTHER_CONTACT)
        await sign(work, contact, one.id)
        with pytest.raises(Impossible):
            await give_outcome(work, contact, one.id, LeadOutcome.FILED)


async def test_a_lead_that_names_the_contact_cannot_go_there(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, f"{SAID}，景慎之也晓得", state=CaseState.VERIFYING)
        with pytest.raises(NobodyThere):
            await transfer(work, await member(work.session, LEADER), case.id, DISCIPLINE, SUMMARY)
