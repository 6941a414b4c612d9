"""Several cases about the same matter are joined: one of them, the head, answers for all; for a week they can be taken
apart.

The complaints of what was joined are the head's from then on, so that each reporter goes on with their own receipt:
what they add comes to the head, and what is said in the head is said to each of them.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from models.audit import Audited
from models.base import coarse
from models.complaints import Case, CaseComplaint, CaseMerger, CaseShutOut, MessageKind
from models.database import insert_or_ignore
from models.dismissal import UNDO_DAYS
from models.states import CASE, Actor, CaseState, Impossible, NotEntitled
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.audit.log import record
from services.cases.actions import JOINABLE, acting_as, may_merge
from services.cases.case_log import (
    cases_to_change,
    complaints_of,
    file_under,
    join_clocks,
    log_event,
    reads_whole,
    step,
)
from services.cases.dialogue import say_to_reporter
from services.cases.reassignment import reassign
from services.cases.restriction import NOT_BEGUN, restrict
from services.delivery.recall import recall_texts, staff_to_change
from services.sealed_messages import Restriction
from services.unit_of_work import UnitOfWork


async def cases_to_merge(work: UnitOfWork, who: Member, case_id: str, head_id: str) -> tuple[Case, Case]:
    """Return a case and the one that somebody may join it with; raise Impossible or NotEntitled otherwise."""
    found = {case.id: case for case in await cases_to_change(work, {case_id, head_id})}
    case, head = found.get(case_id), found.get(head_id)
    if case is None or head is None or case is head or not who.reads(case) or not who.reads(head):
        raise NotEntitled
    CASE.step(case.state, "merge", acting_as(who, case))
    if head.state not in JOINABLE:
        raise Impossible("merge", head.state)
    if not may_merge(who, case, head):
        raise NotEntitled
    return case, head


async def merge(work: UnitOfWork, who: Member, case_id: str, head_id: str) -> Case:
    """Join a case with its head, and return the head. The reporters of the case are told, and no number of others.

    Of each clock the earlier end holds, of both desks the stricter, and whoever is kept from one is kept from both:
    what is said from then on can be read in either.
    """
    case, head = await cases_to_merge(work, who, case_id, head_id)
    before, since = case.state, case.state_since
    in_case, in_head = await named_in_case(work.session, case.id), await named_in_case(work.session, head.id)
    for staff_id in sorted(in_case ^ in_head):
        await staff_to_change(work, staff_id)
    head.owner_id = head.owner_id or case.owner_id
    await join_clocks(work, case, head)
    await step(work, case, "merge", acting_as(who, case), by=who, into=head.id)
    work.session.add(
        CaseMerger(case_id=case.id, head_id=head.id, at=coarse(work.now), state_before=before, in_it_since=since)
    )
    await _let_answer(work, head, case)
    await _take_what_is_stricter(work, head, case)
    for staff_id in sorted(in_case ^ in_head):
        for one in (case, head):
            await insert_or_ignore(work.session, CaseShutOut, case_id=one.id, staff_id=staff_id)
        await recall_texts(work, staff_id)
    await log_event(work, head, "merge_in", by=who, of=case.id)
    await reassign(work, head)
    if in_head - in_case:
        await reassign(work, case)
    await say_to_reporter(work, case, MessageKind.TEXT, key="merged")
    await record(work, Audited.MERGED, by=who.id, case_id=case.id, subject=head.id)
    return head


async def take_apart(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Open a case again that was joined with another, within a week; its reporters go on with it, and are told.

    What each has from the other by then stays: clocks, where it lies, and whom it is kept from.
    """
    merger = await work.session.get(CaseMerger, case_id)
    if merger is None:
        raise NotEntitled
    found = {case.id: case for case in await cases_to_change(work, {case_id, merger.head_id})}
    case, head = found[case_id], found[merger.head_id]
    if not await reads_whole(work, who, case):
        raise NotEntitled
    before, since = merger.state_before, merger.in_it_since
    CASE.step(case.state, "take_apart", acting_as(who, case), target=before)
    is_empty = all(complaint.withdrawn_at is not None for complaint in await complaints_of(work, case))
    if is_empty or not in_time_to_take_apart(work, merger) or head.state == CaseState.MERGED:
        raise Impossible("take_apart", case.state)
    await step(work, case, "take_apart", acting_as(who, case), by=who, target=before, out_of=head.id)
    case.state_since = since
    if case.desk.is_for_one and before in NOT_BEGUN and before != CaseState.RESTRICTED:  # it has come there meanwhile
        await step(work, case, "restrict", {Actor.SYSTEM})
    await work.session.delete(merger)
    await work.session.flush()
    await _let_go(work, head, case)
    head.is_compared = case.is_compared = False
    await reassign(work, case)  # who came and who left while it was joined was not looked at
    await log_event(work, head, "taken_apart", by=who, of=case.id)
    await say_to_reporter(work, case, MessageKind.TEXT, key="taken_apart")
    await record(work, Audited.TAKEN_APART, by=who.id, case_id=case.id, subject=head.id)
    return case


