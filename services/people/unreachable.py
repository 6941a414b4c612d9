"""Messages do not reach somebody: it is remembered, whoever can telephone is told, and a head's go to others."""

from sqlalchemy import select

from models.address import Address
from models.delivery import OutboxRow, OutboxState
from models.recipient import Recipient
from models.staff import OFFICE_ROLES, Role, StaffAddress
from privacy.tags import lane
from services.access.addresses import reached_at
from services.access.member import member
from services.delivery.queue import ClaimedRow
from services.notice import Notice
from services.outbox import DeleteMessage, OutgoingMessage, Priority, outgoing_message
from services.people.notices import ColleagueUnreachable, StaffUnreachable
from services.people.office import tell_office
from services.unit_of_work import UnitOfWork


async def note_unreachable(work: UnitOfWork, row: ClaimedRow, address: Address) -> None:
    """Note that a staff member is not at an address; when no other of theirs works, tell those who can telephone, once.

    They are the office, the leaders of the team, and for a liaison the head of the unit.
    """
    staff_id = row.recipient.staff_id
    if staff_id is None:
        return
    once, at = None, await work.session.get(StaffAddress, address)
    if at is None:  # they have given it up
        once = f"unreachable:{lane(work.keyring.lane_secret, address)}"
    elif at.unreachable_since is None:
        at.unreachable_since = work.now
        if await is_reached_elsewhere(work, staff_id, address):
            return
    else:
        return
    await tell_office(work, StaffUnreachable(staff_id), but=staff_id, once=once)
    colleagues = await _who_can_telephone(work, staff_id)
    await work.outbox.to_each(colleagues, OutgoingMessage(ColleagueUnreachable(staff_id)), once=once)


async def _who_can_telephone(work: UnitOfWork, staff_id: str) -> list[str]:
    """Return who works with a staff member and answers for what they do, the office aside."""
    known = await work.directory()
    if staff_id not in known.people:
        return []  # they have left
    who = await member(work.session, staff_id)
    teams, units = who.teams(Role.TEAM_MEMBER), who.units(Role.LIAISON)
    found = [leader.id for team_id in teams for leader in known.with_roles(Role.TEAM_LEADER, team_id=team_id)]
    found += [head.id for unit_id in units for head in known.with_roles(Role.UNIT_HEAD, unit_id=unit_id)]
    return [one for one in dict.fromkeys(found) if one != staff_id]


async def is_reached_elsewhere(work: UnitOfWork, staff_id: str, address: Address) -> bool:
    """Whether an address is one of several of a staff member, and another of them works."""
    if await work.session.get(StaffAddress, address) is None:
        return False
    other = await reached_at(work.session, staff_id, but=address)
    return other is not None and other.unreachable_since is None


async def pass_on(work: UnitOfWork, row: ClaimedRow | OutboxRow) -> None:
    """Queue a notice for the head of a unit for its liaisons; where none of them is reached, for the office.

    What is told of the unit's items from then on the office is told in any case, for as long as no head is reached.
    """
    outgoing, head_id = outgoing_message(work.keyring, row), row.recipient.id
    if not isinstance(outgoing.content, Notice):
        return
    known = await work.directory()
    for unit_id in (await member(work.session, head_id)).units(Role.UNIT_HEAD):
        liaisons = [one.id for one in known.with_roles(Role.LIAISON, unit_id=unit_id) if one.id != head_id]
        reached = [one for one in liaisons if await _is_reached(work, one)]
        office = [one.id for one in known.with_roles(*OFFICE_ROLES) if one.id != head_id]
        for staff_id in reached or office:
            passed_on = OutgoingMessage(outgoing.content, delete_after_hours=outgoing.delete_after_hours)
            await work.outbox.to_staff(staff_id, passed_on, priority=Priority(row.priority))


async def pass_on_waiting(work: UnitOfWork, head_id: str) -> None:
    """Queue what waits to be told to the head of a unit for others: their phone is lost, and nobody else would hear."""
    waiting = select(OutboxRow).where(
        OutboxRow.recipient == Recipient.staff(head_id), OutboxRow.state == OutboxState.QUEUED
    )
    for row in list(await work.session.scalars(waiting.order_by(OutboxRow.id))):
        if row.kind != DeleteMessage.kind:
            await pass_on(work, row)


async def _is_reached(work: UnitOfWork, staff_id: str) -> bool:
    reached = await reached_at(work.session, staff_id)
    return reached is not None and reached.unreachable_since is None
