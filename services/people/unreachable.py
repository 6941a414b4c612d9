"""Messages do not reach somebody: it is remembered, the office is told, and a head's messages go to the liaison."""

from sqlalchemy import delete

from models.address import Address
from models.audit import CLOCK, Audited
from models.complaints import ReplyAddress
from models.delivery import OutboxState
from models.recipient import RecipientKind
from models.staff import Role, StaffAddress
from privacy.tags import lane
from services.access.addresses import reached_at
from services.access.member import member
from services.audit.log import record
from services.delivery.marking import close_row, send_again
from services.delivery.queue import ClaimedRow
from services.notice import Notice
from services.outbox import DeleteMessage, OutgoingMessage, Priority, outgoing_message
from services.people.boards import forget_board
from services.people.notices import BoardLost, StaffUnreachable
from services.unit_of_work import UnitOfWork


async def give_up(work: UnitOfWork, row: ClaimedRow, address: Address, reason: str) -> None:
    """Close a row whose recipient is not there, remember it, and tell the office and whoever can tell them.

    A staff member who has another address gets it there instead.
    """
    recipient = row.recipient
    is_staff = recipient.kind == RecipientKind.STAFF and row.address is None  # not at an account given up long ago
    if is_staff:
        await note_unreachable(work, row, address)
        if row.kind != DeleteMessage.kind and await _is_reached_elsewhere(work, recipient.id, address):
            await send_again(work.session, row)
            return
    if recipient.kind == RecipientKind.BOARD:
        await forget_board(work, recipient.id)
    await close_row(work.session, row, OutboxState.DEAD, reason)
    if recipient.kind == RecipientKind.REPORTER:
        await work.session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id == recipient.id))
    if recipient.kind == RecipientKind.BOARD:
        await _tell_office(work, BoardLost(recipient.id))
        await record(work, Audited.BOARD_LOST, by=CLOCK, subject=recipient.id)
    if is_staff:
        await _tell_liaisons(work, row)


async def note_unreachable(work: UnitOfWork, row: ClaimedRow, address: Address) -> None:
    """Note that a staff member is not at an address; when no other of theirs works, tell the office, once."""
    staff_id = row.recipient.staff_id
    if staff_id is None:
        return
    once, at = None, await work.session.get(StaffAddress, address)
    if at is None:  # they have given it up
        once = f"unreachable:{lane(work.keyring.lane_secret, address)}"
    elif at.unreachable_since is None:
        at.unreachable_since = work.now
        if await _is_reached_elsewhere(work, staff_id, address):
            return
    else:
        return
    await _tell_office(work, StaffUnreachable(staff_id), but=staff_id, once=once)


async def _is_reached_elsewhere(work: UnitOfWork, staff_id: str, address: Address) -> bool:
    """Whether an address is one of several of a staff member, and another of them works."""
    if await work.session.get(StaffAddress, address) is None:
        return False
    other = await reached_at(work.session, staff_id, but=address)
    return other is not None and other.unreachable_since is None


async def _tell_liaisons(work: UnitOfWork, row: ClaimedRow) -> None:
    """Queue a notice for the head of a unit for its liaisons."""
    outgoing = outgoing_message(work.keyring, row)
    if not isinstance(outgoing.content, Notice):
        return
    for unit_id in (await member(work.session, row.recipient.id)).units(Role.UNIT_HEAD):
        for liaison in (await work.directory()).with_roles(Role.LIAISON, unit_id=unit_id):
            if await _is_unreachable(work, liaison.id):  # maybe the head in person
                continue
            fallback = OutgoingMessage(outgoing.content, delete_after_hours=outgoing.delete_after_hours)
            await work.outbox.to_staff(liaison.id, fallback, priority=Priority(row.priority))


async def _is_unreachable(work: UnitOfWork, staff_id: str) -> bool:
    reached = await reached_at(work.session, staff_id)
    return reached is not None and reached.unreachable_since is not None


async def _tell_office(work: UnitOfWork, notice: Notice, *, but: str | None = None, once: str | None = None) -> None:
    for clerk in (await work.directory()).with_roles(Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF):
        if clerk.id != but:
            key = f"{once}:{clerk.id}" if once else None
            await work.outbox.to_staff(clerk.id, OutgoingMessage(notice), dedupe_key=key)
