"""Writes the audit log: every entry is chained to the one before, so that none can be changed."""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.audit import CLOCK, Audited, AuditEntry, AuditHead
from models.base import coarse
from models.database import insert_or_ignore
from models.origins import Campaign, HandDown
from models.rounds import Department, Team, Village
from models.staff import Staff
from privacy.keyring import Keyring
from services.audit.notices import AuditSeal
from services.delivery.directors import tell_directors
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

HEAD = 1
MONDAY = 0
BEGINNING = "0" * 64
_SHOWN = 16  # characters of a hash that people compare: 64 bits
_SEAL = re.compile(
    r"(?:\d+-)?([0-9a-f]{12,64})"
)  # earlier ones were shorter, and had the number of entries before them


class NotWritten(Exception):
    """An entry was written and is not there: something in the database leaves it out. So its action may not be done."""


@dataclass(frozen=True)
class Seal:
    """The state of the log that somebody noted outside the database: the last entry's hash, or how it begins.

    How many entries there are is not in it: it would tell directors that something was done which is kept from them.
    """

    chain: str

    def __str__(self) -> str:
        return self.chain[:_SHOWN]

    @classmethod
    def read(cls, text: str) -> "Seal | None":
        """Read `0123456789abcdef`; None when it is not one."""
        fits = _SEAL.fullmatch(text.strip().lower())
        return cls(fits[1]) if fits else None


async def record(
    work: UnitOfWork,
    action: Audited,
    *,
    by: str | None = None,
    case_id: str | None = None,
    subject: str | None = None,
    **detail: Any,
) -> None:
    """Write down what somebody did, in the transaction in which it is done. Raises NotWritten.

    `detail` holds codes and ids, never words. Entries are written one after another across all processes.
    """
    await insert_or_ignore(work.session, AuditHead, id=HEAD, number=0, chain=BEGINNING)
    head = await work.session.scalar(
        select(AuditHead).where(AuditHead.id == HEAD).with_for_update().execution_options(populate_existing=True)
    )
    assert head is not None  # noqa: S101 (it was put there above)
    # Whoever changes names later does not change who it was.
    names = await _names(work.session, by, subject)
    entry = AuditEntry(
        number=head.number + 1,
        at=coarse(work.now),
        action=action,
        by_id=by,
        case_id=case_id,
        subject=subject,
        detail={**detail, "names": names} if names else detail,
    )
    before = head.chain
    entry.chain = chained(work.keyring, before, entry)
    work.session.add(entry)
    head.number, head.chain = entry.number, entry.chain
    await work.session.flush()
    await _read_back(work, before, entry.number, entry.chain)


async def is_recorded(work: UnitOfWork, action: Audited, *, by: str, case_id: str, **detail: Any) -> bool:
    """Whether the log has an entry of this action with this detail that was written by whoever holds the keyring."""
    query = entries(case_id=case_id, by=by).where(AuditEntry.action == action)
    for entry in list(await work.session.scalars(query)):
        before = await work.session.scalar(select(AuditEntry.chain).where(AuditEntry.number == entry.number - 1))
        if detail.items() <= entry.detail.items() and chained(work.keyring, before or BEGINNING, entry) == entry.chain:
            return True
    return False


async def seal_now(session: AsyncSession) -> Seal:
    """Return what to note of the log as it is."""
    head = await session.get(AuditHead, HEAD)
    return Seal(head.chain if head else BEGINNING)


async def position_of(session: AsyncSession, noted: Seal) -> int | None:
    """Return which entry a seal was noted at; 0 before the first, None when there is no such entry."""
    if BEGINNING.startswith(noted.chain):
        return 0
    return await session.scalar(select(AuditEntry.number).where(AuditEntry.chain.startswith(noted.chain)).limit(1))


def done_by(entry: AuditEntry) -> str | None:
    """Return the id of whoever did what an entry tells, or CLOCK; None: it was done by the command line."""
    # Seals were written under nobody's name once.
    return CLOCK if entry.action == Audited.SEALED else entry.by_id


async def name_of(session: AsyncSession, one: str) -> str | None:
    """Return what the subject of an entry is called now; None where the id is that of nothing that has a name."""
    named: Staff | Team | Department | Village | Campaign | HandDown | None = await session.get(Staff, one)
    named = named or await session.get(Team, one) or await session.get(Department, one)
    named = named or await session.get(Village, one) or await session.get(Campaign, one)
    named = named or await session.get(HandDown, one)
    return named.name if named else None


def entries(*, case_id: str | None = None, by: str | None = None) -> Select[AuditEntry]:
    """Return the query for entries, the newest first; only those of a case, or of one staff member."""
    query = select(AuditEntry).order_by(AuditEntry.number.desc())
    if case_id is not None:
        query = query.where(AuditEntry.case_id == case_id)
    return query if by is None else query.where(AuditEntry.by_id == by)


async def send_weekly_seal(work: UnitOfWork) -> None:
    """Send the directors every Monday what the log comes to: a note that nobody who has the database can change."""
    if work.today.weekday() != MONDAY or (await seal_now(work.session)).chain == BEGINNING:
        return
    sent = select(AuditEntry.number).where(AuditEntry.action == Audited.SEALED, AuditEntry.at >= work.midnight)
    if await work.session.scalar(sent.order_by(AuditEntry.number.desc()).limit(1)) is not None:
        return
    # So it differs from the last one in any case: that it does tells no director of entries that are kept from them.
    await record(work, Audited.SEALED, by=CLOCK)
    seal = await seal_now(work.session)
    await tell_directors(work, OutgoingMessage(AuditSeal(str(seal))), once=f"audit:{work.today.isoformat()}")


def chained(keyring: Keyring, before: str, entry: AuditEntry) -> str:
    """Return the keyed hash of an entry and of the one before it."""
    content = [
        before,
        entry.number,
        _moment(entry.at),
        str(entry.action),
        entry.by_id,
        entry.case_id,
        entry.subject,
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    secret = hmac.digest(keyring.callback_secret, b"xunsheng/audit/1", hashlib.sha256)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


async def _read_back(work: UnitOfWork, before: str, number: int, chain: str) -> None:
    """Look into the database whether an entry, and the end of the log, are there as they were written."""
    as_it_is = {"populate_existing": True}
    query = select(AuditEntry).where(AuditEntry.number == number)
    entry = await work.session.scalar(query, execution_options=as_it_is)
    head = await work.session.scalar(select(AuditHead).where(AuditHead.id == HEAD), execution_options=as_it_is)
    if entry is None or entry.chain != chain or chained(work.keyring, before, entry) != chain:
        raise NotWritten
    if head is None or (head.number, head.chain) != (number, chain):
        raise NotWritten


async def _names(session: AsyncSession, *ids: str | None) -> dict[str, str]:
    """Return what those of some ids that are staff or teams are called."""
    names = {one: await name_of(session, one) for one in ids if one is not None}
    return {one: name for one, name in names.items() if name is not None}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
