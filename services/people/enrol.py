"""A staff member's account becomes known: an invitation is made by the office and accepted once."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select, update

from models.audit import Audited
from models.staff import Invitation, Staff
from qr.token import Token, TokenKind, new_serial, read, write
from services.access.member import Member, member
from services.audit.log import record
from services.unit_of_work import UnitOfWork

VALID_DAYS = 14


class NotOnStaff(Exception):
    """There is no such person on the staff, or they have left."""


class InvitationProblem(StrEnum):
    """Why an invitation does not open."""

    UNKNOWN = "unknown"  # forged, cut short, or not of this installation
    EXPIRED = "expired"  # too old, or replaced by a newer one
    USED = "used"
    ACCOUNT_TAKEN = "account_taken"  # this account belongs to somebody else on the staff
    PERSON_TAKEN = "person_taken"  # this person has enrolled another account, and it can be reached


async def invite(work: UnitOfWork, staff_id: str, valid_days: int = VALID_DAYS, *, by: str | None = None) -> str:
    """Make an invitation and return its token; those the person had before open nothing any more.

    Raises NotOnStaff.
    """
    staff = await work.session.get(Staff, staff_id)
    if staff is None or staff.left_at is not None:
        raise NotOnStaff(f"There is nobody with the id {staff_id} on the staff.")
    unused = update(Invitation).where(Invitation.staff_id == staff_id, Invitation.used_at.is_(None))
    await work.session.execute(unused.values(expires_at=work.now))
    serial = new_serial()
    work.session.add(
        Invitation(serial=serial, staff_id=staff_id, expires_at=work.now + timedelta(days=valid_days), used_at=None)
    )
    await work.session.flush()
    await record(work, Audited.INVITED, by=by, subject=staff_id)
    return write(work.keyring.qr_secret, Token(TokenKind.INVITATION, serial))


async def accept_invitation(work: UnitOfWork, token: str, telegram_id: int) -> Member | InvitationProblem:
    """Tie an account to the staff record an invitation was made for. One record has one account, and one once."""
    read_token = read(work.keyring.qr_secret, token)
    if read_token is None or read_token.kind != TokenKind.INVITATION:
        return InvitationProblem.UNKNOWN
    invitation = await work.session.scalar(
        select(Invitation).where(Invitation.serial == read_token.serial).with_for_update()
    )
    staff = await work.session.get(Staff, invitation.staff_id) if invitation else None
    if invitation is None or staff is None or staff.left_at is not None:
        return InvitationProblem.UNKNOWN
    if invitation.used_at is not None and staff.telegram_id == telegram_id:
        return await member(work.session, staff.id)  # the same person pressed the link once more
    problem = await _problem(work, invitation, staff, telegram_id)
    if problem is not None:
        return problem
    invitation.used_at = work.now
    staff.telegram_id = telegram_id
    staff.unreachable_since = None
    await work.session.flush()
    await record(work, Audited.ENROLLED, by=staff.id, subject=staff.id)
    return await member(work.session, staff.id)


async def choose_language(work: UnitOfWork, who: Member, language: str) -> None:
    """Keep the language somebody wants to be spoken to in."""
    staff = await work.session.get_one(Staff, who.id)
    staff.language = language
    await work.session.flush()


async def _problem(
    work: UnitOfWork, invitation: Invitation, staff: Staff, telegram_id: int
) -> InvitationProblem | None:
    if invitation.used_at is not None:
        return InvitationProblem.USED
    if invitation.expires_at <= work.now:
        return InvitationProblem.EXPIRED
    # An account that nobody answers from any more gives way to a new invitation: phones are lost.
    if staff.telegram_id not in (None, telegram_id) and staff.unreachable_since is None:
        return InvitationProblem.PERSON_TAKEN
    other = select(Staff.id).where(Staff.telegram_id == telegram_id, Staff.id != staff.id)
    if await work.session.scalar(other) is not None:
        return InvitationProblem.ACCOUNT_TAKEN
    return None
