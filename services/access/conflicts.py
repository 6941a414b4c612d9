"""Who is named in which case, and so sees neither it nor the items that were ordered because of it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.complaints import CaseShutOut
from models.rectification import CaseItem


@dataclass(frozen=True)
class Conflicts:
    """What one person is named in."""

    cases: frozenset[str]
    items: frozenset[str]


async def conflicts_of(session: AsyncSession, staff_id: str) -> Conflicts:
    """Return the cases that name somebody, and the items that were ordered because of these."""
    query = (
        select(CaseShutOut.case_id, CaseItem.item_id)
        .outerjoin(CaseItem, CaseItem.case_id == CaseShutOut.case_id)
        .where(CaseShutOut.staff_id == staff_id)
    )
    rows = list(await session.execute(query))
    return Conflicts(frozenset(case for case, _ in rows), frozenset(item for _, item in rows if item is not None))


async def named_in_case(session: AsyncSession, case_id: str) -> frozenset[str]:
    """Return the ids of the staff whom a case names."""
    return frozenset(await session.scalars(select(CaseShutOut.staff_id).where(CaseShutOut.case_id == case_id)))


async def named_behind_items(session: AsyncSession, item_ids: Collection[str]) -> dict[str, set[str]]:
    """Return by item whom the cases name that it was ordered because of."""
    query = select(CaseItem.item_id, CaseShutOut.staff_id).join(CaseShutOut, CaseShutOut.case_id == CaseItem.case_id)
    found: dict[str, set[str]] = defaultdict(set)
    for item_id, staff_id in await session.execute(query.where(CaseItem.item_id.in_(item_ids))):
        found[item_id].add(staff_id)
    return found


async def cases_naming(session: AsyncSession, staff_ids: Collection[str]) -> dict[str, set[str]]:
    """Return the cases that name any of some people, by person."""
    query = select(CaseShutOut.staff_id, CaseShutOut.case_id).where(CaseShutOut.staff_id.in_(staff_ids))
    found: dict[str, set[str]] = defaultdict(set)
    for staff_id, case_id in await session.execute(query):
        found[staff_id].add(case_id)
    return found
