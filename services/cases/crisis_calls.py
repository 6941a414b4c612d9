"""Who is called of a case that is urgent, and when: CALLS is the whole of it, read from above.

In a crisis each is asked to press that they are on it. Until somebody does, the clock calls again
(services.cases.crisis). What is late but not urgent is told once a day (services.cases.late).
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from models.base import coarse
from models.complaints import Case
from models.crisis import CrisisCalls
from models.staff import Role
from models.urgency import Urgency
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import directors_who_may_know, may_read
from services.cases.notices import CrisisAnswered, CrisisCall, CrisisUnanswered, HazardWaits
from services.cases.on_call import on_call_now
from services.directory import Person
from services.notice import CaseNotice
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Called:
    """Who is called from which call on, and what they are told."""

    urgency: Urgency
    from_call: int
    who: Callable[[UnitOfWork, Case, Collection[str]], Awaitable[list[Person]]]  # of those whom the case does not name
    notice: type[CaseNotice]
    priority: Priority


async def leading(work: UnitOfWork, case: Case, named: Collection[str]) -> list[Person]:
    """Return who is called first of those who may read a case: its owner and the leaders, else everybody."""
    return _leading(case, await may_read(work, case, named=named))


def _leading(case: Case, readers: list[Person]) -> list[Person]:
    leaders = [one for one in readers if case.team_id is None or case.team_id in one.teams(Role.TEAM_LEADER)]
    owner = [one for one in readers if one.id == case.owner_id and one not in leaders]
    return [*owner, *leaders] or readers


async def first_called(work: UnitOfWork, case: Case, named: Collection[str]) -> list[Person]:
    """Return who is called of what is urgent, at any hour: who is on call of those who may read it, and who leads."""
    readers, on_call = await may_read(work, case, named=named), await on_call_now(work, case.team_id)
    first = _leading(case, readers)
    return [*(one for one in readers if one.id in on_call and one not in first), *first]


async def directors_beside(work: UnitOfWork, case: Case, named: Collection[str]) -> list[Person]:
    """Return the office directors who may know of a case and don't sit at its desk."""
    readers = await may_read(work, case, named=named)
    return [one for one in await directors_who_may_know(work, case, named=named) if one not in readers]


_FIRST, _SECOND = 1, 2
# The first call in a crisis is made the moment it comes, each further one after `CrisisSettings.wait_after` without a
# press. Of a danger one call is made, when `first_look_emergency_hours` are over and nobody has claimed it.
CALLS = (
    Called(Urgency.CRISIS, _FIRST, first_called, CrisisCall, Priority.CRISIS),
    Called(Urgency.CRISIS, _SECOND, directors_beside, CrisisUnanswered, Priority.CRISIS),
    Called(Urgency.DANGER, _FIRST, first_called, HazardWaits, Priority.HAZARD),
)


async def call(work: UnitOfWork, case: Case, *, named: Collection[str] | None = None) -> None:
    """Call whoever is on call or leads at the desk of a crisis, at any hour; after a call in vain, the directors too.

    A desk where nobody has an account counts as called in vain: a mail rings no phone. `named`: whom the case names,
    where that is known.
    """
    if named is None:
        named = await named_in_case(work.session, case.id)
    if not case.awaits_response:  # whoever answered before is called once more
        case.crisis = None
    known = await work.directory()
    is_reached = any(known.has_account(one.id) for one in await first_called(work, case, named))
    case.crisis_calls += 1 if is_reached or case.crisis_calls > 0 else 2
    await _call_all(work, case, case.crisis_calls, named)
    case.next_call_at = _minute(work.now + (await work.settings()).crisis.wait_after(case.crisis_calls))


async def repeat_call(work: UnitOfWork, case: Case) -> None:
    """Call again whom the last call of a crisis is for, between two calls of the clock."""
    await _call_all(work, case, case.crisis_calls, await named_in_case(work.session, case.id))


async def call_of_hazard(work: UnitOfWork, case: Case) -> None:
    """Call because nobody has claimed a danger in time."""
    await _call_all(work, case, _FIRST, await named_in_case(work.session, case.id))


def call_anew(work: UnitOfWork, case: Case) -> None:
    """Have the clock begin the calls of a crisis, because it came to another desk or lost its owner."""
    if case.urgency == Urgency.CRISIS and case.is_open:
        case.crisis_calls, case.next_call_at, case.crisis = 0, work.now, None


async def end_calls(work: UnitOfWork, case: Case, by: Member) -> bool:
    """Call nobody any more, because somebody is on it; the others who were called are told who.

    Return whether anybody was being called. Who answered, and in which hour, stays with the case.
    """
    if not case.awaits_response:
        return False
    case.next_call_at = None
    calls = CrisisCalls.read(case.crisis)
    case.crisis = calls.answered(by.id, coarse(work.now)).record()
    named = await named_in_case(work.session, case.id)
    who_may_know = [*await may_read(work, case, named=named), *await directors_beside(work, case, named)]
    for one in who_may_know:  # who is on call may have changed since they were called
        if one.id in calls.called and one.id != by.id:
            await work.outbox.to_staff(one.id, OutgoingMessage(CrisisAnswered(case.id, by.id)))
    return True


def directors_are_called(case: Case) -> bool:
    """Whether the office directors were called, because nobody at the desk responded."""
    return case.crisis_calls >= _SECOND


async def _call_all(work: UnitOfWork, case: Case, calls: int, named: Collection[str]) -> None:
    is_kept = case.urgency == Urgency.CRISIS
    on_call = await on_call_now(work, case.team_id) if is_kept else []
    for called in _due(case.urgency, calls):
        people = await called.who(work, case, named)
        if is_kept:
            case.crisis = CrisisCalls.read(case.crisis).also([one.id for one in people], on_call).record()
        for one in people:
            told = OutgoingMessage(called.notice(case.id))
            await work.outbox.to_staff(one.id, told, priority=called.priority, not_before=work.now)


def _due(urgency: Urgency, calls: int) -> list[Called]:
    return [called for called in CALLS if called.urgency == urgency and called.from_call <= calls]


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
