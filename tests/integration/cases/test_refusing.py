"""Not accepting a case: the reason in one's own words, what the reporter reads, and their one objection."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.clocks import Clock
from models.complaints import Case, Complaint, ComplaintMessage
from models.desk import Desk
from models.states import CaseState
from services.access.member import member
from services.cases.case_log import complaints_of
from services.cases.clocks import clocks_of
from services.cases.decide import Referral, Refusal, RefusalReason, confirm_refusal, refuse
from services.cases.dialogue import ContainsContact, team_messages_of
from services.intake.visit import ReporterAction, Visit, object_to_refusal, view
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import events_of, lay, queued_for, rendered
from tests.integration.cases.test_in_chat import choice_of
from tests.journey import Journey

LEADER, MEMBER = "P05", "P06"
IN_WORDS = Refusal(RefusalReason.OTHER, Referral.PETITION, "去年的会上村民代表已经表决过这块地")
LITIGATION = Refusal(RefusalReason.LITIGATION, Referral.COURT)


async def visit_of(work: UnitOfWork, case: Case) -> Visit:
    """Return how the reporter of a case sees it."""
    visit = await view(work, (await _complaint(work, case)).id)
    assert visit is not None
    return visit


async def _complaint(work: UnitOfWork, case: Case) -> Complaint:
    [complaint] = await complaints_of(work, case)
    return complaint


async def test_a_reason_in_words_is_sealed_until_the_leader_agrees_and_then_read_by_the_reporter(
    county: OpenWork,
) -> None:
    async with county() as work:
        case = await lay(work, "占地")
        assert not await refuse(work, await member(work.session, MEMBER), case.id, IN_WORDS)
        assert IN_WORDS.words not in str(case.proposal)
        assert IN_WORDS.words.encode().hex() not in str(case.proposal)
        [told] = await queued_for(work, "staff:P05", "case_proposal")
        shown = await rendered(work, "staff:P05", told)
        assert shown is not None
        assert IN_WORDS.words in shown.text
        await confirm_refusal(work, await member(work.session, LEADER), case.id)
        [said] = await team_messages_of(work, await _complaint(work, case))
        assert (said.key, said.text) == ("not_accepted", IN_WORDS.words)
        rows = await work.session.scalars(select(ComplaintMessage))
        assert all(IN_WORDS.words.encode() not in row.sealed for row in rows)
        entry = select(AuditEntry.by_id).where(AuditEntry.action == Audited.NOT_ACCEPTED)
        assert list(await work.session.scalars(entry)) == [LEADER]


async def test_a_reason_in_words_is_masked_as_it_is_proposed_and_tells_of_no_contact(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "我叫李老四，电话13812345678")
        leader = await member(work.session, LEADER)
        with pytest.raises(ContainsContact):
            await refuse(work, leader, case.id, Refusal(RefusalReason.OTHER, Referral.PETITION, "加微信 xc_liu8"))
        await refuse(work, leader, case.id, Refusal(RefusalReason.OTHER, Referral.PETITION, "李老四的地已经判过了"))
        [said] = await team_messages_of(work, await _complaint(work, case))
        assert "李老四" not in said.text


async def test_a_reporter_objects_once_and_who_leads_there_hears_of_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "占地", owner_id=MEMBER)
        leader = await member(work.session, LEADER)
        await refuse(work, leader, case.id, LITIGATION)
        complaint = await _complaint(work, case)
        assert ReporterAction.OBJECT in (await visit_of(work, case)).may
        assert await object_to_refusal(work, complaint.id)
        assert (case.state, case.is_open, case.objected) == (CaseState.ASSIGNED, True, True)
        assert "object" in await events_of(work, case)
        for staff_id in (LEADER, MEMBER):
            assert await queued_for(work, f"staff:{staff_id}", "case_refusal_objected")
        assert not await queued_for(work, "staff:P07", "case_refusal_objected")
        assert ReporterAction.ADD in (await visit_of(work, case)).may  # to say why
        await refuse(work, leader, case.id, LITIGATION)
        assert (await team_messages_of(work, complaint))[-1].key == "not_accepted_again"
        assert ReporterAction.OBJECT not in (await visit_of(work, case)).may
        assert not await object_to_refusal(work, complaint.id)
        assert case.state == CaseState.NOT_ACCEPTED


async def test_a_case_for_one_pair_of_eyes_goes_back_to_them_alone(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "一把手的事", desk=Desk.leader("T1"), state=CaseState.RESTRICTED, concerns_head=True)
        await refuse(work, await member(work.session, LEADER), case.id, LITIGATION)
        assert await object_to_refusal(work, (await _complaint(work, case)).id)
        assert case.state == CaseState.RESTRICTED
        assert not await queued_for(work, "staff:P06", "case_refusal_objected")


async def test_after_an_objection_there_is_the_whole_time_to_decide_anew(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "占地")
        await refuse(work, await member(work.session, LEADER), case.id, LITIGATION)
    later = NOW + timedelta(days=20)
    async with county(later) as work:
        found = await work.session.get_one(Case, case.id)
        assert await object_to_refusal(work, (await _complaint(work, found)).id)
        decision = (await clocks_of(work, found))[Clock.DECISION]
        assert decision.ends_at > later + timedelta(days=14)


async def test_an_objection_comes_too_late_after_a_month(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "占地")
        await refuse(work, await member(work.session, LEADER), case.id, LITIGATION)
    async with county(NOW + timedelta(days=31)) as work:
        found = await work.session.get_one(Case, case.id)
        assert ReporterAction.OBJECT not in (await visit_of(work, found)).may
        assert not await object_to_refusal(work, (await _complaint(work, found)).id)


async def test_from_the_refusal_on_one_phone_to_the_objection_on_another(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    resident, leader = journey.resident, journey.leader
    leader.say("/queue")
    await leader.press(f"1.queue.case.{journey.case_id}")
    await leader.press(f"1.case.not_accept.{journey.case_id}")
    before = (await leader.can_press("1.form.choose.refuse_case-why")).message_id
    leader.say("这座桥归省公路局管")
    where = await leader.can_press("1.form.choose.refuse_case-where_else", after=before)
    await leader.press(choice_of(where, "department"))
    preview = await leader.can_press("1.form.send.refuse_case")
    assert "这座桥归省公路局管" in preview.text
    assert "直接找管这件事的部门" in preview.text
    await leader.press("1.form.send.refuse_case")
    told = await resident.reads("这座桥归省公路局管")
    asked = resident.say(journey.code)
    await resident.press("1.r.object", after=max(asked, told.message_id))
    await resident.reads("您不同意", after=asked)
    await leader.reads("有异议")
    async with deployment.database.reading() as session:
        case = await session.get_one(Case, journey.case_id)
        assert (case.state, case.objected) == (CaseState.ASSIGNED, True)
    said = resident.say("桥在村里,一直是村里管")
    await resident.press("1.r.put_in", after=said)
    await resident.reads("加进去了", after=said)
