"""Calls in a crisis: whoever leads where it lies is told at once, the office directors too when nobody responds.

Each is asked to press that they are on it. Until somebody does, the clock calls again (services.cases.crisis).
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from models.complaints import Case
from models.staff import Role
from models.urgency import Urgency
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import directors_who_may_know, may_read
from services.cases.notices import CrisisAnswered, CrisisCall, CrisisUnanswered
from services.directory import Person
from services.notice import CaseNotice
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork


async def call(work: UnitOfWork, case: Case, *, named: Collection[str] | None = None) -> None:
    """Call whoever leads at the desk of a crisis, at any hour; if that was in vain before, the office directors too.

    A desk where nobody can be reached counts as called in vain. `named`: whom the case names, where that is known.
    """
    if named is None:
        named = await named_in_case(work.session, case.id)
    leading = await _leading(work, case, named)
    known = await work.directory()
    is_reached = any(known.reached_at(one.id) is not None for one in leading)
    case.crisis_calls += 1 if is_reached or case.crisis_calls > 0 else 2
    await _call_all(work, case, leading, named)
    case.next_call_at = _minute(work.now + (await work.settings()).crisis.wait_after(case.crisis_calls))


async def repeat_call(work: UnitOfWork, case: Case) -> None:
    """Call whoever was called in a crisis before once more, between two calls of the clock."""
    named = await named_in_case(work.session, case.id)
    await _call_all(work, case, await _leading(work, case, named), named)


def call_anew(work: UnitOfWork, case: Case) -> None:
    """Have the clock begin the calls of a crisis, because it came to another desk or lost its owner."""
    if case.urgency == Urgency.CRISIS and case.is_open:
        case.crisis_calls, case.next_call_at = 0, work.now


async def end_calls(work: UnitOfWork, case: Case, by: Member) -> None:
    """Call nobody any more, because somebody is on it; the others who were called are told who."""
    if not case.awaits_response:
        return
    case.next_call_at = None
    named = await named_in_case(work.session, case.id)
    called = await _leading(work, case, named)
    if directors_are_called(case):
        called += await directors_beside(work, case, named=named)
    for one in called:
        if one.id != by.id:
            await work.outbox.to_staff(one.id, OutgoingMessage(CrisisAnswered(case.id, by.id)))


def directors_are_called(case: Case) -> bool:
    """Whether the office directors were called, because nobody at the desk responded."""
    return case.crisis_calls > 1


async def directors_beside(work: UnitOfWork, case: Case, *, named: Collection[str] | None = None) -> list[Person]:
    """Return the office directors who may know of a crisis and don't sit at its desk."""
    if named is None:
        named = await named_in_case(work.session, case.id)
    readers = await may_read(work, case, named=named)
    return [one for one in await directors_who_may_know(work, case, named=named) if one not in readers]


async def _leading(work: UnitOfWork, case: Case, named: Collection[str]) -> list[Person]:
    """Return who is called first of those who may read a crisis: its owner and the leaders, else everybody."""
    readers = await may_read(work, case, named=named)
    leaders = [one for one in readers if case.team_id is None or case.team_id in one.teams(Role.TEAM_LEADER)]
    owner = [one for one in readers if one.id == case.owner_id and one not in leaders]
    return [*owner, *leaders] or readers


async def _call_all(work: UnitOfWork, case: Case, leading: Iterable[Person], named: Collection[str]) -> None:
    await _call(work, leading, CrisisCall(case.id))
    if directors_are_called(case):
        await _call(work, await directors_beside(work, case, named=named), CrisisUnanswered(case.id))


async def _call(work: UnitOfWork, people: Iterable[Person], notice: CaseNotice) -> None:
    for one in people:
        order = OutgoingMessage(notice)
        await work.outbox.to_staff(one.id, order, priority=Priority.CRISIS, not_before=work.now)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
