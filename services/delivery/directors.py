"""The office directors hear of what nobody else on the staff should."""

from datetime import datetime

from models.staff import Role
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork


async def tell_directors(
    work: UnitOfWork, outgoing: OutgoingMessage, *, once: str | None = None, not_before: datetime | None = None
) -> None:
    """Queue a message for every office director; what is told `once` is never queued a second time under that name."""
    directors = (await work.directory()).with_roles(Role.OFFICE_DIRECTOR)
    await work.outbox.to_each((one.id for one in directors), outgoing, once=once, not_before=not_before)
