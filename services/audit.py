"""Writes the audit log and reads it back: every entry is chained to the one before, so that none can be changed."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.audit import Audited, AuditEntry, AuditHead
from models.base import coarse
from models.database import insert_or_ignore
from models.staff import Role
from privacy.keyring import Keyring
from services.outbox import Order
from services.staff.member import members_with
from services.work import Work

HEAD = 1
MONDAY = 0
_BEGINNING = "0" * 64
_SHOWN = 12  # characters of a hash that people compare: 48 bits


@dataclass(frozen=True)
class Seal:
    """The state of the log that somebody noted outside the database: so many entries, the last with this hash."""

    number: int
    chain: str  # its first characters

    def __str__(self) -> str:
        return f"{self.number}-{self.chain[:_SHOWN]}"

    @classmethod
    def read(cls, text: str) -> "Seal | None":
        """Read `123-0123456789ab`; None when it is not one."""
        number, _, chain = text.strip().lower().partition("-")
        fits = number.isdecimal() and len(chain) >= _SHOWN and all(one in "0123456789abcdef" for one in chain)
        return cls(int(number), chain) if fits else None


@dataclass(frozen=True)
class Fault:
    """Where the log is not what was written, and how."""

    number: int
    what: str


async def record(
    work: Work,
    deed: Audited,
    *,
    by: str | None = None,
    case_id: str | None = None,
    subject: str | None = None,
    **detail: Any,
) -> None:
    """Write down what somebody did, in the transaction in which it is done.

    `detail` holds codes and ids, never words. Entries are written one after another across all processes.
    """
    await insert_or_ignore(work.session, AuditHead, id=HEAD, number=0, chain=_BEGINNING)
    head = await work.session.scalar(
        select(AuditHead).where(AuditHead.id == HEAD).with_for_update().execution_options(populate_existing=True)
    )
    assert head is not None  # noqa: S101 (it was put there above)
    entry = AuditEntry(
        number=head.number + 1,
        at=coarse(work.now),
        deed=deed,
        by_id=by,
        case_id=case_id,
        subject=subject,
        detail=detail,
    )
    entry.chain = _chained(work.keyring, head.chain, entry)
    work.session.add(entry)
    head.number, head.chain = entry.number, entry.chain
    await work.session.flush()


async def faults(session: AsyncSession, keyring: Keyring, noted: Seal | None = None) -> AsyncIterator[Fault]:
    """Find every entry that was altered, put in, put elsewhere or taken out.

    What was cut off at the end together with the head, as by putting back an old database, shows against a seal that
    was noted elsewhere.
    """
    expected, before = 1, _BEGINNING
    found = noted is None or noted.number == 0
    async for entry in await session.stream_scalars(select(AuditEntry).order_by(AuditEntry.number)):
        if entry.number != expected:
            yield Fault(
                expected, "is missing" if entry.number == expected + 1 else f"to {entry.number - 1} are missing"
            )
        elif _chained(keyring, before, entry) != entry.chain:
            yield Fault(entry.number, "is not what was written")
        if noted is not None and entry.number == noted.number:
            found = True
            if not entry.chain.startswith(noted.chain):
                yield Fault(entry.number, "is not the one that was noted")
        expected, before = entry.number + 1, entry.chain
    head = await session.get(AuditHead, HEAD)
    last = head.number if head else 0
    if last > expected - 1:
        yield Fault(expected, f"to {last} are missing at the end")
    elif last < expected - 1 or (head and head.chain != before):
        yield Fault(last, "is not where the log ends")
    if not found and noted is not None:
        yield Fault(noted.number, "was noted, and is not there")


async def seal_now(session: AsyncSession) -> Seal:
    """Return what to note of the log as it is."""
    head = await session.get(AuditHead, HEAD)
    return Seal(head.number, head.chain) if head else Seal(0, _BEGINNING)


def entries(*, case_id: str | None = None, by: str | None = None) -> Select[AuditEntry]:
    """Return the query for entries, the newest first; only those of a case, or of one staff member."""
    query = select(AuditEntry).order_by(AuditEntry.number.desc())
    if case_id is not None:
        query = query.where(AuditEntry.case_id == case_id)
    return query if by is None else query.where(AuditEntry.by_id == by)


async def note_outside(work: Work) -> None:
    """Send the directors every Monday what the log comes to: a note that nobody who has the database can change."""
    if work.today.weekday() != MONDAY:
        return
    seal = await seal_now(work.session)
    if seal.number == 0:
        return
    for director in await members_with(work.session, Role.OFFICE_DIRECTOR):
        order = Order("audit_seal", {"seal": str(seal)})
        await work.outbox.to_staff(director.id, order, dedupe_key=f"audit:{work.today.isoformat()}:{director.id}")


def _chained(keyring: Keyring, before: str, entry: AuditEntry) -> str:
    content = [
        before,
        entry.number,
        _moment(entry.at),
        str(entry.deed),
        entry.by_id,
        entry.case_id,
        entry.subject,
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    secret = hmac.digest(keyring.callback_secret, b"xunsheng/audit/1", hashlib.sha256)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
