"""What an action works with: one transaction at one moment, the keys, and the county's own day."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.database import after_commit
from models.settings import CountySettings
from models.working_days import WorkingCalendar
from privacy.keyring import Keyring
from privacy.tally import Tally
from services.ahead import Results
from services.directory import CategoryRecord, Directory, directory
from services.outbox import Outbox
from storage.folder import AttachmentStore


class ConversationRow(NamedTuple):
    """Where a chat is in the resident's conversation, as it is stored."""

    tag: str
    day: date
    sealed: bytes
    expires_at: datetime


class More(Enum):
    """That a task of the clock did only a portion, and is to go on in another transaction."""

    TO_DO = "to_do"


@dataclass
class UnitOfWork:
    """One transaction. Services take it first, change records through it, and tell people through its outbox."""

    session: AsyncSession
    now: datetime
    keyring: Keyring
    attachment_store: AttachmentStore
    zone: ZoneInfo
    tally: Tally = field(default_factory=Tally)  # one for the whole process, where chats are heard
    results: Results = field(default_factory=Results)  # of what takes the processor long
    public_url: str | None = None  # where the pages are reached; None: there are none
    has_mail: bool = False  # whether the staff can be told by mail

    def __post_init__(self) -> None:
        self.conversations: dict[Address, ConversationRow | None] = {}  # as far as this transaction has looked
        self.outbox = Outbox(self.session, self.keyring, self.now, self.today)

    def delete_files(self, file_ids: Iterable[str]) -> None:
        """Delete files once all this is committed; should it be cut short, the sweeper finds what no row knows."""
        doomed = list(file_ids)

        def delete() -> None:
            for file_id in doomed:
                self.attachment_store.delete(file_id)

        if doomed:
            after_commit(self.session, lambda: asyncio.to_thread(delete))

    @property
    def today(self) -> date:
        """The county's calendar day at this moment."""
        return self.now.astimezone(self.zone).date()

    @property
    def midnight(self) -> datetime:
        """When the county's calendar day began."""
        return self.beginning_of(self.today)

    def beginning_of(self, day: date) -> datetime:
        """Return when a day of the county's calendar begins."""
        return datetime.combine(day, time(), self.zone)

    async def directory(self) -> Directory:
        """Return who is who and what is where, as this transaction sees it."""
        return await directory(self.session)

    async def settings(self) -> CountySettings:
        """Return the periods the county has set for itself."""
        return (await self.directory()).settings

    async def calendar(self) -> WorkingCalendar:
        """Return which days the county works, and at what hours."""
        return WorkingCalendar.of(await self.settings(), self.zone)

    async def categories(self) -> tuple[CategoryRecord, ...]:
        """Return the county's categories in its own order."""
        return (await self.directory()).categories
