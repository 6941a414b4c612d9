"""A named report (实名反映): its reporter has told the team who they are, and the team has verified it with them.

That it is one shortens its clocks. Who it is stands nowhere, and nobody is asked for it.
"""

from models.complaints import Case
from models.settings import ComplaintSettings
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.cases import case_log
from services.cases.actions import leads, may_mark_as_named
from services.cases.read_case import require_read
from services.unit_of_work import UnitOfWork


async def case_to_mark_as_named(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may mark as a named report: who has opened it, and owns it or leads where it lies.

    Raises NotRead, Impossible or NotEntitled.
    """
    case = await case_log.case_seen_by(work, who, case_id)
    if case.owner_id != who.id and not leads(who, case):
        raise NotEntitled
    if not may_mark_as_named(who, case):
        raise Impossible("mark_as_named", case.state)
    await require_read(work, who, case)
    return case


async def clocks_of_named(work: UnitOfWork, case: Case) -> ComplaintSettings:
    """Return the settings that say how short its clocks would be."""
    return (await work.directory()).complaint_settings_of(case.round_id)


async def mark_as_named(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Mark a case as a named report. Raises as `case_to_mark_as_named` does."""
    case = await case_to_mark_as_named(work, who, case_id)
    await case_log.mark_as_named(work, case, by=who)
    return case
