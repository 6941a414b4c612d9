"""Staff work on pages: a link that is good once opens a session in a browser, for some hours.

Of links and sessions only keyed hashes are kept: whoever has the database cannot make a cookie of them.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from models.audit import Audited
from models.staff import SignInLink, StaffSession
from models.states import NotEntitled
from privacy.keyring import Keyring
from services.access.member import Member, member
from services.audit.log import record
from services.delivery.opened import link_of
from services.outbox import OutgoingMessage
from services.people.notices import SignIn
from services.unit_of_work import UnitOfWork

LINK_LIFETIME = timedelta(minutes=10)
MOST_LINKS = 3  # that strangers can have sent to one person within that time
TOKEN_BYTES = 16


@dataclass(frozen=True)
class Session:
    """A browser in which somebody works, and what was said there last."""

    digest: str
    who: Member
    flash: dict[str, Any]


async def make_link(work: UnitOfWork, staff_id: str, *, asked_on: str) -> str:
    """Make a link for somebody on the staff and return its token; `asked_on`: the channel they asked on."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    digest = _digest(work.keyring, "link", token)
    work.session.add(
        SignInLink(digest=digest, staff_id=staff_id, asked_on=asked_on, expires_at=work.now + LINK_LIFETIME)
    )
    await work.session.flush()
    return token


async def send_link(work: UnitOfWork, written: str, *, asked_on: str) -> None:
    """Send a link to whoever on the staff has this name or is reached at this address, wherever they are reached.

    Whoever asks learns nothing of whether there is anybody; and nobody is sent more than a few.
    """
    known, wanted = await work.directory(), written.strip().casefold()
    named = {person.id for person in known.people.values() if wanted in (person.name.casefold(), person.id.casefold())}
    named |= {
        staff_id for staff_id, own in known.addresses.items() if any(wanted == one.address.id.casefold() for one in own)
    }
    for staff_id in sorted(named & known.people.keys()):
        await _send_link_to(work, staff_id, asked_on)


async def send_link_to_reader(work: UnitOfWork, waiting: str, *, asked_on: str) -> None:
    """Send a link to whoever was told by a mail that something waits; `waiting` is what stands in the link of that."""
    found = await link_of(work, waiting)
    if found is not None:
        await _send_link_to(work, found.staff_id, asked_on, waiting)


async def _send_link_to(work: UnitOfWork, staff_id: str, asked_on: str, waiting: str = "") -> None:
    sent = select(func.count()).select_from(SignInLink)
    count = await work.session.scalar(
        sent.where(SignInLink.staff_id == staff_id, SignInLink.asked_on == asked_on, SignInLink.expires_at > work.now)
    )
    if (count or 0) < MOST_LINKS:
        token = await make_link(work, staff_id, asked_on=asked_on)
        await work.outbox.to_staff(staff_id, OutgoingMessage(SignIn(token, waiting)))


async def is_open(work: UnitOfWork, token: str) -> bool:
    """Whether a link opens something; looking does not use it up."""
    return await _link(work, token) is not None


async def opens_for(work: UnitOfWork, token: str, staff_id: str) -> bool:
    """Whether a link opens somebody's own pages: what is for a head can come to a liaison instead."""
    link = await _link(work, token)
    return link is not None and link.staff_id == staff_id


async def open_session(work: UnitOfWork, token: str, *, hours: int) -> str | None:
    """Use a link up and return the id of the session that it opens; None when it opens nothing any more."""
    link = await _link(work, token)
    if link is None:
        return None
    used = await work.session.execute(delete(SignInLink).where(SignInLink.digest == link.digest))
    if not used.rowcount:  # type: ignore[attr-defined]  # another press was quicker
        return None
    return await begin_session(work, link.staff_id, asked_on=link.asked_on, hours=hours)


async def begin_session(work: UnitOfWork, staff_id: str, *, asked_on: str, hours: int) -> str:
    """Begin a session of somebody on the staff and return its id."""
    session_id = secrets.token_urlsafe(TOKEN_BYTES)
    digest = _digest(work.keyring, "session", session_id)
    expires_at = work.now + timedelta(hours=hours)
    work.session.add(StaffSession(digest=digest, staff_id=staff_id, sealed=None, expires_at=expires_at))
    await work.session.flush()
    await record(work, Audited.SIGNED_IN, by=staff_id, subject=staff_id, asked_on=asked_on)
    return session_id


async def session_of(work: UnitOfWork, session_id: str) -> Session | None:
    """Return a session by what its cookie holds; None when it is over, or whose it was is on the staff no more."""
    row = await work.session.get(StaffSession, _digest(work.keyring, "session", session_id))
    if row is None or row.expires_at <= work.now:
        return None
    try:
        who = await member(work.session, row.staff_id)
    except NotEntitled:
        return None
    flash = work.keyring.outbox.open_json(_record(row.digest), row.sealed) if row.sealed else {}
    return Session(row.digest, who, flash)


async def keep_flash(work: UnitOfWork, session: Session, flash: dict[str, Any]) -> None:
    """Keep what was said last in a session, for the page that shows it; nothing of one that the press has ended."""
    sealed = work.keyring.outbox.seal_json(_record(session.digest), flash)
    own = StaffSession.digest == session.digest
    await work.session.execute(update(StaffSession).where(own).values(sealed=sealed))


async def close_session(work: UnitOfWork, session_id: str) -> None:
    """End a session."""
    digest = _digest(work.keyring, "session", session_id)
    await work.session.execute(delete(StaffSession).where(StaffSession.digest == digest))


async def end_sessions(work: UnitOfWork, staff_id: str) -> None:
    """End all sessions of somebody at once, and let no link of theirs open one."""
    for table in (SignInLink, StaffSession):
        await work.session.execute(delete(table).where(table.staff_id == staff_id))


async def forget_sessions(work: UnitOfWork) -> None:
    """Forget the links and sessions that are over."""
    for table in (SignInLink, StaffSession):
        await work.session.execute(delete(table).where(table.expires_at <= work.now))


async def _link(work: UnitOfWork, token: str) -> SignInLink | None:
    link = await work.session.get(SignInLink, _digest(work.keyring, "link", token))
    if link is None or link.expires_at <= work.now:
        return None
    return link if link.staff_id in (await work.directory()).people else None


def _digest(keyring: Keyring, what: str, value: str) -> str:
    return hmac.digest(keyring.lane_secret, f"xunsheng/sign-in/1\0{what}\0{value}".encode(), "sha256").hex()


def _record(digest: str) -> str:
    """Return what the sealed content is bound to."""
    return f"session:{digest}"
