"""The leader of a team tells the office how the team's cases stand, in numbers and a sentence of their own.

What lies before the leader alone is not counted: the office is not to learn that it is there. Nor is what is hidden
from the leader: beside what they see, a number would tell of it.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import func, select, true

from models.audit import Audited
from models.complaints import THANKS, Case, CaseComplaint, Complaint
from models.desk import Desk
from models.staff import OFFICE_ROLES, Role
from models.states import CaseState, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.notices import TeamBrief
from services.cases.queues import how_many, not_hidden_from
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

NEW_DAYS = 7


@dataclass(frozen=True)
class Situation:
    """How many open cases lie with a team, by how many complaints, and how many came lately, end today, are late, have
    no answer.
    """

    open_cases: int
    times: int
    new: int
    due_today: int
    late: int
    unanswered: int


async def situation_of(work: UnitOfWork, who: Member, team_id: str) -> Situation:
    """Return how the cases of a team stand, as its leader tells it. Raises NotEntitled."""
    if team_id not in who.teams(Role.TEAM_LEADER):
        raise NotEntitled
    end = work.beginning_of(work.today + timedelta(days=1))
    theirs = (Case.desk == Desk.team(team_id), Case.is_open == true(), *not_hidden_from(who))
    query = select(
        func.count(Case.id),
        how_many(Case.received_at >= work.midnight - timedelta(days=NEW_DAYS)),
        how_many(Case.due_at > work.now, Case.due_at <= end),
        how_many(Case.due_at <= work.now),
        how_many(Case.state != CaseState.ANSWERED, Case.category != THANKS),
    ).where(*theirs)
    open_cases, *others = (await work.session.execute(query)).one()
    reported = (
        select(func.count(CaseComplaint.complaint_id.distinct()))
        .join(Case, Case.id == CaseComplaint.case_id)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(*theirs, Complaint.withdrawn_at.is_(None))
    )
    return Situation(open_cases, await work.session.scalar(reported) or 0, *others)


async def send_brief(work: UnitOfWork, who: Member, team_id: str, told: Situation, words: str) -> int:
    """Send the office the numbers that the leader has looked at, and their words; return how many people are told.

    Raises NotEntitled.
    """
    if team_id not in who.teams(Role.TEAM_LEADER):
        raise NotEntitled
    office = (await work.directory()).with_roles(*OFFICE_ROLES)
    notice = TeamBrief(team_id, who.id, words=words, **asdict(told))
    others = [one for one in office if one.id != who.id]
    for one in others:
        await work.outbox.to_staff(one.id, OutgoingMessage(notice))
    await record(work, Audited.BRIEFED, by=who.id, subject=team_id)
    return len(others)
