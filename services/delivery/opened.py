"""Whether somebody on the staff has opened what a notice told them of.

They have once they pressed a button of its card, or it was shown to them on a page where they have signed in. That the
link of a mail was fetched says nothing, for mail servers follow links.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from models.database import insert_or_ignore
from models.delivery import DeliveredNotice
from privacy.keyring import Keyring
from services.delivery.queue import ClaimedRow
from services.notice import Notice
from services.unit_of_work import UnitOfWork

LINK_LIFETIME = timedelta(days=30)  # of a link that leads to what is not kept by itself
_TOKEN_BYTES = 16


@dataclass(frozen=True)
class Opening:
    """That somebody was told of a record, and when they first opened it, if they have."""

    staff_id: str
    arrived_at: datetime
    opened_at: datetime | None


@dataclass(frozen=True)
class Link:
    """Whose the link of a mail is, and where it leads: to a record, or to all that waits for them."""

    staff_id: str
    record: tuple[str, str] | None


def link_token(keyring: Keyring, row: ClaimedRow) -> str:
    """Return what stands in the link of a mail; it tells nothing, and is the same when the row is sent again."""
    return urlsafe_b64encode(_hash(keyring, "link", row.record_id)[:_TOKEN_BYTES]).decode().rstrip("=")


async def note_arrival(work: UnitOfWork, row: ClaimedRow, notice: Notice, *, by_link: bool) -> None:
    """Note that a notice has come to somebody on the staff; `by_link`: all it said there is a link."""
    staff_id = row.recipient.staff_id
    if staff_id is None:
        return
    told: list[tuple[str, tuple[str, str] | None]] = []
    if by_link:
        told.append((_digest_of_link(work.keyring, link_token(work.keyring, row)), notice.record))
    if notice.is_opening_kept and not (by_link and notice.record):
        # Of a kind of its own: no link is made up of who was told of what.
        told += [(_hash(work.keyring, "told", "\0".join((staff_id, *one))).hex(), one) for one in notice.told_records]
    for digest, record in told:
        area, record_id = record or (None, None)
        await insert_or_ignore(
            work.session,
            DeliveredNotice,
            digest=digest,
            staff_id=staff_id,
            area=area,
            record_id=record_id,
            arrived_at=work.now,
            forget_at=None if notice.is_opening_kept and record else work.now + LINK_LIFETIME,
        )


async def link_of(work: UnitOfWork, token: str) -> Link | None:
    """Return what a link in a mail is; None when it leads nowhere any more, or whose it was is on the staff no more."""
    found = await work.session.get(DeliveredNotice, _digest_of_link(work.keyring, token))
    if found is None or found.staff_id not in (await work.directory()).people:
        return None
    record = (found.area, found.record_id) if found.area and found.record_id else None
    return Link(found.staff_id, record)


async def is_unopened(work: UnitOfWork, staff_id: str, area: str, record_id: str) -> bool:
    """Whether somebody was told of a record and has not opened it."""
    query = select(DeliveredNotice.digest).where(*_of(staff_id, area, record_id)).limit(1)
    return await work.session.scalar(query) is not None


async def note_opened(work: UnitOfWork, staff_id: str, area: str, record_id: str) -> None:
    """Note that a record was shown to somebody, if they were told of it; the first time counts."""
    first = update(DeliveredNotice).where(*_of(staff_id, area, record_id))
    await work.session.execute(first.values(opened_at=work.now))


async def openings(work: UnitOfWork, area: str, record_id: str) -> list[Opening]:
    """Return who was told of a record, and who has opened it, in the order in which they were told."""
    told = DeliveredNotice
    query = (
        select(told.staff_id, func.min(told.arrived_at), func.min(told.opened_at))
        .where(told.area == area, told.record_id == record_id)
        .group_by(told.staff_id)
        .order_by(func.min(told.arrived_at), told.staff_id)
    )
    return [Opening(*row) for row in await work.session.execute(query)]


async def forget_delivered(work: UnitOfWork) -> None:
    """Forget the links that lead nowhere any more."""
    await work.session.execute(delete(DeliveredNotice).where(DeliveredNotice.forget_at <= work.now))


def _of(staff_id: str, area: str, record_id: str) -> tuple[ColumnElement[bool], ...]:
    told = DeliveredNotice
    return told.area == area, told.record_id == record_id, told.staff_id == staff_id, told.opened_at.is_(None)


def _digest_of_link(keyring: Keyring, token: str) -> str:
    return _hash(keyring, "row", token).hex()


def _hash(keyring: Keyring, what: str, value: str) -> bytes:
    return hmac.digest(keyring.lane_secret, f"xunsheng/delivered/1\0{what}\0{value}".encode(), "sha256")
