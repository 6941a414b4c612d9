"""The key of a complaint is destroyed once what was said in it is erased: what is left on the disk is noise then."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from models.base import coarse
from models.complaints import Author, Complaint, ComplaintMessage
from models.database import after_commit
from privacy.key_sheet import same_slot
from services.unit_of_work import UnitOfWork

_PORTION = 50  # complaints a tick
_SETTLES_WITHIN = timedelta(hours=2)  # far longer than any transaction that may still store a complaint


def key_ends(now: datetime) -> datetime:
    """Return from when on the key can be destroyed of what is erased now; it tells no more than the hour."""
    return coarse(now) + _SETTLES_WITHIN


async def destroy_complaint_keys(work: UnitOfWork) -> None:
    """Destroy the keys of complaints that were erased: first no other may take a share in its secret, then it goes.

    Where another still has a share in it, it goes with that.
    """
    due = select(Complaint).where(Complaint.key_ends <= work.now).order_by(Complaint.key_ends).limit(_PORTION)
    for complaint in list(await work.session.scalars(due)):
        sheet = work.keyring.sheet(complaint.round_id)
        if not sheet.exists or sheet.secret_of(complaint.id) is None or await _is_needed(work, complaint):
            complaint.key_ends = None
        elif sheet.is_closed(complaint.id):
            after_commit(work.session, partial(asyncio.to_thread, sheet.destroy, complaint.id))  # seen at the next tick
        else:
            after_commit(work.session, partial(asyncio.to_thread, sheet.close, complaint.id))
            complaint.key_ends = key_ends(work.now)
    await work.session.flush()


async def _is_needed(work: UnitOfWork, complaint: Complaint) -> bool:
    """Whether something is still kept that is sealed with the same secret."""
    first, after = same_slot(complaint.id)
    kept = (
        select(ComplaintMessage.id)
        .join(Complaint, Complaint.id == ComplaintMessage.complaint_id)
        .where(
            ComplaintMessage.complaint_id >= first,
            ComplaintMessage.complaint_id < after,
            ComplaintMessage.author == Author.REPORTER,
            Complaint.round_id == complaint.round_id,
        )
        .limit(1)
    )
    return await work.session.scalar(kept) is not None
