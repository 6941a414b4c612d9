"""Where staff are reached: at the first of their addresses that works."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.staff import StaffAddress


async def reached_at(session: AsyncSession, staff_id: str, *, but: Address | None = None) -> StaffAddress | None:
    """Return where a staff member is to be reached: the first address that works, else the first; None without any.

    `but`: as if they were not at this one.
    """
    query = select(StaffAddress).where(StaffAddress.staff_id == staff_id)
    if but is not None:
        query = query.where(StaffAddress.address != but)
    return await session.scalar(
        query.order_by(StaffAddress.unreachable_since.is_not(None), StaffAddress.position).limit(1)
    )


async def addresses_of(session: AsyncSession, staff_id: str) -> list[Address]:
    """Return every address of a staff member, in the order in which they want to be reached."""
    query = select(StaffAddress.address).where(StaffAddress.staff_id == staff_id).order_by(StaffAddress.position)
    return list(await session.scalars(query))
