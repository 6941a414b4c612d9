"""A page of a register: its rows in their order, from behind one on, without those that are not its reader's to see."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.base import Base
from services.unit_of_work import UnitOfWork

PAGE_SIZE = 8
_PORTION = 50  # rows that are looked at together

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows, and the last one's id when more follow."""

    rows: list[Row]
    more_after: str | None


async def page_of(
    work: UnitOfWork,
    kind: type[Row],
    order: InstrumentedAttribute[Any],
    is_seen: Callable[[Row], Awaitable[bool]],
    *where: ColumnElement[bool],
    after: str | None = None,
    latest_first: bool = False,
) -> Page[Row]:
    """Return a page of the rows that fit, in the order of a column and of their ids; an index bears both.

    `is_seen` says of a row whether it is its reader's to see. Behind one that is not, or is none, is the first page.
    """
    number: InstrumentedAttribute[str] = kind.id  # type: ignore[attr-defined]  # all that have a register have one
    last = await work.session.get(kind, after) if after else None
    if last is not None and not await is_seen(last):
        last = None
    found: list[Row] = []
    while len(found) <= PAGE_SIZE:
        in_order = (order.desc(), number.desc()) if latest_first else (order.asc(), number.asc())
        query = select(kind).where(*where).order_by(*in_order).limit(_PORTION)
        if last is not None:
            value, last_id = getattr(last, order.key), last.id  # type: ignore[attr-defined]
            if latest_first:
                query = query.where(or_(order < value, and_(order == value, number < last_id)))
            else:
                query = query.where(or_(order > value, and_(order == value, number > last_id)))
        portion = list(await work.session.scalars(query))
        found += [row for row in portion if await is_seen(row)]
        if len(portion) < _PORTION:
            break
        last = portion[-1]
    rows = found[:PAGE_SIZE]
    return Page(rows, rows[-1].id if len(found) > PAGE_SIZE else None)  # type: ignore[attr-defined]
