"""What is swept away by itself: marks of old updates, questions nobody answered, files no row knows."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from models.complaints import ComplaintMessage, DraftMessage
from models.delivery import FailedUpdate, ProcessedUpdate
from models.rectification import Evidence
from models.staff import StaffPrompt
from services.work import Work

REDELIVERY = timedelta(days=2)  # Telegram delivers an update again for one day
SET_ASIDE = timedelta(days=30)


async def forget_updates(work: Work) -> None:
    """Forget updates that can't come again, and those set aside that nobody has asked about for a month."""
    await work.session.execute(delete(ProcessedUpdate).where(ProcessedUpdate.done_on < work.now - REDELIVERY))
    # They name their senders, if sealed, and so must not stay for good.
    await work.session.execute(delete(FailedUpdate).where(FailedUpdate.set_aside_at < work.now - SET_ASIDE))


async def forget_prompts(work: Work) -> None:
    """Forget questions to staff that are past their time."""
    await work.session.execute(delete(StaffPrompt).where(StaffPrompt.expires_at <= work.now))


class FileSweeper:
    """Deletes files that no row knows: those of updates that were fetched and then not committed.

    File times say nothing, so a file goes when two sweeps an hour apart both found it unknown.
    """

    def __init__(self) -> None:
        self._suspects: set[str] = set()
        self._next: datetime | None = None

    async def sweep(self, work: Work) -> None:
        """Look once an hour."""
        if self._next is not None and work.now < self._next:
            return
        self._next = work.now + timedelta(hours=1)
        known: set[str] = set()
        for table in (DraftMessage, ComplaintMessage, Evidence):
            known.update(await work.session.scalars(select(table.id)))
        unknown = set(work.vault.ids()) - known
        for lost in unknown & self._suspects:
            work.vault.delete(lost)
        self._suspects = unknown
