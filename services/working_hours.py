"""What the clock does in the county's working hours alone."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar

from services.unit_of_work import UnitOfWork

Done = TypeVar("Done")


def in_working_hours(duty: Callable[[UnitOfWork], Awaitable[Done]]) -> Callable[[UnitOfWork], Awaitable[Done | None]]:
    """Return a duty of the clock as it is done: outside of working hours nothing is, and None returned."""

    @wraps(duty)
    async def at_work(work: UnitOfWork) -> Done | None:
        return await duty(work) if (await work.calendar()).is_working_moment(work.now) else None

    return at_work
