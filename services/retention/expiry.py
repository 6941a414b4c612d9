"""What time does to complaints by itself: unanswered questions are let go, unanswered answers close, addresses die."""

from datetime import timedelta

from sqlalchemy import delete, exists, or_, select, true, update

from models.base import coarse
from models.clocks import Clock
from models.complaints import Case, CaseClock, CaseComplaint, MessageKind, ReplyAddress
from models.delivery import OutboxRow, OutboxState
from models.dismissal import UNDO_DAYS
from models.recipient import RecipientKind
from models.states import Actor, CaseState
from services.cases.case_log import cases_to_change, step
from services.cases.dialogue import say_to_reporter
from services.unit_of_work import UnitOfWork


async def go_on_without_answer(work: UnitOfWork) -> int:
    """Let the cases go on whose reporter has not answered the team's question in time; return how many."""
    over = await _cases_over(work, Clock.QUESTION)
    for case in over:
        await step(work, case, "go_on", {Actor.SYSTEM})
    return len(over)


async def close_unquestioned(work: UnitOfWork) -> int:
    """Close the cases whose answer nobody has questioned for a week; return how many."""
    over = await _cases_over(work, Clock.FOLLOW_UP)
    for case in over:
        await step(work, case, "close", {Actor.SYSTEM}, silent=True)
        await say_to_reporter(work, case, MessageKind.TEXT, key="closed")
    return len(over)


async def purge_reply_addresses(work: UnitOfWork) -> int:
    """Delete the reply addresses that are too old, or whose cases are all closed and their last message sent.

    Looked at are those that came, or one of whose cases was closed, since they were last found to be needed. As long as
    a dismissal can be undone, its reporters can be told so.
    """
    open_case = exists().where(
        CaseComplaint.complaint_id == ReplyAddress.complaint_id, CaseComplaint.case_id == Case.id, Case.is_open
    )
    unsent = exists().where(
        OutboxRow.lane == f"{RecipientKind.REPORTER}:" + ReplyAddress.complaint_id,
        OutboxRow.state == OutboxState.QUEUED,
    )
    may_be_undone = exists().where(
        CaseComplaint.complaint_id == ReplyAddress.complaint_id,
        CaseComplaint.case_id == Case.id,
        Case.state == CaseState.INVALID,
        Case.state_since >= coarse(work.now) - timedelta(days=UNDO_DAYS),
    )
    to_look_at = ReplyAddress.may_be_over == true()
    await work.session.execute(update(ReplyAddress).where(to_look_at, open_case).values(may_be_over=False))
    over = to_look_at & ~unsent & ~may_be_undone
    due = select(ReplyAddress.complaint_id).where(or_(ReplyAddress.expires_at <= work.now, over))
    complaints = list(await work.session.scalars(due))
    await work.session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id.in_(complaints)))
    return len(complaints)


async def _cases_over(work: UnitOfWork, clock: Clock) -> list[Case]:
    """Return the cases in which a clock has ended, locked for this transaction."""
    over = select(CaseClock.case_id).where(CaseClock.clock == clock, CaseClock.next_at <= work.now)
    cases = await cases_to_change(work, await work.session.scalars(over))
    if not cases:
        return []
    # Until they were ours, somebody may have done something about them, or another process this.
    still = set(await work.session.scalars(over.where(CaseClock.case_id.in_([case.id for case in cases]))))
    return [case for case in cases if case.id in still]
