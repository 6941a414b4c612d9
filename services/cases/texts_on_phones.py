"""What was opened of a case on phones of the staff: taken back when its reporter withdraws, known until it is gone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select, update

from models.complaints import Case, CaseEvent
from models.delivery import OutboxRow, OutboxState
from models.item_drafts import ItemDraft
from models.recipient import Recipient
from models.rectification import CaseItem
from models.working_papers import WorkingPaper
from services.cases.case_log import case_to_change, log_event
from services.cases.notices import CaseFile, CaseNotes, CaseText, ComparedCase, SimilarCases
from services.delivery.recall import recall_texts
from services.outbox import DeleteMessage, Priority, outgoing_message
from services.unit_of_work import UnitOfWork

LOOKED_AT = ("open", "compare")  # the events that what was said in a case was shown to somebody
LEFT = "text_left"  # the event that something of a case stays on a phone, where it cannot be deleted

_SHOWING = (CaseText, CaseFile, CaseNotes, SimilarCases, ComparedCase)


@dataclass(frozen=True)
class OnPhones:
    """How many messages with texts or files of a case lie on phones of the staff."""

    pending: int = 0  # they are on their way there, or to be deleted there
    left: int = 0  # they cannot be deleted any more


async def recall_case_texts(work: UnitOfWork, cases: Sequence[Case], losing: Collection[str] = ()) -> OnPhones:
    """Make due the deletion of what was opened of some cases, which would come within a day by itself.

    `losing`: whose the cases are no more, by their ids; of working papers on what was made of them, too.
    """
    waiting = await _waiting(work, cases)
    now = {"at_once": True, "not_before": work.now, "priority": int(Priority.ANSWER)}
    deletions = [row.id for row in waiting if row.kind == DeleteMessage.kind]
    await work.session.execute(update(OutboxRow).where(OutboxRow.id.in_(deletions)).values(now))
    await _recall_working_papers(work, cases, losing)
    return OnPhones(len(waiting), await _left(work, cases))


async def _recall_working_papers(work: UnitOfWork, cases: Sequence[Case], staff_ids: Collection[str]) -> None:
    """Take back what some people have opened who lose these cases, if what was made of them has working papers.

    Nothing says whose phone shows which of them, so all texts go that lie there; they can be opened again.
    """
    if not staff_ids:
        return
    ids = [case.id for case in cases]
    of_items = WorkingPaper.item_id.in_(select(CaseItem.item_id).where(CaseItem.case_id.in_(ids)))
    of_drafts = WorkingPaper.draft_id.in_(select(ItemDraft.id).where(ItemDraft.case_id.in_(ids)))
    if await work.session.scalar(select(exists().where(or_(of_items, of_drafts)))):
        for staff_id in sorted(staff_ids):
            await recall_texts(work, staff_id)


async def texts_on_phones(work: UnitOfWork, cases: Sequence[Case]) -> OnPhones:
    """Return how much of some cases lies on phones of the staff."""
    return OnPhones(len(await _waiting(work, cases)), await _left(work, cases))


async def note_left(work: UnitOfWork, case_id: str) -> None:
    """Note that something of a case stays on a phone, because it cannot be deleted there."""
    await log_event(work, await case_to_change(work, case_id), LEFT, renew=False)


async def _waiting(work: UnitOfWork, cases: Sequence[Case]) -> list[OutboxRow]:
    """Return what is queued for those who opened one of these cases: its texts, files and notes, and their deletion."""
    ids = [case.id for case in cases]
    opened = select(CaseEvent.by_id).where(CaseEvent.case_id.in_(ids), CaseEvent.event.in_(LOOKED_AT)).distinct()
    lanes = [str(Recipient.staff(staff_id)) for staff_id in await work.session.scalars(opened) if staff_id]
    queued = select(OutboxRow).where(
        OutboxRow.lane.in_(lanes),
        OutboxRow.state == OutboxState.QUEUED,
        OutboxRow.kind.in_((DeleteMessage.kind, *(one.kind for one in _SHOWING))),
    )
    return [row for row in await work.session.scalars(queued) if _case_shown(work, row) in ids]


def _case_shown(work: UnitOfWork, row: OutboxRow) -> str | None:
    content = outgoing_message(work.keyring, row).content
    return content.case_id if isinstance(content, (DeleteMessage, *_SHOWING)) else None


async def _left(work: UnitOfWork, cases: Sequence[Case]) -> int:
    ids = [case.id for case in cases]
    query = select(func.count()).where(CaseEvent.case_id.in_(ids), CaseEvent.event == LEFT)
    return await work.session.scalar(query) or 0
