"""Who approves what is made public. Whoever newly comes by it waits, and all others who approve are told at once.

Otherwise an office director could enter somebody, or come in by an invitation in somebody's place, and approve as two.
"""

from collections.abc import Collection
from datetime import timedelta

from models.staff import LEADING_GROUP_ROLES, Role, Staff
from services.directory import Directory
from services.outbox import OutgoingMessage
from services.people.notices import ApproverJoined
from services.unit_of_work import UnitOfWork

APPROVERS = (Role.OFFICE_DIRECTOR, *LEADING_GROUP_ROLES)
WAITING_DAYS = 3  # in which the others can object


def approvers_of(known: Directory) -> frozenset[str]:
    """Return the ids of those who may approve, whether they wait or not."""
    return frozenset(one.id for one in known.with_roles(*APPROVERS))


async def note_new_approvers(work: UnitOfWork, before: Collection[str], *, by: str | None) -> None:
    """Have those wait who may approve now and could not before; as long as nobody could, nobody waits."""
    if not before:
        return
    for staff_id in sorted(approvers_of(await work.directory()) - set(before)):
        await let_wait(work, staff_id, by=by)


async def let_wait(work: UnitOfWork, staff_id: str, *, by: str | None) -> None:
    """Have somebody who may approve wait for some days, and tell the others who may, but for whoever brought it about.

    `by`: a staff id; nobody, where the command line did.
    """
    approvers = approvers_of(await work.directory())
    if staff_id not in approvers:
        return
    staff = await work.session.get_one(Staff, staff_id)
    staff.approves_from = work.now + timedelta(days=WAITING_DAYS)
    await work.session.flush()
    told = sorted(approvers - {staff_id, by})
    await work.outbox.to_each(told, OutgoingMessage(ApproverJoined(staff_id, by)))
