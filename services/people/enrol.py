"""Somebody on the staff comes in: an invitation is made by the office and accepted once, in a chat or on a page."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select, update

from models.address import Address
from models.audit import Audited
from models.staff import Invitation, Staff, StaffAddress
from qr.token import Token, TokenKind, new_serial, read, write
from services.access.addresses import addresses_of, reached_at
from services.access.member import Member, member
from services.audit.log import record
from services.people.addresses import tell_of_address
from services.people.approvers import let_wait
from services.people.sessions import begin_session, end_sessions
from services.unit_of_work import UnitOfWork

INVITATION_DAYS = 14
INVITED = "invitation"  # how a session was opened, for the audit log


class NotOnStaff(Exception):
    """There is no such person on the staff, or they have left."""


class InvitationProblem(StrEnum):
    """Why an invitation does not open."""

    UNKNOWN = "unknown"  # forged, cut short, or not of this installation
    EXPIRED = "expired"  # too old, or replaced by a newer one
    USED = "used"
    ACCOUNT_TAKEN = "account_taken"  # this account belongs to somebody else on the staff
    PERSON_TAKEN = "person_taken"  # this person is enrolled elsewhere, and can be reached there


async def invite(work: UnitOfWork, staff_id: str, valid_days: int = INVITATION_DAYS, *, by: str | None = None) -> str:
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
        Invitation(
            serial=serial,
            staff_id=staff_id,
            expires_at=work.now + timedelta(days=valid_days),
            used_at=None,
            made_by_id=by,
        )
    )
    await work.session.flush()
    await record(work, Audited.INVITED, by=by, subject=staff_id)
    return write(work.keyring.qr_secret, Token(TokenKind.INVITATION, serial))


async def accept_invitation(work: UnitOfWork, token: str, address: Address) -> Member | InvitationProblem:
    """Tie an account to the staff record an invitation was made for. One record has one account on a channel, once.

    It takes the place of the one before, and else goes before all other addresses: what is said there is said in full.
    """
    found = await _invited(work, token)
    if found is None:
        return InvitationProblem.UNKNOWN
    invitation, staff = found
    if invitation.used_at is not None and address in await addresses_of(work.session, staff.id):
        return await member(work.session, staff.id)  # the same person pressed the link once more
    problem = await _problem(work, invitation, staff.id, address)
    if problem is not None:
        return problem
    invitation.used_at = work.now
    own = list(await work.session.scalars(select(StaffAddress).where(StaffAddress.staff_id == staff.id)))
    given_up = [one for one in own if one.address.channel == address.channel]
    position = min((one.position for one in given_up), default=min((one.position for one in own), default=1) - 1)
    for one in given_up:
        await work.session.delete(one)
    await work.session.flush()
    await end_sessions(work, staff.id)
    work.session.add(StaffAddress(address=address, staff_id=staff.id, position=position))
    await work.session.flush()
    await tell_of_address(work, staff.id, address)
    await _let_wait(work, invitation)
    await record(work, Audited.ENROLLED, by=staff.id, subject=staff.id)
    return await member(work.session, staff.id)


async def look_at_invitation(work: UnitOfWork, token: str) -> Staff | InvitationProblem:
    """Return whom an invitation was made for, if it opens their pages; looking does not use it up."""
    found = await _invited(work, token, to_use=False)
    if found is None:
        return InvitationProblem.UNKNOWN
    invitation, staff = found
    return await _problem_on_page(work, invitation) or staff


async def accept_on_page(work: UnitOfWork, token: str, *, hours: int) -> str | InvitationProblem:
    """Use an invitation up and return the id of the session that it opens, in which an address can be entered.

    Whoever is reached at any address signs in by a link that is sent there, and by no invitation.
    """
    found = await _invited(work, token)
    if found is None:
        return InvitationProblem.UNKNOWN
    invitation, staff = found
    problem = await _problem_on_page(work, invitation)
    if problem is not None:
        return problem
    invitation.used_at = work.now
    await work.session.flush()
    await end_sessions(work, staff.id)
    await _let_wait(work, invitation)
    await record(work, Audited.ENROLLED, by=staff.id, subject=staff.id)
    return await begin_session(work, staff.id, asked_on=INVITED, hours=hours)


async def choose_language(work: UnitOfWork, who: Member, language: str) -> None:
    """Keep the language somebody wants to be spoken to in."""
    staff = await work.session.get_one(Staff, who.id)
    staff.language = language
    await work.session.flush()


async def _invited(work: UnitOfWork, token: str, *, to_use: bool = True) -> tuple[Invitation, Staff] | None:
    """Return an invitation, locked to use it, with whom it was made for; None when they are not on the staff."""
    read_token = read(work.keyring.qr_secret, token)
    if read_token is None or read_token.kind != TokenKind.INVITATION:
        return None
    query = select(Invitation).where(Invitation.serial == read_token.serial)
    invitation = await work.session.scalar(query.with_for_update() if to_use else query)
    staff = await work.session.get(Staff, invitation.staff_id) if invitation else None
    return None if invitation is None or staff is None or staff.left_at is not None else (invitation, staff)


async def _let_wait(work: UnitOfWork, invitation: Invitation) -> None:
    """Have whoever came in wait before they approve anything, if somebody on the staff made the invitation."""
    if invitation.made_by_id is not None:
        await let_wait(work, invitation.staff_id, by=invitation.made_by_id)


def _is_over(work: UnitOfWork, invitation: Invitation) -> InvitationProblem | None:
    if invitation.used_at is not None:
        return InvitationProblem.USED
    return InvitationProblem.EXPIRED if invitation.expires_at <= work.now else None


async def _problem_on_page(work: UnitOfWork, invitation: Invitation) -> InvitationProblem | None:
    reached = await reached_at(work.session, invitation.staff_id)
    if reached is not None and reached.unreachable_since is None:
        return InvitationProblem.PERSON_TAKEN
    return _is_over(work, invitation)


async def _problem(
    work: UnitOfWork, invitation: Invitation, staff_id: str, address: Address
) -> InvitationProblem | None:
    if (over := _is_over(work, invitation)) is not None:
        return over
    # An account that nobody answers from any more gives way to a new invitation: phones are lost.
    working = select(StaffAddress.address).where(
        StaffAddress.staff_id == staff_id, StaffAddress.address != address, StaffAddress.unreachable_since.is_(None)
    )
    if any(one.channel == address.channel for one in await work.session.scalars(working)):
        return InvitationProblem.PERSON_TAKEN
    holder = await work.session.get(StaffAddress, address)
    if holder is not None and holder.staff_id != staff_id:
        return InvitationProblem.ACCOUNT_TAKEN
    return None
