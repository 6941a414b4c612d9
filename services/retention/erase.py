"""Erases what residents said: when its time is over, or when they want every trace of their chat gone."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import timedelta

from sqlalchemy import and_, delete, exists, false, or_, select, union_all, update
from sqlalchemy.orm import aliased

from models.address import Address
from models.base import coarse
from models.case_tasks import CaseTask
from models.complaints import (
    FILES,
    Case,
    CaseComplaint,
    CaseNote,
    CaseSummary,
    Complaint,
    ComplaintMessage,
    ReplyAddress,
    Unmasking,
)
from models.delivery import FailedUpdate, OutboxRow, OutboxState, WaitingUpdate
from models.dismissal import UNDO_DAYS
from models.docket import DocketEntry, Task
from models.requests import Request
from models.states import CaseState
from models.transfers import Transfer
from privacy.keyring import Keyring
from privacy.tags import lane
from services.cases.case_log import cases_to_change
from services.complaint_keys import key_ends
from services.delivery.notices import ChatCleared
from services.intake.similar import forget_similar
from services.outbox import lanes_of
from services.sealed_address import ReplyTo, read_address
from services.unit_of_work import UnitOfWork

PORTION = 50  # cases a tick: nobody waits for a year's texts to be erased


async def erase_expired(work: UnitOfWork) -> int:
    """Erase what was said in cases that have been closed for as long as the county keeps them; return how many."""
    privacy = (await work.settings()).privacy
    kept_days = {
        CaseState.CLOSED: privacy.keep_closed_days,
        CaseState.MERGED: privacy.keep_closed_days,
        CaseState.NOT_ACCEPTED: privacy.keep_not_accepted_days,
        CaseState.INVALID: max(privacy.keep_invalid_days, UNDO_DAYS + 1),
        CaseState.WITHDRAWN: privacy.keep_withdrawn_days,
    }
    over = [
        and_(Case.is_erased == false(), Case.state == state, Case.state_since < coarse(work.now) - timedelta(days=days))
        for state, days in kept_days.items()
    ]
    # Each state is asked for by itself: of alternatives SQLite would use no more of the index than what they share.
    due = union_all(*(select(Case.id).where(condition) for condition in over)).limit(PORTION)
    found = list(await work.session.scalars(due))
    if not found:
        return 0
    ours = [case.id for case in await cases_to_change(work, found)]
    # Until they were ours, somebody may have taken one up again.
    cases = list(await work.session.scalars(select(Case.id).where(or_(*over), Case.id.in_(ours))))
    await erase_cases(work, cases)
    await work.session.execute(update(Case).where(Case.id.in_(cases)).values(is_erased=True))
    return len(cases)


async def erase_cases(work: UnitOfWork, case_ids: Collection[str]) -> None:
    """Erase all that was said in some cases, files, notes, summaries, what was passed on, the reasons, and addresses.

    A complaint that another case goes on with, or is still kept for, is left to that one.
    """
    beside = aliased(CaseComplaint)
    is_kept_on = exists().where(
        beside.complaint_id == CaseComplaint.complaint_id,
        beside.case_id.not_in(case_ids),
        Case.id == beside.case_id,
        or_(Case.is_open, Case.is_erased == false()),
        Complaint.id == beside.complaint_id,
        Complaint.withdrawn_at.is_(None),
    )
    complaints = list(
        await work.session.scalars(
            select(CaseComplaint.complaint_id).where(CaseComplaint.case_id.in_(case_ids), ~is_kept_on)
        )
    )
    said = ComplaintMessage.complaint_id.in_(complaints)
    files = select(ComplaintMessage.id).where(said, ComplaintMessage.kind.in_(FILES))
    work.delete_files(await work.session.scalars(files))
    await work.session.execute(delete(ComplaintMessage).where(said))
    await work.session.execute(
        update(Complaint).where(Complaint.id.in_(complaints)).values(key_ends=key_ends(work.now))
    )
    await work.session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id.in_(complaints)))
    await work.session.execute(delete(CaseNote).where(CaseNote.case_id.in_(case_ids)))
    await forget_similar(work, case_ids)
    await work.session.execute(delete(CaseSummary).where(CaseSummary.case_id.in_(case_ids)))
    await work.session.execute(delete(Request).where(Request.case_id.in_(case_ids)))
    for kept in (Task, DocketEntry):  # a task names the entry that it came of
        await work.session.execute(delete(kept).where(kept.case_id.in_(case_ids)))
    await work.session.execute(delete(Transfer).where(Transfer.case_id.in_(case_ids)))
    await work.session.execute(delete(Unmasking).where(Unmasking.case_id.in_(case_ids)))
    await work.session.execute(delete(CaseTask).where(CaseTask.case_id.in_(case_ids)))
    # The words with which a dismissal was proposed, those with which an instruction or more time was asked for,
    # and what the team said that the matter means, are in them.
    gone = {"proposal": None, "instruction": None, "instruction_on": None, "impact": None, "extension": None}
    await work.session.execute(update(Case).where(Case.id.in_(case_ids)).values(gone))


async def forget_chat(work: UnitOfWork, address: Address) -> None:
    """Delete whatever ties a chat to us: where it asked to be told, what waits for it, what of it could not be done.

    Reply addresses are sealed, and so each is opened to find those of this chat: in a thread, for 3,000 of them take a
    third of a second.
    """
    rows = await work.session.execute(select(ReplyAddress.complaint_id, ReplyAddress.sealed))
    addresses = [(row.complaint_id, row.sealed) for row in rows]
    own_addresses = await asyncio.to_thread(_addresses_of, work.keyring, address, addresses)
    await work.session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id.in_(own_addresses)))
    lanes = lanes_of(work.keyring, address)
    waiting = (OutboxRow.lane.in_(lanes), OutboxRow.state == OutboxState.QUEUED)
    await work.session.execute(delete(OutboxRow).where(*waiting, OutboxRow.kind != ChatCleared.kind))
    # Cleared at once, before what is said now: it waits no more, and has its place in the order.
    now = {"at_once": True, "not_before": work.now, "lane": lane(work.keyring.lane_secret, address)}
    await work.session.execute(update(OutboxRow).where(*waiting).values(now))
    await work.session.execute(delete(WaitingUpdate).where(WaitingUpdate.lane.in_(lanes)))
    for failed in list(await work.session.scalars(select(FailedUpdate))):
        if read_address(work.keyring.outbox.open(f"update:{failed.update_id}", failed.sealed)) == address:
            await work.session.delete(failed)
    await work.session.flush()


def _addresses_of(keyring: Keyring, address: Address, addresses: Iterable[tuple[str, bytes]]) -> list[str]:
    opening = keyring.reply.open
    return [name for name, sealed in addresses if ReplyTo.unpack(opening(name, sealed)).address == address]
