"""The office hears of what it alone can mend."""

from models.staff import OFFICE_ROLES
from services.notice import Notice
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork


async def tell_office(work: UnitOfWork, notice: Notice, *, but: str | None = None, once: str | None = None) -> None:
    """Queue a notice for the directors and clerks of the office; what is told `once` is never queued again."""
    office = (await work.directory()).with_roles(*OFFICE_ROLES)
    await work.outbox.to_each((one.id for one in office if one.id != but), OutgoingMessage(notice), once=once)
