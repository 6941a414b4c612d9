"""What is swept away by itself: marks of old updates, questions nobody answered, files no row knows."""

import asyncio
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import delete, select, union_all

from models.complaints import ComplaintMessage
from models.database import after_commit
from models.delivery import FailedUpdate, ProcessedUpdate, WaitingUpdate
from models.rectification import Evidence
from models.staff import AddressConfirmation, CaseSearch, OpenFormRow
from models.working_papers import WorkingPaper
from services.fieldwork.enter import files_to_enter
from services.intake.conversation_store import files_of_drafts
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentStore

REDELIVERED_FOR = timedelta(days=2)  # Telegram delivers an update again for one day
KEPT_SET_ASIDE_FOR = timedelta(days=30)
SETTLES_WITHIN = timedelta(hours=3)
PORTION = 1000  # files a tick: no transaction is longer for there being more

_shuffle = secrets.SystemRandom().shuffle


async def forget_updates(work: UnitOfWork) -> None:
    """Forget updates that can't come again, done or not, and those set aside that nobody asked about for a month."""
    await work.session.execute(delete(ProcessedUpdate).where(ProcessedUpdate.done_on < work.now - REDELIVERED_FOR))
    # They name their senders, if sealed, and so must not stay for good.
    comes_no_more = FailedUpdate.set_aside_at.is_(None) & (FailedUpdate.first_failed_at < work.now - REDELIVERED_FOR)
    await work.session.execute(delete(WaitingUpdate).where(WaitingUpdate.came_on < work.now - REDELIVERED_FOR))
    too_old = FailedUpdate.set_aside_at < work.now - KEPT_SET_ASIDE_FOR
    await work.session.execute(delete(FailedUpdate).where(comes_no_more | too_old))


async def forget_open_forms(work: UnitOfWork) -> None:
    """Forget the forms of staff that have been open for too long, what they looked for, and codes of earlier days."""
    await work.session.execute(delete(CaseSearch).where(CaseSearch.expires_at <= work.now))
    await work.session.execute(delete(OpenFormRow).where(OpenFormRow.expires_at <= work.now))
    await work.session.execute(delete(AddressConfirmation).where(AddressConfirmation.day < work.today))


class FileSweeper:
    """Deletes files that no row knows: those of updates that were fetched and then not committed.

    File times say nothing, so a file goes when two looks an hour apart both found it unknown. What the store holds is
    listed between the ticks: in a bucket that takes a while, and no transaction waits for it.

    The storage keeps times of its own, to the second and finer. So at every look what has come since the last one is
    written anew, in no order: from then on it all came at once.
    """

    def __init__(self) -> None:
        self._settled: set[str] | None = None  # written anew already
        self._stored: list[str] = []  # as listed at the last look: what is still to be gone through
        self._suspects: set[str] = set()  # unknown at the look before
        self._unknown: set[str] = set()
        self._next: datetime | None = None

    async def sweep(self, work: UnitOfWork) -> None:
        """Have a look at the store once an hour, and at the next ticks go through what was seen there, in portions."""
        if self._stored:
            portion, self._stored = self._stored[:PORTION], self._stored[PORTION:]
            unknown = await _unknown(work, portion)
            work.delete_files(unknown & self._suspects)
            self._unknown |= unknown
        elif self._next is None or work.now >= self._next:
            self._next = work.now + timedelta(hours=1)
            self._suspects, self._unknown = self._unknown, set()
            after_commit(work.session, partial(self._look, work.attachment_store))

    async def _look(self, store: AttachmentStore) -> None:
        await asyncio.to_thread(self._settle, store)
        self._stored = await asyncio.to_thread(lambda: list(store.ids()))

    def _settle(self, store: AttachmentStore) -> None:
        stored = set(store.ids())
        # At first, whatever can have come since the last look of the process before, by the storage's own clock.
        recent = (
            store.ids_since(datetime.now(UTC) - SETTLES_WITHIN) if self._settled is None else stored - self._settled
        )
        fresh = sorted(recent)
        _shuffle(fresh)
        for file_id in fresh:
            store.renew(file_id)
        self._settled = stored
        store.drop_unfinished()


async def _unknown(work: UnitOfWork, file_ids: Collection[str]) -> set[str]:
    """Return those of some files that no row knows."""
    tables = (Evidence, ComplaintMessage, WorkingPaper)
    known = union_all(*(select(table.id).where(table.id.in_(file_ids)) for table in tables))
    unknown = set(file_ids).difference(await work.session.scalars(known))
    return unknown - await files_of_drafts(work) - await files_to_enter(work) if unknown else unknown
