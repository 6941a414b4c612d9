"""The key of a complaint is destroyed once what was said in it is erased: what is left on the disk is noise then."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from models.base import coarse
from models.complaints import Author, Complaint, ComplaintMessage
from models.database import after_commit
from privacy.key_sheet import same_slot
from services.unit_of_work import UnitOfWork

_log = logging.getLogger(__name__)

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
        try:
            complaint.key_ends = await _next_step(work, complaint)
        except OSError:  # its sheet cannot be read: those of other rounds can
            _log.exception("A key that is due cannot be destroyed yet; it is tried again.")
            complaint.key_ends = key_ends(work.now)
    await work.session.flush()


async def _next_step(work: UnitOfWork, complaint: Complaint) -> datetime | None:
    """Take the next step towards destroying a complaint's key; return when to look again, None when it is done.

    Raise OSError when the sheet of its round cannot be read.
    """
    sheet = work.keyring.sheet(complaint.round_id)
    if not sheet.exists or sheet.secret_of(complaint.id) is None or await _is_needed(work, complaint):
        return None
    if sheet.is_closed(complaint.id):
        after_commit(work.session, partial(asyncio.to_thread, sheet.destroy, complaint.id))
        return complaint.key_ends  # seen at the next tick
    after_commit(work.session, partial(asyncio.to_thread, sheet.close, complaint.id))
    return key_ends(work.now)


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
