"""Accounts of staff, as a test gives and takes them."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from channels.telegram.address import address_of
from models.staff import StaffAddress


async def give_account(session: AsyncSession, staff_id: str, chat_id: int) -> None:
    """Let somebody be reached at this chat alone."""
    await take_account(session, staff_id)
    session.add(StaffAddress(address=address_of(chat_id), staff_id=staff_id, position=0))
    await session.flush()


async def take_account(session: AsyncSession, staff_id: str) -> None:
    """Let somebody be reached nowhere."""
    await session.execute(delete(StaffAddress).where(StaffAddress.staff_id == staff_id))
