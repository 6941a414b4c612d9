"""What every part of the process works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from privacy.keyring import Keyring
from privacy.tally import Tally
from services.activity import Activity
from services.ahead import Results
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentStore


@dataclass(frozen=True)
class Resources:
    """The database, the keys, the files, the county's zone, what time it is, and what is in hand."""

    database: Database
    keyring: Keyring
    attachment_store: AttachmentStore
    zone: ZoneInfo
    now: Callable[[], datetime]
    tally: Tally = field(default_factory=Tally)
    activity: Activity = field(default_factory=Activity)
    public_url: str | None = None  # where the pages are reached; None: there are none
    has_mail: bool = False  # whether the staff can be told by mail

    def work(self, session: AsyncSession, results: Results | None = None) -> UnitOfWork:
        """Return something to work with in a session, at this moment; `results` of an earlier attempt are used."""
        results = results or Results()
        own = (self.keyring, self.attachment_store, self.zone, self.tally, results, self.public_url, self.has_mail)
        return UnitOfWork(session, self.now(), *own)
