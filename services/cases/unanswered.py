"""Every matter gets an answer: which cases have ended without a word to those who reported them."""

from sqlalchemy import exists, false, select

from models.complaints import Author, Case, CaseComplaint, Complaint, ComplaintMessage
from models.states import CaseState
from services.unit_of_work import UnitOfWork


async def unanswered(work: UnitOfWork) -> list[str]:
    """Return the ids of the cases that have ended with a reporter to whom nobody ever said anything.

    Those taken back by their reporters, and those of which what was said is erased, are not among them.
    """
    told = exists().where(ComplaintMessage.complaint_id == Complaint.id, ComplaintMessage.author == Author.TEAM)
    query = (
        select(Case.id)
        .join(CaseComplaint, CaseComplaint.case_id == Case.id)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(
            Case.is_open == false(),
            Case.is_erased == false(),
            Case.state != CaseState.WITHDRAWN,
            Complaint.withdrawn_at.is_(None),
            ~told,
        )
    )
    return list(await work.session.scalars(query.distinct().order_by(Case.id)))
