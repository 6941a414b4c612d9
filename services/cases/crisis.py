"""What happens in a crisis: somebody responds, the clock calls again, and a case becomes one by what is added."""

from sqlalchemy import select

from models.audit import Audited
from models.complaints import Case, Complaint, ComplaintMessage
from models.desk import DIRECTOR_DESK
from models.staff import Role, Staff
from models.states import Impossible, NotEntitled
from models.urgency import Urgency
from services.access.member import Member
from services.access.visibility import may_read
from services.audit.log import record
from services.cases.actions import may_own
from services.cases.cards import show_card
from services.cases.case_log import case_to_change, cases_to_change, file_under, log_event, move, release
from services.cases.claim import AlreadyClaimed
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.crisis_calls import call, directors_are_called, end_calls, repeat_call
from services.cases.dialogue import cases_of_to_change, restrict_all, restrictions_in
from services.cases.reassignment import reassign
from services.unit_of_work import UnitOfWork


async def respond(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Say that one is on a crisis: a case without an owner becomes one's own, and nobody is called any more.

    A director who was called because nobody responded takes the case to their own desk with it. Raises AlreadyClaimed
    when somebody else was first.
    """
    case = await case_to_change(work, case_id)
    is_at_desk = may_own(who, case)
    if not is_at_desk and not may_be_taken_by(who, case):
        raise NotEntitled
    if not case.is_open:
        raise Impossible("respond", case.state)
    if not case.awaits_response:
        await _refuse_second(work, who, case)
        return case
    await end_calls(work, case, who)
    if not is_at_desk:
        await record(work, Audited.TRANSFERRED, by=who.id, case_id=case.id, subject=str(DIRECTOR_DESK))
        await move(work, case, DIRECTOR_DESK, None, owner_id=who.id)
    case.owner_id = case.owner_id or who.id
    await log_event(work, case, "respond", by=who)
    return case


def may_be_taken_by(who: Member, case: Case) -> bool:
    """Whether somebody may take a crisis to the directors' desk: they were called, and it is not about them."""
    return who.has(Role.OFFICE_DIRECTOR) and directors_are_called(case) and not who.is_shut_out(case)


async def _refuse_second(work: UnitOfWork, who: Member, case: Case) -> None:
    """Raise AlreadyClaimed if the case is somebody else's, NotEntitled if it is nobody's and not at one's desk."""
    if case.owner_id not in (None, who.id):
        owner = await work.session.get_one(Staff, case.owner_id)
        raise AlreadyClaimed(owner.name, case.state)
    if not may_own(who, case):
        raise NotEntitled


async def call_again(work: UnitOfWork) -> None:
    """Call again in every crisis in which it is time for it. Of two processes, the second finds that it was done."""
    due = list(await work.session.scalars(select(Case.id).where(Case.next_call_at <= work.now)))
    for case in await cases_to_change(work, due):
        if case.next_call_at is not None and case.next_call_at <= work.now:
            await call(work, case)
            await show_card(work, case)  # it says who was called


async def become_as_urgent(work: UnitOfWork, complaint: Complaint, urgency: Urgency) -> bool:
    """Let the open cases of a complaint be at least as urgent as what was just added; return whether anybody is called.

    What is urgent waits for no batch, nor does what was said before it. In a crisis somebody is called even if they
    were on it already: what they know is what was said before.
    """
    if urgency == Urgency.NORMAL:
        return False
    waiting = (ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.held_until.is_not(None))
    said_before = list(await work.session.scalars(select(ComplaintMessage).where(*waiting)))
    for message in said_before:
        message.held_until = None
    restrictions = restrictions_in(work, complaint, said_before)
    called = False
    for case in await cases_of_to_change(work, complaint):
        if not case.is_open:  # what is said stands there, too, also in one that was joined with another
            await shut_out_named(work, case)
            await restrict_all(work, case, restrictions)
            continue
        await restrict_all(work, case, restrictions)
        most_urgent = min(case.urgency, urgency, key=lambda one: one.rank)
        await file_under(
            work, case, unit_id=case.unit_id, category=case.category, urgency=most_urgent, desks=[case.desk]
        )
        if case.held_until is not None:
            await release(work, case)
        await reassign(work, case)
        if urgency == Urgency.CRISIS:
            await _call_of_what_was_added(work, case)
            called = called or bool(await may_read(work, case))
    return called


async def _call_of_what_was_added(work: UnitOfWork, case: Case) -> None:
    """Call at once. Where calls go on already, whoever writes again puts none of them off, and takes none back."""
    if case.awaits_response and case.crisis_calls > 0:
        await repeat_call(work, case)
    else:
        case.crisis_calls = 0
        await call(work, case)
