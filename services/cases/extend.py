"""Whoever leads where a case lies gives it more time until it is answered: once, and its reporter is told why."""

from enum import StrEnum

from models.complaints import Case, MessageKind
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.cases import case_log
from services.cases.actions import leads, may_extend
from services.cases.departments import current_transfer, tell_department
from services.cases.dialogue import say_to_reporter
from services.cases.transfer_notices import TransferExtended
from services.unit_of_work import UnitOfWork


class ExtensionReason(StrEnum):
    """Why a case takes longer."""

    COMPLEX = "complex"
    OTHERS_NEEDED = "others_needed"  # several departments must do their part
    WORKS = "works"  # what is to be built or repaired takes its time


async def case_to_extend(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may give more time. Raises Impossible or NotEntitled."""
    case = await case_log.case_seen_by(work, who, case_id)
    if not leads(who, case):
        raise NotEntitled
    if not may_extend(who, case):
        raise Impossible("extend", case.state)
    return case


async def days_to_extend_by(work: UnitOfWork, case: Case) -> int:
    """Return how many days more a case can be given."""
    return (await work.directory()).complaint_settings_of(case.round_id).extension_days


async def extend(work: UnitOfWork, who: Member, case_id: str, reason: ExtensionReason) -> Case:
    """Give a case more time; its reporters are told why, and the department that has it.

    Raises as `case_to_extend` does.
    """
    case = await case_to_extend(work, who, case_id)
    days = await case_log.extend(work, case, by=who, reason=reason.value)
    await say_to_reporter(work, case, MessageKind.TEXT, key="extended", reason=reason.value, days=str(days))
    if (passed_on := await current_transfer(work, case)) is not None:
        await tell_department(work, case, passed_on.department_id, TransferExtended(passed_on.id))
    return case
