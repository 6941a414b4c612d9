"""The leader of a team tells the office how the team's cases stand, in numbers and a sentence of their own.

What lies before the leader alone is not counted: the office is not to learn that it is there.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select, true

from models.audit import Audited
from models.complaints import THANKS, Case
from models.desk import Desk
from models.staff import Role
from models.states import CaseState, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.notices import TeamBrief
from services.cases.queues import is_not_held
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

NEW_DAYS = 7


@dataclass(frozen=True)
class Situation:
    """How many open cases lie with a team, and how many of them came lately, end today, are late, have no answer."""

    open_cases: int
    new: int
    due_today: int
    late: int
    unanswered: int


async def situation_of(work: UnitOfWork, who: Member, team_id: str) -> Situation:
    """Return how the cases of a team stand, as its leader tells it; one statement. Raises NotEntitled."""
    if team_id not in who.teams(Role.TEAM_LEADER):
        raise NotEntitled
    end = datetime.combine(work.today + timedelta(days=1), time(), work.zone)
    query = select(
        func.count(Case.id),
        _how_many(Case.received_at >= work.midnight - timedelta(days=NEW_DAYS)),
        _how_many(Case.due_at > work.now, Case.due_at <= end),
        _how_many(Case.due_at <= work.now),
        _how_many(Case.state != CaseState.ANSWERED, Case.category != THANKS),
    ).where(Case.desk == Desk.team(team_id), Case.is_open == true(), is_not_held())
    return Situation(*(await work.session.execute(query)).one())


async def send_brief(work: UnitOfWork, who: Member, team_id: str, told: Situation, words: str) -> int:
    """Send the office the numbers that the leader has looked at, and their words; return how many people are told.

    Raises NotEntitled.
    """
    if team_id not in who.teams(Role.TEAM_LEADER):
        raise NotEntitled
    office = (await work.directory()).with_roles(Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)
    notice = TeamBrief(team_id, who.id, told.open_cases, told.new, told.due_today, told.late, told.unanswered, words)
    others = [one for one in office if one.id != who.id]
    for one in others:
        await work.outbox.to_staff(one.id, OutgoingMessage(notice))
    await record(work, Audited.BRIEFED, by=who.id, subject=team_id)
    return len(others)


def _how_many(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(Case.id).filter(*conditions)
