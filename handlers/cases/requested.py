"""What a department was asked for because of a case or an item, and has not answered: a line of its card for each."""

from collections.abc import Iterable

from models.requests import Request
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day


async def requested_lines(work: UnitOfWork, words: Words, waiting: Iterable[Request]) -> list[Html]:
    """Return which departments are to answer until when, and what they were asked for: data, or to come."""
    names = (await work.directory()).departments
    return [
        words(
            f"request.{'late' if one.due_on < work.today else 'waits'}_{one.kind}",
            department=names[one.department_id].name,
            day=day(words, one.due_on, work.today),
        )
        for one in waiting
    ]
