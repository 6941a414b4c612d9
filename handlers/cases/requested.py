"""What a department was asked for because of a case or an item, and has not answered: a line of its card for each."""

from collections.abc import Iterable

from handlers.cases.duty_contacts import with_duty_contact
from models.requests import Request
from services.directory import DepartmentRecord
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day


async def requested_lines(work: UnitOfWork, words: Words, waiting: Iterable[Request]) -> list[Html]:
    """Return which departments are to answer until when, what they were asked for, and whom to ring there."""
    departments = (await work.directory()).departments
    return [_line(work, words, one, departments[one.department_id]) for one in waiting]


def _line(work: UnitOfWork, words: Words, asked: Request, department: DepartmentRecord) -> Html:
    key = f"request.late_{asked.kind}" if asked.due_on < work.today else f"request.waits_{asked.kind}"
    waits = words(key, department=department.name, day=day(words, asked.due_on, work.today))
    return with_duty_contact(words, department, waits)
