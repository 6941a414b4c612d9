"""What a messenger takes to a unit whose head is not reached: its open items as the head would read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import not_, select

from models.audit import Audited
from models.rectification import RectificationItem
from models.staff import OFFICE_ROLES, Role
from models.states import Actor, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.rectification import item_log
from services.rectification.digest import DigestLine, lines_of
from services.rectification.list_items import kept_from
from services.unit_of_work import UnitOfWork

_AS_HEAD = frozenset({Actor.UNIT_HEAD})


@dataclass(frozen=True)
class Sheet:
    """What is printed for one unit: who heads it, and its open items, the most urgent first."""

    unit: str
    heads: Sequence[str]
    lines: Sequence[DigestLine]


async def units_not_reached(work: UnitOfWork) -> list[str]:
    """Return the units with open items of which no head is reached."""
    known = await work.directory()
    found = await work.session.scalars(
        select(RectificationItem.unit_id)
        .where(RectificationItem.is_open)
        .distinct()
        .order_by(RectificationItem.unit_id)
    )
    return [unit_id for unit_id in found if not known.has_reachable_head(unit_id)]


async def unit_to_print_for(work: UnitOfWork, who: Member, item_id: str) -> str:
    """Return the unit of an item for which the office may print; raise NotEntitled for anybody else."""
    item = await item_log.item_seen(work, who, item_id)
    if not who.has(*OFFICE_ROLES) or item.unit_id in who.shut_out_of:
        raise NotEntitled
    return item.unit_id


async def note_printed(work: UnitOfWork, unit_id: str, *, by: Member | None) -> None:
    """Write down that somebody takes along what is printed for a unit; `by`: nobody, where the command line prints."""
    await record(work, Audited.UNIT_PRINTED, by=by.id if by else None, subject=unit_id)


async def sheet_of(work: UnitOfWork, unit_id: str, *, by: Member | None) -> Sheet:
    """Return what is printed for a unit.

    What only one pair of eyes at the office may read is not given to a messenger; nor is what `by` is shut out of.
    """
    known = await work.directory()
    query = select(RectificationItem).where(
        RectificationItem.is_open, RectificationItem.unit_id == unit_id, RectificationItem.desk.is_(None)
    )
    if by is not None:
        query = query.where(not_(kept_from(by)))
    items = list(await work.session.scalars(query.order_by(RectificationItem.due_on, RectificationItem.id)))
    lines = await lines_of(work, items, _AS_HEAD)
    heads = [one.name for one in known.with_roles(Role.UNIT_HEAD, unit_id=unit_id)]
    return Sheet(known.units[unit_id].name, heads, lines)
