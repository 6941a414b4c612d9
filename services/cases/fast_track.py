"""Whoever leads where a case lies puts it on the fast track (快移快查快结): it has shorter clocks, in working days."""

from models.complaints import Case
from models.settings import ComplaintSettings
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.cases import case_log
from services.cases.actions import leads, may_put_on_fast_track
from services.unit_of_work import UnitOfWork


async def case_for_fast_track(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may put on the fast track. Raises Impossible or NotEntitled."""
    case = await case_log.case_seen_by(work, who, case_id)
    if not leads(who, case):
        raise NotEntitled
    if not may_put_on_fast_track(who, case):
        raise Impossible("fast_track", case.state)
    return case


async def clocks_of_fast_track(work: UnitOfWork, case: Case) -> ComplaintSettings:
    """Return the settings that say how short its clocks would be."""
    return (await work.directory()).complaint_settings_of(case.round_id)


async def put_on_fast_track(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Put a case on the fast track. Raises as `case_for_fast_track` does."""
    case = await case_for_fast_track(work, who, case_id)
    await case_log.put_on_fast_track(work, case, by=who)
    return case
