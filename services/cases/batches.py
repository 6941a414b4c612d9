"""What comes from a village reaches the team in batches: in a hamlet, 'who typed at three past two' is enough."""

import secrets
from collections import defaultdict

from sqlalchemy import select, union

from models.complaints import Case, CaseComplaint, Complaint, ComplaintMessage
from services.cases.case_log import cases_to_change, release
from services.cases.dialogue import follow_up
from services.cases.reassignment import reassign
from services.unit_of_work import UnitOfWork

_shuffle = secrets.SystemRandom().shuffle


async def release_batches(work: UnitOfWork) -> None:
    """Let the teams know of all that was held until now, in an order that has nothing to do with how it came."""
    added = ComplaintMessage.held_until <= work.now
    due = union(
        select(Case.id).where(Case.held_until <= work.now),
        select(CaseComplaint.case_id)
        .join(ComplaintMessage, ComplaintMessage.complaint_id == CaseComplaint.complaint_id)
        .where(added),
    )
    cases = await cases_to_change(work, await work.session.scalars(due))
    _shuffle(cases)
    for case in cases:
        if case.held_until is not None and case.held_until <= work.now:
            await release(work, case)
            if case.is_open:  # not withdrawn meanwhile
                await reassign(work, case)
    # Read only now that the cases are ours: what was withdrawn until then is gone.
    messages = list(
        await work.session.scalars(
            select(ComplaintMessage)
            .join(CaseComplaint, CaseComplaint.complaint_id == ComplaintMessage.complaint_id)
            .where(added, CaseComplaint.case_id.in_([case.id for case in cases]))
            .distinct()
        )
    )
    _shuffle(messages)
    # Of one complaint in its own order: an answer that comes after a question stays the answer to it.
    for message in sorted(messages, key=lambda one: one.complaint_id):
        message.held_until = None
    await work.session.flush()
    by_complaint: dict[str, list[ComplaintMessage]] = defaultdict(list)
    for message in messages:
        by_complaint[message.complaint_id].append(message)
    for complaint_id, of_complaint in by_complaint.items():
        await follow_up(work, await work.session.get_one(Complaint, complaint_id), of_complaint)
