"""Whom to ring at a department, and that nobody there is reached in any other way."""

from services.directory import DepartmentRecord
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words


def with_duty_contact(words: Words, department: DepartmentRecord, text: Html) -> Html:
    """Return what is said of a department with whom to ring there, where the county file names anybody."""
    if department.contact is None:
        return text
    whom_to_ring = words("department.whom_to_ring", department=department.name, contact=department.contact)
    return Html(f"{text}\n{whom_to_ring}")


async def with_whom_to_ring(work: UnitOfWork, words: Words, department_id: str, text: Html) -> Html:
    """Return a text with what is to be known before something is sent to a department: whom to ring, and whether to."""
    known = await work.directory()
    department = known.departments[department_id]
    key = "department.whom_to_ring" if department.contact else "department.nobody_to_ring"
    told = words(key, department=department.name, contact=department.contact or "")
    if not known.reaches_department(department_id):
        told = Html(f"{told}\n{words('department.not_reached')}")
    return Html(f"{text}\n\n{told}")


async def nobody_there(work: UnitOfWork, words: Words, department_id: str) -> Html:
    """Return that nothing can be sent to a department, and whom to ring there.

    It is the same whether nobody is enrolled or they are to keep out of it: who that is, is not told by it.
    """
    department = (await work.directory()).departments[department_id]
    return with_duty_contact(words, department, words("transfer.nobody_there"))
