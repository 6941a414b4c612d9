"""What a reporter has written since it was last looked at: told once, however many messages it was."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from models.complaints import Case, CaseComplaint, CaseEvent, ComplaintMessage
from models.delivery import SentMessage
from models.message_key import MessageKey, Shows
from models.recipient import Recipient
from models.states import Actor
from services.access.member import Member
from services.cases.case_log import log_event, step
from services.unit_of_work import UnitOfWork

_ANSWERED, _WROTE = "go_on", "reporter_wrote"


@dataclass(frozen=True)
class News:
    """How many messages came, and whether what the team had asked was answered."""

    messages: int
    answered: bool


async def log_news(work: UnitOfWork, case: Case, messages: int, *, answers: bool) -> None:
    """Log that a reporter has written so many messages; a case that waited for the answer goes on."""
    if answers:
        await step(work, case, _ANSWERED, {Actor.REPORTER}, messages=messages)
    else:
        await log_event(work, case, _WROTE, messages=messages)


async def news_of(work: UnitOfWork, case: Case, reader: Recipient) -> News:
    """Return what came since a member, or anybody of a board's, last opened the case."""
    opened = select(func.max(CaseEvent.version)).where(CaseEvent.case_id == case.id, CaseEvent.event == "open")
    if reader.staff_id is not None:
        opened = opened.where(CaseEvent.by_id == reader.staff_id)
    events = select(CaseEvent.event, CaseEvent.detail).where(
        CaseEvent.case_id == case.id,
        CaseEvent.event.in_((_ANSWERED, _WROTE)),
        CaseEvent.version > (await work.session.scalar(opened) or 0),
    )
    messages, answered = 0, False
    for event, detail in await work.session.execute(events):
        if event == _WROTE or "messages" in detail:  # a question goes on without an answer, too
            messages += detail.get("messages", 1)
            answered = answered or event == _ANSWERED
    return News(messages, answered)


async def has_written_since(work: UnitOfWork, case: Case, version: int) -> bool:
    """Whether a reporter has written anything after an event of a case, or something of which nobody knows yet."""
    events = (CaseEvent.case_id == case.id, CaseEvent.version > version, CaseEvent.event.in_((_ANSWERED, _WROTE)))
    written = await work.session.scalars(select(CaseEvent.detail).where(*events))
    if any("messages" in detail for detail in written):  # a question goes on without an answer, too
        return True
    held = select(ComplaintMessage.id).join(CaseComplaint, CaseComplaint.complaint_id == ComplaintMessage.complaint_id)
    held = held.where(CaseComplaint.case_id == case.id, ComplaintMessage.held_until.is_not(None)).limit(1)
    return await work.session.scalar(held) is not None


async def forget_news(work: UnitOfWork, case: Case, who: Member) -> None:
    """Let what comes from now on be told anew: the case was opened."""
    places = [Recipient.staff(who.id), *([Recipient.board(case.team_id)] if case.team_id else [])]
    keys = [MessageKey(Shows.NEWS, case.id, place) for place in places]
    await work.session.execute(delete(SentMessage).where(SentMessage.message_key.in_(keys)))
