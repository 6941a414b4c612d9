"""The queue of what is to be sent: rows of the outbox are leased, the most urgent first, in order within each chat."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from models.delivery import OutboxRow, OutboxState, is_free
from models.recipient import Recipient
from services.delivery.retry import PATIENT_TRIES

LEASE_DURATION = timedelta(seconds=180)  # longer than the slowest upload


@dataclass(frozen=True)
class ClaimedRow:
    """A row of the outbox, as it was when it was leased."""

    id: int
    record_id: str
    recipient: Recipient
    address: bytes | None
    lane: str
    kind: str
    args: bytes | None
    day: date | None
    dedupe_key: str | None
    priority: int
    not_before: datetime
    attempts: int


async def claim_rows(
    session: AsyncSession, now: datetime, *, most: int, on_their_way: Collection[int]
) -> list[ClaimedRow]:
    """Lease the rows that may go now, the first of every chat; none of a chat that has one on its way."""
    # A lease may end while its row still waits to be sent, after a long pause or a leap of the clock.
    # No row has the number 0: one parameter cannot be an empty set to IN and to NOT IN.
    values = {"now": now, "until": now + LEASE_DURATION, "most": most, "on_their_way": list(on_their_way) or [0]}
    rows = await session.execute(_claim(), values)
    claimed = [ClaimedRow(*row) for row in rows]
    return sorted(claimed, key=lambda row: (row.priority, row.id))


async def free_leases(session: AsyncSession) -> None:
    """Take back the leases of a process that was killed."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == OutboxState.QUEUED, OutboxRow.leased_until.is_not(None))
        .values(leased_until=None)
    )


@cache
def _claim() -> Update:
    """Return the statement that leases rows, built once: it takes longer to build than to run."""
    table = cast("Table", OutboxRow.__table__)
    row, other = table.alias(), table.alias()
    now = bindparam("now", type_=table.c.not_before.type)
    until = bindparam("until", type_=table.c.not_before.type)
    on_their_way: Any = bindparam("on_their_way", expanding=True)
    goes_first = or_(other.c.priority < row.c.priority, and_(other.c.priority == row.c.priority, other.c.id < row.c.id))
    in_the_way = exists().where(
        other.c.lane == row.c.lane,
        other.c.state == OutboxState.QUEUED,
        other.c.id != row.c.id,
        # An earlier one that is due or being retried, or any that is on its way right now.
        or_(
            and_(goes_first, or_(_is_due(other, now), other.c.attempts.between(1, PATIENT_TRIES))),
            and_(other.c.leased_until > now, other.c.leased_until <= until),
            other.c.id.in_(on_their_way),
        ),
    )
    free = (
        select(row.c.id)
        .where(
            row.c.state == OutboxState.QUEUED,
            _is_due(row, now),
            is_free(row.c.leased_until, now, until),
            row.c.id.not_in(on_their_way),
            ~in_the_way,
        )
        .order_by(row.c.priority, row.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=row)
    )
    return (
        update(table)
        .where(table.c.id.in_(free))
        .values(leased_until=until)
        .returning(*(table.c[field.name] for field in fields(ClaimedRow)))
    )


def _is_due(row: FromClause, now: BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(row.c.at_once, row.c.not_before <= now)
