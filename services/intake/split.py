"""A complaint that tells of several matters: one of them becomes a case of its own, and all share one receipt."""

from sqlalchemy import func, select

from models.audit import Audited
from models.complaints import Case, CaseComplaint, MessageKind
from models.desk import DeskKind
from models.states import CaseState, Impossible, NotEntitled
from models.urgency import Urgency
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import may_read
from services.audit.log import record
from services.cases.actions import SORTABLE, may_split
from services.cases.assign import NobodyMaySee
from services.cases.case_log import case_seen_by, cases_sharing_complaints, complaints_of, log_event, open_case
from services.cases.dialogue import say_to_reporter
from services.cases.to_office import team_has_left
from services.intake.sort_anew import destination_of
from services.intake.understanding import PUBLIC_SAFETY, TEAM_CONDUCT
from services.unit_of_work import UnitOfWork

MOST_CASES = 5  # of one complaint
_FIRST_ACTIONS = {
    DeskKind.TEAM: "assign",
    DeskKind.LEADER: "restrict",
    DeskKind.DIRECTOR: "restrict",
    DeskKind.OFFICE: "leave_to_office",
}


class EnoughSplit(Exception):
    """The complaint has become as many cases as it may."""


async def case_to_split(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may split; raise EnoughSplit, Impossible or NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    if case.state not in SORTABLE:
        raise Impossible("split", case.state)
    if not may_split(who, case):
        raise NotEntitled
    own = cases_sharing_complaints(case).where(Case.state != CaseState.MERGED)
    joined = select(func.count()).select_from(own.subquery())
    if (await work.session.scalar(joined) or 0) >= MOST_CASES:
        raise EnoughSplit
    return case


async def split(work: UnitOfWork, who: Member, case_id: str, category: str) -> Case:
    """Make a case of its own of one matter, and return it. It answers the same complaints, and its clock runs from
    the day they came in. It lies where the first one does, or stricter if its category asks for it.

    Raises NobodyMaySee when nobody could open it there, and what `case_to_split` does.
    """
    case = await case_to_split(work, who, case_id)
    if category not in {one.code for one in await work.categories()} - {case.category}:
        raise NotEntitled
    if any(
        one.is_open and one.category == category for one in await work.session.scalars(cases_sharing_complaints(case))
    ):
        raise Impossible("split", case.state)  # somebody else was first
    named = await named_in_case(work.session, case.id)
    found = await destination_of(work, case, case.unit_id, category, named)
    goes_to = found if found is not None and found.desk.is_stricter_than(case.desk) else None
    is_dangerous = case.hazard or category == PUBLIC_SAFETY  # a crisis itself stays with the case it was told of in
    other = Case(
        round_id=case.round_id,
        desk=goes_to.desk if goes_to else case.desk,
        team_id=goes_to.team_id if goes_to else case.team_id,
        unit_id=case.unit_id,
        village_id=case.village_id,
        door=case.door,
        category=category,
        urgency=Urgency.DANGER if is_dangerous else Urgency.NORMAL,
        missing_particulars=case.missing_particulars and list(case.missing_particulars),
        concerns_head=case.concerns_head,
        concerns_team=case.concerns_team or category == TEAM_CONDUCT,
        is_named_report=case.is_named_report,
        received_at=case.received_at,
    )
    if not await may_read(work, other, named=named):
        raise NobodyMaySee
    first, *more = await complaints_of(work, case)
    first_action = goes_to.first_action if goes_to else _FIRST_ACTIONS[case.desk.kind]
    if first_action == "leave_to_office" and await team_has_left(work, case):
        first_action = "assign"  # no team will have it
    await open_case(work, other, first.id, first_action, shut_out=named)
    work.session.add_all(CaseComplaint(case_id=other.id, complaint_id=complaint.id) for complaint in more)
    case.further_categories = [one for one in case.further_categories or () if one != category] or None
    await log_event(work, case, "split", by=who, into=other.id, category=category)
    await log_event(work, other, "split_off", by=who, of=case.id)
    await say_to_reporter(work, case, MessageKind.TEXT, key="split")
    await record(work, Audited.SPLIT, by=who.id, case_id=case.id, subject=other.id, category=category)
    return other
