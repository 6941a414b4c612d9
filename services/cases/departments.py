"""The department that has a case now: who acts for it there, and when they, its head and the office are told of it."""

from collections.abc import Sequence

from sqlalchemy import select

from models.complaints import Case
from models.staff import LEADING_GROUP_ROLES, Role
from models.states import TRANSFER, Actor, TransferState
from models.transfers import Transfer
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.transfers import actors_at_transfer
from services.access.visibility import directors_who_may_know
from services.cases.cards import tell_who_leads
from services.cases.transfer_notices import DepartmentLate, TransferDue
from services.directory import Person
from services.notice import CaseNotice, TransferNotice
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork

WITH_DEPARTMENT = tuple(state for state in TransferState if TRANSFER.actions(state, {Actor.RECEIVING_DEPARTMENT}))
"""The states in which a department has something."""


async def current_transfer(work: UnitOfWork, case: Case) -> Transfer | None:
    """Return what a department has of a case now."""
    query = select(Transfer).where(Transfer.case_id == case.id, Transfer.state.in_(WITH_DEPARTMENT))
    return await work.session.scalar(query.limit(1))


async def transfer_on_card(work: UnitOfWork, case: Case) -> Transfer | None:
    """Return what a department has of a case now, or is to have once somebody agrees."""
    states = (*WITH_DEPARTMENT, TransferState.PROPOSED)
    query = select(Transfer).where(Transfer.case_id == case.id, Transfer.state.in_(states))
    return await work.session.scalar(query.limit(1))


async def acting_for(work: UnitOfWork, case: Case, department_id: str, *roles: Role) -> Sequence[Person]:
    """Return who acts for a department and is not shut out of a case: its contacts, unless others are asked for."""
    known, named = await work.directory(), await named_in_case(work.session, case.id)
    people = known.with_roles(*(roles or (Role.RECEIVING_DEPARTMENT,)), department_id=department_id)
    return [one for one in people if not Member.of(one, cases=[case.id] if one.id in named else ()).is_shut_out(case)]


async def who_agree(work: UnitOfWork, case: Case, lead: Transfer) -> Sequence[Person]:
    """Return who may agree that a lead goes to the discipline organ."""
    known, named = await work.directory(), await named_in_case(work.session, case.id)
    people = known.with_roles(Role.OFFICE_DIRECTOR, *LEADING_GROUP_ROLES)
    members = {one.id: Member.of(one, cases=[case.id] if one.id in named else ()) for one in people}
    return [one for one in people if actors_at_transfer(members[one.id], lead, case)]


async def tell_department(
    work: UnitOfWork,
    case: Case,
    department_id: str,
    notice: TransferNotice,
    *roles: Role,
    priority: Priority = Priority.NOTICE,
) -> None:
    """Queue a notice for those who act for a department, its contacts unless other roles are asked for."""
    for person in await acting_for(work, case, department_id, *roles):
        await work.outbox.to_staff(person.id, OutgoingMessage(notice), priority=priority)


async def tell_office(work: UnitOfWork, case: Case, notice: CaseNotice) -> None:
    """Tell the directors who may know of a case; of one that is kept from them, who leads where it lies."""
    if case.desk.is_for_one:
        await tell_who_leads(work, case, notice)
        return
    for director in await directors_who_may_know(work, case):
        await work.outbox.to_staff(director.id, OutgoingMessage(notice), priority=Priority.NOTICE)


async def warn_department(work: UnitOfWork, case: Case) -> None:
    """Tell the contacts of the department that has a case that something must be done about it soon."""
    found = await current_transfer(work, case)
    if found is not None:
        await tell_department(work, case, found.department_id, TransferDue(found.id), priority=Priority.REMINDER)


async def tell_of_late_department(work: UnitOfWork, case: Case) -> None:
    """Tell the contacts of a department, its head and the office that it is late."""
    found = await current_transfer(work, case)
    if found is None:
        return
    roles = (Role.DEPARTMENT_HEAD, Role.RECEIVING_DEPARTMENT)
    due = TransferDue(found.id)
    await tell_department(work, case, found.department_id, due, *roles, priority=Priority.REMINDER)
    await tell_office(work, case, DepartmentLate(case.id, found.department_id))
