"""The end of a round's archive: its key is destroyed, and with it everything that was sealed to it, everywhere."""

from sqlalchemy import delete, func, select

from models.audit import Audited
from models.complaints import FILES, Case, Complaint, ComplaintMessage, ReplyAddress
from models.name_lists import NameList
from models.polls import Poll, PollCode
from models.publication import Objection
from models.rectification import Evidence, RectificationItem
from models.rounds import Round
from models.states import RoundState
from models.working_papers import WorkingPaper
from services.audit.log import record
from services.cases.case_log import cases_to_change
from services.intake.conversation_store import files_of_drafts
from services.retention.erase import erase_cases
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence


class NotYet(Exception):
    """The key of a round cannot be destroyed yet; the message says what is still open."""


async def erase_round(work: UnitOfWork, round_id: str) -> int:
    """Delete all that is sealed to a round, with its files; return how many complaints it had. Raises NotYet.

    The caller destroys the key once this is committed; both can be done again if either was interrupted.
    """
    # Held, so that no complaint comes in meanwhile (services.intake.submit).
    inspection_round = await work.session.get_one(Round, round_id, with_for_update={"key_share": True})
    if inspection_round.state != RoundState.ARCHIVED:
        state = inspection_round.state
        raise NotYet(sentence("cli.round_not_archived", round=round_id, state=state))
    cases = await cases_to_change(work, await work.session.scalars(select(Case.id).where(Case.round_id == round_id)))
    still_open = [case.id for case in cases if case.is_open]
    if still_open:
        count = len(still_open)
        raise NotYet(sentence("cli.round_cases_open", round=round_id, count=count, case=still_open[0]))
    await erase_cases(work, [case.id for case in cases])
    complaints = select(Complaint.id).where(Complaint.round_id == round_id)
    left = ComplaintMessage.complaint_id.in_(complaints)
    items = select(RectificationItem.id).where(RectificationItem.round_id == round_id)
    papers = WorkingPaper.round_id == round_id
    files = [
        *await work.session.scalars(select(ComplaintMessage.id).where(left, ComplaintMessage.kind.in_(FILES))),
        *await files_of_drafts(work, round_id),
        *await work.session.scalars(select(Evidence.id).where(Evidence.item_id.in_(items))),
        *await work.session.scalars(select(WorkingPaper.id).where(papers, WorkingPaper.file_kind.is_not(None))),
    ]
    work.delete_files(files)
    await work.session.execute(delete(ComplaintMessage).where(left))
    await work.session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id.in_(complaints)))
    await work.session.execute(delete(Evidence).where(Evidence.item_id.in_(items)))
    await work.session.execute(delete(WorkingPaper).where(papers))
    await work.session.execute(delete(NameList).where(NameList.round_id == round_id))
    await work.session.execute(delete(Objection).where(Objection.round_id == round_id))
    polls = select(Poll.id).where(Poll.round_id == round_id)
    await work.session.execute(delete(PollCode).where(PollCode.poll_id.in_(polls)))
    await work.session.execute(delete(Poll).where(Poll.round_id == round_id))
    await record(work, Audited.KEY_DESTROYED, subject=round_id)
    return await work.session.scalar(select(func.count()).select_from(complaints.subquery())) or 0
