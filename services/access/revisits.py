"""What is drawn for re-visit groups: their members see these items, and of others nothing."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.revisits import RevisitItem


async def items_drawn_for(session: AsyncSession, revisit_ids: Collection[str]) -> frozenset[str]:
    """Return the ids of the items that are looked at again in some re-visits."""
    query = select(RevisitItem.item_id).where(RevisitItem.revisit_id.in_(revisit_ids))
    return frozenset(await session.scalars(query))
