"""What an action works with: one transaction at one moment, the keys, and the county's own day."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import after_commit
from models.rounds import Category, County
from models.settings import CountySettings
from privacy.keyring import Keyring
from privacy.tally import Tally
from services.outbox import Outbox
from storage.folder import AttachmentStore


class More(Enum):
    """That a task of the clock did only a portion, and is to go on in another transaction."""

    TO_DO = "to_do"


@dataclass
class UnitOfWork:
    """One transaction. Services take it first, change records through it, and tell people through its outbox."""

    session: AsyncSession
    now: datetime
    keyring: Keyring
    vault: AttachmentStore
    zone: ZoneInfo
    tally: Tally = field(default_factory=Tally)  # one for the whole process, where chats are heard

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.session, self.keyring, self.now)
        self._settings: CountySettings | None = None
        self._categories: tuple[Category, ...] | None = None

    def delete_files(self, file_ids: Iterable[str]) -> None:
        """Delete files once all this is committed; should it be cut short, the sweeper finds what no row knows."""
        doomed = list(file_ids)

        def delete() -> None:
            for file_id in doomed:
                self.vault.delete(file_id)

        if doomed:
            after_commit(self.session, lambda: asyncio.to_thread(delete))

    @property
    def today(self) -> date:
        """The county's calendar day at this moment."""
        return self.now.astimezone(self.zone).date()

    @property
    def midnight(self) -> datetime:
        """When the county's calendar day began."""
        return datetime.combine(self.today, time(), self.zone)

    async def settings(self) -> CountySettings:
        """Return the periods the county has set for itself."""
        if self._settings is None:
            county = await self.session.get(County, 1)
            self._settings = CountySettings.from_json(county.settings if county else {})
        return self._settings

    async def categories(self) -> tuple[Category, ...]:
        """Return the county's categories in its own order."""
        if self._categories is None:
            self._categories = tuple(await self.session.scalars(select(Category).order_by(Category.position)))
        return self._categories
