"""The departments of the county with their duty contacts (部门通讯录), and how many transfers each of them has now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from models.clocks import Clock
from models.complaints import Case, CaseClock
from models.desk import OFFICE_DESK, Desk
from models.rounds import DepartmentKind
from models.staff import DEPARTMENT_ROLES, LEADING_GROUP_ROLES, OFFICE_ROLES, TEAM_ROLES, Role
from models.states import NotEntitled, TransferState
from models.transfers import Transfer
from services.access.member import Member
from services.cases.departments import WITH_DEPARTMENT
from services.cases.late import TOLD_OF_TEAMS
from services.cases.queues import not_hidden_from
from services.directory import DepartmentRecord
from services.unit_of_work import UnitOfWork

DEPARTMENTS_SHOWN = 6  # a page
_SEE_TRANSFERS = (*TEAM_ROLES, *OFFICE_ROLES, *LEADING_GROUP_ROLES)


@dataclass(frozen=True)
class TransfersThere:
    """How many transfers a department has now, and how many of them it has not signed for or answered in time."""

    open: int
    overdue: int


@dataclass(frozen=True)
class DepartmentSeen:
    """A department as somebody is shown it; `transfers` is None where they are not told of any.

    `is_reached`: somebody there is told what is passed on; None: they are not told whether. A township's
    office reads no text, and that nothing of a case can be sent where somebody is reached would tell who is named.
    """

    department: DepartmentRecord
    is_reached: bool | None
    transfers: TransfersThere | None


@dataclass(frozen=True)
class DepartmentPage:
    """Departments in the order of their ids, and how many there are in all."""

    shown: Sequence[DepartmentSeen]
    total: int


def may_read_duty_contacts(who: Member) -> bool:
    """Whether somebody may read whom to ring at the departments.

    Who passes cases on or oversees it, who works at a department, and a township's office that is shown cases, to which
    it may call one.
    """
    calls = any(one.role is Role.TOWNSHIP_OFFICE for one in who.grants)
    return calls or who.has(*_SEE_TRANSFERS, *DEPARTMENT_ROLES)


async def duty_contacts(work: UnitOfWork, who: Member, start: int = 0) -> DepartmentPage:
    """Return a page of the departments, from one on. Raises NotEntitled."""
    if not may_read_duty_contacts(who):
        raise NotEntitled
    known = await work.directory()
    page = list(known.departments.values())[start : start + DEPARTMENTS_SHOWN]
    told_of = [one.id for one in page if one.kind is not DepartmentKind.EMERGENCY and _is_told_of(who, one.id)]
    counted = await _transfers_at(work, who, told_of)
    is_told = who.has(*_SEE_TRANSFERS, *DEPARTMENT_ROLES)
    shown = [
        DepartmentSeen(
            one,
            known.reaches_department(one.id) if is_told else None,
            counted.get(one.id, TransfersThere(0, 0)) if one.id in told_of else None,
        )
        for one in page
    ]
    return DepartmentPage(shown, len(known.departments))


def _is_told_of(who: Member, department_id: str) -> bool:
    """Whether somebody is told how many transfers a department has: those at a department of their own alone."""
    return who.has(*_SEE_TRANSFERS) or department_id in who.departments


async def _transfers_at(work: UnitOfWork, who: Member, department_ids: Collection[str]) -> dict[str, TransfersThere]:
    """Return what lies with some departments now, of what somebody may know of; those that have nothing are left out.

    One statement, by the index of what lies with a department.
    """
    if not department_ids:
        return {}
    signing = and_(Transfer.state == TransferState.SENT, CaseClock.clock == Clock.SIGNING)
    handling = and_(Transfer.state == TransferState.SIGNED, CaseClock.clock == Clock.HANDLING)
    is_over = and_(CaseClock.case_id == Case.id, or_(signing, handling), CaseClock.ends_at <= work.now)
    query = (
        select(Transfer.department_id, func.count(), func.count(CaseClock.case_id))
        .join(Case, Case.id == Transfer.case_id)
        .outerjoin(CaseClock, is_over)
        .where(
            Transfer.department_id.in_(department_ids),
            Transfer.state.in_(WITH_DEPARTMENT),
            Case.round_id.in_(work.keyring.round_ids()),
            *not_hidden_from(who),
            await _known_to(work, who),
        )
        .group_by(Transfer.department_id)
    )
    rows = await work.session.execute(query)
    return {department_id: TransfersThere(has, overdue) for department_id, has, overdue in rows}


async def _known_to(work: UnitOfWork, who: Member) -> ColumnElement[bool]:
    """Return the condition that somebody may know of a transfer: as its team or the office, or at the department.

    What lies before one pair of eyes is known to these alone, as is a lead to the contact of the discipline organ.
    """
    desks = list(who.desks)
    if who.has(*TOLD_OF_TEAMS):
        desks += [OFFICE_DESK, *map(Desk.team, (await work.directory()).teams)]
    contact_at = [one.department_id for one in who.roles if one.role is Role.RECEIVING_DEPARTMENT]
    head_of = [one.department_id for one in who.roles if one.role is Role.DEPARTMENT_HEAD]
    return or_(
        Case.desk.in_(desks),
        Transfer.department_id.in_(contact_at),
        and_(Transfer.department_id.in_(head_of), Transfer.is_lead.is_(False)),
    )
