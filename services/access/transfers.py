"""Who has to do with what is passed on: those who act for the department that has it, and who agrees to a lead."""

from sqlalchemy.ext.asyncio import AsyncSession

from models.complaints import Case
from models.desk import DIRECTOR_DESK
from models.staff import LEADING_GROUP_ROLES, Role
from models.states import TRANSFER, Actor, TransferState
from models.transfers import Transfer
from services.access.member import Member


def actors_at_transfer(who: Member, transfer: Transfer, case: Case) -> frozenset[Actor]:
    """Return what somebody is at a transfer, beside its team; whom the case shuts out is nothing there.

    A lead is for the contact of the discipline organ alone. That it goes there is agreed to by another than who
    proposed it: the director, and of what lies before the director the leading group.
    """
    if who.is_shut_out(case):
        return frozenset()
    if transfer.state is TransferState.PROPOSED:
        agrees = Actor.LEADING_GROUP if case.desk == DIRECTOR_DESK else Actor.OFFICE_DIRECTOR
        roles = LEADING_GROUP_ROLES if agrees is Actor.LEADING_GROUP else (Role.OFFICE_DIRECTOR,)
        return frozenset({agrees} if who.has(*roles) and who.id != transfer.by_id else ())
    roles = (Role.RECEIVING_DEPARTMENT,) if transfer.is_lead else (Role.RECEIVING_DEPARTMENT, Role.DEPARTMENT_HEAD)
    acts = any(held.role in roles and held.department_id == transfer.department_id for held in who.roles)
    return frozenset({Actor.RECEIVING_DEPARTMENT} if acts else ())


async def is_known_to(session: AsyncSession, who: Member, transfer_id: str) -> bool:
    """Whether somebody has something to do about a transfer now, and so may know of it."""
    transfer = await session.get(Transfer, transfer_id)
    if transfer is None:
        return False
    case = await session.get_one(Case, transfer.case_id)
    return bool(TRANSFER.actions(transfer.state, actors_at_transfer(who, transfer, case)))


async def is_read_by(session: AsyncSession, who: Member, transfer_id: str) -> bool:
    """Whether somebody acts for the department that has it now, and so reads the summary."""
    transfer = await session.get(Transfer, transfer_id)
    if transfer is None or transfer.state is TransferState.PROPOSED:
        return False
    return await is_known_to(session, who, transfer_id)
