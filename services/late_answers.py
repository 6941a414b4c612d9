"""What is not answered: whoever it concerns is told so, once, or on several days."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select

from models.draft_comments import DraftComment
from models.feedback import FeedbackMeeting
from models.letters import Letter
from models.requests import Request
from models.revisits import SelfCheck
from models.self_reports import SelfReport
from services.notice import Notice
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import More, UnitOfWork

PORTION = 50  # rows a transaction

Row = TypeVar("Row", Request, SelfCheck, Letter, SelfReport)
Waiting = TypeVar("Waiting", DraftComment, FeedbackMeeting)
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Telling:
    """What is told of a row that waits and to whom, and on which day something is told again; None: it was the last."""

    notice: Notice
    to: Iterable[str]
    next_on: date | None


async def tell_of_late(
    work: UnitOfWork,
    kind: type[Row],
    waits: ColumnElement[bool],
    notice: Callable[[str], Notice],
    concerned: Callable[[Row], Awaitable[Iterable[str]]],
) -> More | None:
    """Tell once of each row that waits and whose day has passed, a portion at a time: an index bears their order."""
    late = select(kind).where(waits, kind.is_late_told.is_(False), kind.due_on < work.today)

    async def telling(row: Row) -> Telling:
        row.is_late_told = True
        return Telling(notice(row.id), await concerned(row), None)

    return await _tell_portion(work, late.order_by(kind.due_on, kind.id), telling)


async def tell_of_waiting(
    work: UnitOfWork, kind: type[Waiting], waits: ColumnElement[bool], telling: Callable[[Waiting], Awaitable[Telling]]
) -> More | None:
    """Tell of each row that waits and whose next day has come, a portion at a time: an index bears their order.

    After days without the clock only what `telling` returns for today is told.
    """
    due = select(kind).where(waits, kind.tell_next_on <= work.today)

    async def telling_again(row: Waiting) -> Telling:
        told = await telling(row)
        row.tell_next_on = told.next_on
        return told

    return await _tell_portion(work, due.order_by(kind.tell_next_on, kind.id), telling_again)


async def _tell_portion(
    work: UnitOfWork, due: Select[_Row], telling: Callable[[_Row], Awaitable[Telling]]
) -> More | None:
    found = list(await work.session.scalars(due.limit(PORTION).with_for_update()))
    for row in found:
        told = await telling(row)
        for staff_id in dict.fromkeys(told.to):
            await work.outbox.to_staff(staff_id, OutgoingMessage(told.notice), priority=Priority.REMINDER)
    await work.session.flush()
    return More.TO_DO if len(found) == PORTION else None
