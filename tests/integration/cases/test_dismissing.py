"""A case is dismissed by two people, after it was read, for a reason; the reporter is told, and it can be undone."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from handlers.cases.card import offered, private_card
from models.audit import Audited, AuditEntry
from models.base import coarse
from models.complaints import Case, CaseComplaint, Complaint, ReplyAddress
from models.delivery import OutboxRow
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.dismissal import UNDO_DAYS, DismissalReason
from models.staff import Role, StaffRole
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.claim import claim, give
from services.cases.deciders import NobodyMayDecide
from services.cases.dialogue import team_messages_of
from services.cases.dismiss import (
    confirm_dismissal,
    decline_dismissal,
    propose_dismissal,
    undo_dismissal,
)
from services.cases.read_case import NotRead, hand_over
from services.people.leaving import leave
from services.people.recusal import recuse
from services.retention.erase import erase_cases, erase_expired
from services.retention.expiry import purge_reply_addresses
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.cases.conftest import counts, events_of, labels, lay, queued_for, rendered
from texts.catalogue import Words

EMPTY = DismissalReason.EMPTY
OWN_WORDS = "就是发了一串广告"


async def proposed(work: UnitOfWork, by: str = "P06", *, words: str = "", **how: object) -> Case:
    """Return a case that its owner has read, and proposes to dismiss."""
    case = await lay(work, "加微信秒批贷款", **how)  # type: ignore[arg-type]
    who = await member(work.session, by)
    await claim(work, who, case.id)
    await hand_over(work, who, case.id)
    reason = DismissalReason.OTHER if words else EMPTY
    await propose_dismissal(work, who, case.id, reason, words)
    return case


async def complaint_of(work: UnitOfWork, case: Case) -> Complaint:
    query = select(Complaint).join(CaseComplaint).where(CaseComplaint.case_id == case.id)
    return (await work.session.scalars(query)).one()


async def audited(work: UnitOfWork, case: Case) -> list[tuple[str, str | None]]:
    query = select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.number)
    return [(entry.action, entry.by_id) for entry in await work.session.scalars(query)]


async def test_nobody_but_the_owner_can_propose_to_dismiss_a_case(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        member_, leader = await member(work.session, "P07"), await member(work.session, "P05")
        for who in (member_, leader):
            with pytest.raises(NotEntitled):
                await propose_dismissal(work, who, case.id, EMPTY)
        await claim(work, await member(work.session, "P06"), case.id)
        for who in (member_, leader):
            with pytest.raises(NotEntitled):
                await propose_dismissal(work, who, case.id, EMPTY)
        assert case.is_open
        assert case.proposal is None


async def test_a_case_that_its_owner_has_not_opened_cannot_be_dismissed(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        owner, colleague = await member(work.session, "P06"), await member(work.session, "P07")
        await claim(work, owner, case.id)
        await hand_over(work, colleague, case.id)  # that somebody else has read it does not count
        with pytest.raises(NotRead):
            await propose_dismissal(work, owner, case.id, EMPTY)
        await hand_over(work, owner, case.id)
        await propose_dismissal(work, owner, case.id, EMPTY)
        assert case.is_open


async def test_the_leader_is_asked_and_nothing_ends_before_they_agree(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, words=OWN_WORDS)
        assert case.is_open
        [told] = await queued_for(work, "staff:P05", "case_dismissal_proposed")
        message = await rendered(work, "staff:P05", told)
        assert message is not None
        assert OWN_WORDS in message.text
        assert {"✔️ 同意作无效件", "↩️ 不同意，接着办"} <= set(labels(message))
        for other in ("P06", "P07", "P03"):
            assert not await queued_for(work, f"staff:{other}", "case_dismissal_proposed")
            with pytest.raises(NotEntitled):
                await confirm_dismissal(work, await member(work.session, other), case.id)
        await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        assert case.state == CaseState.INVALID
        assert not case.is_open


async def test_a_declined_dismissal_leaves_the_case_to_its_owner_who_is_told(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        await decline_dismissal(work, await member(work.session, "P05"), case.id)
        assert (case.state, case.owner_id, case.proposal) == (CaseState.ASSIGNED, "P06", None)
        assert await queued_for(work, "staff:P06", "case_dismissal_declined")
        with pytest.raises(Impossible):
            await confirm_dismissal(work, await member(work.session, "P05"), case.id)


async def test_every_step_of_a_dismissal_is_in_both_logs(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        leader = await member(work.session, "P05")
        await decline_dismissal(work, leader, case.id)
        await propose_dismissal(work, await member(work.session, "P06"), case.id, EMPTY)
        await confirm_dismissal(work, leader, case.id)
        await undo_dismissal(work, leader, case.id)
        assert [event for event in await events_of(work, case) if "dismiss" in event] == [
            *("propose_dismissal", "decline_dismissal", "propose_dismissal", "dismiss", "undo_dismissal"),
        ]
        assert await audited(work, case) == [
            (Audited.OPENED, "P06"),
            (Audited.DISMISSAL_PROPOSED, "P06"),
            (Audited.DISMISSAL_DECLINED, "P05"),
            (Audited.DISMISSAL_PROPOSED, "P06"),
            (Audited.DISMISSED, "P05"),
            (Audited.DISMISSAL_UNDONE, "P05"),
        ]


async def test_the_reporter_is_told_why_on_a_visit_and_by_a_push(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, words=OWN_WORDS)
        await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        complaint = await complaint_of(work, case)
        [line] = await team_messages_of(work, complaint)
        assert line.key == "dismissed"
        [push] = await queued_for(work, f"reporter:{complaint.id}")
        told = await rendered(work, f"reporter:{complaint.id}", push)
        assert told is not None
        assert "无效件" in told.text
        assert "里面没有能办的事" in told.text
        assert OWN_WORDS not in told.text


async def test_a_dismissal_undone_within_a_week_leaves_the_case_as_it_was(county: OpenWork) -> None:
    async with county() as work:
        before_counts = await counts(work, await member(work.session, "P06"))
        case = await proposed(work, hazard=True, came=NOW - timedelta(days=3))
        before = (case.state, case.owner_id, case.desk, case.state_since, case.is_open)
        counted = await counts(work, await member(work.session, "P06"))
        await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        assert await counts(work, await member(work.session, "P06")) == before_counts
        case_id = case.id
    async with county(NOW + timedelta(days=UNDO_DAYS)) as work:
        leader = await member(work.session, "P05")
        case = await work.session.get_one(Case, case_id)
        assert "undo_dismissal" in [action.name for action in offered(leader, case)]
        with pytest.raises(NotEntitled):
            await undo_dismissal(work, await member(work.session, "P06"), case_id)
        await undo_dismissal(work, leader, case_id)
        assert (case.state, case.owner_id, case.desk, case.state_since, case.is_open) == before
        assert case.proposal is None
        assert await counts(work, await member(work.session, "P06")) == counted
        assert await queued_for(work, "staff:P06", "case_dismissal_undone")
        assert [line.key for line in await team_messages_of(work, await complaint_of(work, case))][
            -1
        ] == "dismissal_undone"


async def test_after_a_week_a_dismissal_stands(county: OpenWork) -> None:
    async with county() as work:
        case_id = (await confirm_dismissal(work, await member(work.session, "P05"), (await proposed(work)).id)).id
    async with county(NOW + timedelta(days=UNDO_DAYS, hours=2)) as work:
        with pytest.raises(Impossible):
            await undo_dismissal(work, await member(work.session, "P05"), case_id)


async def test_as_long_as_it_can_be_undone_nothing_of_a_dismissed_case_is_lost(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        complaint = await complaint_of(work, case)
        work.session.add(
            ReplyAddress(complaint_id=complaint.id, sealed=b"", expires_at=coarse(NOW) + timedelta(days=90))
        )
        await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        complaint_id = complaint.id
    async with county(NOW + timedelta(days=UNDO_DAYS)) as work:
        await work.session.execute(delete(OutboxRow))  # all that was queued is sent
        assert await purge_reply_addresses(work) == 0
        assert await erase_expired(work) == 0
        assert await work.session.get(ReplyAddress, complaint_id) is not None
    async with county(NOW + timedelta(days=UNDO_DAYS, hours=2)) as work:
        assert await purge_reply_addresses(work) == 1


async def test_a_leader_cannot_dismiss_their_own_case_the_director_decides(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, by="P05")
        with pytest.raises(NotEntitled):
            await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        assert await queued_for(work, "staff:P03", "case_dismissal_proposed")
        director = await member(work.session, "P03")
        await hand_over(work, director, case.id)  # who decides may read it
        await confirm_dismissal(work, director, case.id)
        assert case.state == CaseState.INVALID
        await undo_dismissal(work, director, case.id)
        assert case.is_open
        with pytest.raises(NotEntitled):  # and nothing of it is theirs any more
            await hand_over(work, await member(work.session, "P03"), case.id)


async def test_of_two_leaders_the_one_who_has_not_proposed_it_decides(county: OpenWork) -> None:
    async with county() as work:
        work.session.add(StaffRole(staff_id="P07", role=Role.TEAM_LEADER, team_id="T1", fields=[]))
        await work.session.flush()
        case = await proposed(work, by="P05")
        with pytest.raises(NotEntitled):
            await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        await confirm_dismissal(work, await member(work.session, "P07"), case.id)
        assert case.state == CaseState.INVALID


async def test_where_the_leader_is_shut_out_the_director_decides(county: OpenWork) -> None:
    async with county() as work:
        await recuse(work, "P05", "U1", by=await member(work.session, "P05"))
        case = await proposed(work)
        assert not await queued_for(work, "staff:P05", "case_dismissal_proposed")
        assert await queued_for(work, "staff:P03", "case_dismissal_proposed")
        await confirm_dismissal(work, await member(work.session, "P03"), case.id)
        assert case.state == CaseState.INVALID


async def test_a_leader_who_is_shut_out_later_is_no_longer_asked(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        await recuse(work, "P05", "U1", by=await member(work.session, "P05"))
        assert await queued_for(work, "staff:P03", "case_dismissal_proposed")
        with pytest.raises(NotEntitled):
            await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        await decline_dismissal(work, await member(work.session, "P03"), case.id)
        assert case.is_open


async def test_a_director_who_is_shut_out_is_not_asked_either(county: OpenWork) -> None:
    async with county() as work:
        for staff_id in ("P03", "P05"):
            await recuse(work, staff_id, "U1", by=await member(work.session, staff_id))
        with pytest.raises(NobodyMayDecide):
            await proposed(work)
        assert not await queued_for(work, "staff:P03", "case_dismissal_proposed")


async def test_what_only_the_leader_reads_the_director_decides_on_without_reading_it(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, by="P05", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        director = await member(work.session, "P03")
        [told] = await queued_for(work, "staff:P03", "case_dismissal_proposed")
        message = await rendered(work, "staff:P03", told)
        assert message is not None
        assert "📖 看内容" not in labels(message)
        with pytest.raises(NotEntitled):
            await hand_over(work, director, case.id)
        await confirm_dismissal(work, director, case.id)
        assert case.state == CaseState.INVALID


async def test_at_the_office_its_staff_propose_and_the_director_decides(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, by="P04", desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN)
        with pytest.raises(NotEntitled):
            await confirm_dismissal(work, await member(work.session, "P04"), case.id)
        director = await member(work.session, "P03")
        await confirm_dismissal(work, director, case.id)
        await undo_dismissal(work, director, case.id)
        assert case.state == CaseState.PENDING_ASSIGN


async def test_of_what_nobody_else_may_know_the_director_proposes_and_confirms(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, by="P03", desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED)
        assert case.is_open
        await confirm_dismissal(work, await member(work.session, "P03"), case.id)
        assert case.state == CaseState.INVALID


async def test_of_two_directors_who_shut_each_other_out_neither_decides_alone(county: OpenWork) -> None:
    async with county() as work:
        work.session.add(StaffRole(staff_id="P04", role=Role.OFFICE_DIRECTOR, fields=[]))
    async with county() as work:
        await recuse(work, "P04", "U1", by=await member(work.session, "P03"))
        with pytest.raises(NobodyMayDecide):
            await proposed(work, by="P03", desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED)


async def test_a_director_who_keeps_out_by_their_own_word_leaves_the_other_to_decide_alone(county: OpenWork) -> None:
    async with county() as work:
        work.session.add(StaffRole(staff_id="P04", role=Role.OFFICE_DIRECTOR, fields=[]))
    async with county() as work:
        await recuse(work, "P04", "U1", by=await member(work.session, "P04"))
        case = await proposed(work, by="P03", desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED)
        assert case.dismissal is not None
        assert case.dismissal.alone


async def test_a_proposal_falls_when_the_case_goes_to_another(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        leader = await member(work.session, "P05")
        await give(work, leader, case.id, "P07")
        assert case.proposal is None
        with pytest.raises(Impossible):
            await confirm_dismissal(work, leader, case.id)


async def test_the_owners_words_are_sealed_and_go_with_what_was_said(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, words=OWN_WORDS)
        assert OWN_WORDS not in str(case.proposal)
        await confirm_dismissal(work, await member(work.session, "P05"), case.id)
        await erase_cases(work, [case.id])
        await work.session.refresh(case)
        assert case.proposal is None


async def test_a_dismissal_undone_after_its_owner_has_left_leaves_the_case_free(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        leader = await member(work.session, "P05")
        await confirm_dismissal(work, leader, case.id)
        await leave(work, "P06")
        await undo_dismissal(work, leader, case.id)
        assert case.is_open
        assert case.owner_id is None


async def test_a_dismissal_undone_when_nobody_at_the_desk_is_left_lays_the_case_before_the_director(
    county: OpenWork,
) -> None:
    async with county() as work:
        case = await proposed(work, by="P05", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        director = await member(work.session, "P03")
        await confirm_dismissal(work, director, case.id)
        await leave(work, "P05")
        await undo_dismissal(work, director, case.id)
        assert (case.is_open, case.desk, case.owner_id) == (True, DIRECTOR_DESK, None)


async def test_a_director_does_not_dismiss_alone_what_others_may_read(county: OpenWork) -> None:
    async with county() as work:
        with pytest.raises(NobodyMayDecide):
            await proposed(work, by="P03", desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN)


async def test_a_director_who_comes_meanwhile_decides_on_what_one_alone_proposed(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, by="P03", desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED)
        work.session.add(StaffRole(staff_id="P04", role=Role.OFFICE_DIRECTOR, fields=[]))
        await work.session.flush()
        with pytest.raises(NotEntitled):
            await confirm_dismissal(work, await member(work.session, "P03"), case.id)
        assert await queued_for(work, "staff:P04", "case_dismissal_proposed")
        await confirm_dismissal(work, await member(work.session, "P04"), case.id)
        assert not case.is_open


async def test_once_it_is_decided_the_director_reads_a_teams_case_no_more(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, by="P05")
        director = await member(work.session, "P03")
        await hand_over(work, director, case.id)
        await confirm_dismissal(work, director, case.id)
        assert not director.reads(case)
        assert "undo_dismissal" in [action.name for action in offered(director, case)]
        with pytest.raises(NotEntitled):
            await hand_over(work, director, case.id)


async def test_a_director_who_is_not_to_decide_learns_nothing_of_the_owners_words(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work, words=OWN_WORDS)
        for who, shown in (("P05", True), ("P03", False)):
            card = await private_card(work, Words("zh_Hans"), await member(work.session, who), case)
            assert card is not None
            assert (OWN_WORDS in card.text) == shown
