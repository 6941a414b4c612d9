"""Whom to ring at a department, and that nobody there is reached in any other way."""

from services.directory import DepartmentRecord
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words


def duty_contact_line(words: Words, department: DepartmentRecord) -> Html | None:
    """Return whom to ring at a department; None where the county file names nobody."""
    if department.contact is None:
        return None
    return words("department.whom_to_ring", department=department.name, contact=department.contact)


async def told_before_sending(work: UnitOfWork, words: Words, department_id: str) -> Html:
    """Return what is to be known of a department before something is sent there: whom to ring, and whether one must."""
    known = await work.directory()
    department = known.departments[department_id]
    lines = [duty_contact_line(words, department) or words("department.nobody_to_ring", department=department.name)]
    if not known.reaches_department(department_id):
        lines.append(words("department.not_reached"))
    return Html("\n".join(lines))


async def nobody_there(work: UnitOfWork, words: Words, department_id: str) -> Html:
    """Return that nothing can be sent to a department, and whom to ring there.

    It is the same whether nobody is enrolled or they are to keep out of it: who that is, is not told by it.
    """
    line = duty_contact_line(words, (await work.directory()).departments[department_id])
    return Html("\n".join([words("transfer.nobody_there"), *([line] if line else [])]))
