"""Who can be reached."""

from sqlalchemy import update

from models.address import Address
from models.staff import StaffAddress
from services.delivery.recall import recall_overdue
from services.unit_of_work import UnitOfWork


async def mark_reachable(work: UnitOfWork, address: Address) -> None:
    """Note that somebody wrote: they can be reached again, and what could not be taken back from them is, now."""
    if (await work.directory()).is_reachable_at(address):
        return
    again = (
        update(StaffAddress)
        .where(StaffAddress.address == address, StaffAddress.unreachable_since.is_not(None))
        .values(unreachable_since=None)
        .returning(StaffAddress.staff_id)
    )
    staff_id = await work.session.scalar(again)
    if staff_id is not None:
        await recall_overdue(work, staff_id)