def in_time_to_take_apart(work: UnitOfWork, merger: CaseMerger) -> bool:
    """Whether a case was joined with its head no longer than a week ago."""
    return work.now - merger.at <= timedelta(days=UNDO_DAYS, hours=1)  # it is known to the hour


async def head_of_merged(work: UnitOfWork, case: Case) -> Case | None:
    """Return the case that answers for one that was joined, also where its head was joined in turn; None: its own."""
    head = None
    merger = await work.session.get(CaseMerger, case.id)
    while merger is not None:
        head = await work.session.get_one(Case, merger.head_id)
        merger = await work.session.get(CaseMerger, head.id)
    return head


async def merged_into(work: UnitOfWork, case: Case) -> list[str]:
    """Return the numbers of the cases that were joined with one, in their order."""
    return sorted(await work.session.scalars(select(CaseMerger.case_id).where(CaseMerger.head_id == case.id)))


async def joined_cases(work: UnitOfWork, case_id: str) -> list[str]:
    """Return the numbers of the cases that were joined with one, and of those that were joined with these before."""
    found = list(await work.session.scalars(select(CaseMerger.case_id).where(CaseMerger.head_id == case_id)))
    for one in list(found):
        found += await joined_cases(work, one)
    return found


async def complaints_joined(work: UnitOfWork, case: Case) -> int:
    """Return how many complaints a case answers that were not taken back: 次, where the case itself is one 件."""
    return sum(complaint.withdrawn_at is None for complaint in await complaints_of(work, case))


async def _let_answer(work: UnitOfWork, head: Case, case: Case) -> None:
    """Let the complaints of a case be its head's as well, but for those that were taken back."""
    for complaint in await complaints_of(work, case):
        if complaint.withdrawn_at is None:
            row = {"case_id": head.id, "complaint_id": complaint.id, "came_with_id": case.id}
            await insert_or_ignore(work.session, CaseComplaint, **row)


async def _let_go(work: UnitOfWork, head: Case, case: Case) -> None:
    """Let the complaints that came with a case be its own alone; those that another brought as well stay."""
    brought = (CaseComplaint.case_id == head.id, CaseComplaint.came_with_id == case.id)
    await work.session.execute(delete(CaseComplaint).where(*brought))
    for other_id in await merged_into(work, head):
        await _let_answer(work, head, await work.session.get_one(Case, other_id))


async def _take_what_is_stricter(work: UnitOfWork, head: Case, case: Case) -> None:
    head.cluster_id = head.cluster_id or case.cluster_id
    head.is_compared = False  # more is said in it now
    head.is_fast_track = head.is_fast_track or case.is_fast_track
    head.is_named_report = head.is_named_report or case.is_named_report
    if head.missing_particulars is not None and case.missing_particulars is not None:
        head.missing_particulars = [one for one in head.missing_particulars if one in case.missing_particulars]
    if case.urgency.rank < head.urgency.rank:
        await file_under(
            work, head, unit_id=head.unit_id, category=head.category, urgency=case.urgency, desks={head.desk}
        )
    head.concerns_head = head.concerns_head or case.concerns_head
    head.concerns_team = head.concerns_team or case.concerns_team
    if case.desk.is_stricter_than(head.desk):
        await restrict(work, head, Restriction(case.desk.kind, case.concerns_head, case.concerns_team))
    elif head.desk.is_stricter_than(case.desk):
        await restrict(work, case, Restriction(head.desk.kind, head.concerns_head, head.concerns_team))
