"""What must be true at the end, asked of the tables in plain SQL, and of the product's own numbers."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import UtcDateTime
from models.complaints import THANKS
from models.staff import Role
from models.states import CaseState
from models.working_days import WorkingCalendar
from services.access.member import Member, member
from services.cases.digest import Standing, digest_since, standing_of
from services.cases.late import COUNTED, desks_led_by, late_teams
from services.cases.queues import counts_and_backlog
from services.cases.unanswered import unanswered
from services.unit_of_work import UnitOfWork

# Each counts what must not be there.
_MUST_BE_NONE = {
    "complaints without a case": """
        SELECT count(*) FROM complaints
        WHERE NOT EXISTS (SELECT 1 FROM case_complaints WHERE complaint_id = complaints.id)""",
    "open cases without an owner whose clock has ended": """
        SELECT count(*) FROM cases WHERE is_open = :yes AND owner_id IS NULL AND due_at < :now""",
    "cases that are open still": "SELECT count(*) FROM cases WHERE is_open = :yes",
    "open cases at a team that has left": """
        SELECT count(*) FROM cases JOIN rounds ON rounds.id = cases.round_id
        WHERE is_open = :yes AND desk LIKE 'team%' AND rounds.state = 'reporting'""",
    "open cases without a clock": """
        SELECT count(*) FROM cases WHERE is_open = :yes
        AND NOT EXISTS (SELECT 1 FROM case_clocks WHERE case_id = cases.id)""",
    "cases that have ended without a word to a reporter": """
        SELECT count(*) FROM cases
        JOIN case_complaints ON case_complaints.case_id = cases.id
        JOIN complaints ON complaints.id = case_complaints.complaint_id
        WHERE is_open = :no AND cases.is_erased = :no AND state <> 'withdrawn' AND withdrawn_at IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM complaint_messages WHERE complaint_id = complaints.id AND author = 'team'
        )""",
    "reporters who were told twice that the team has left": """
        SELECT count(*) FROM (
            SELECT case_complaints.complaint_id FROM case_complaints
            JOIN case_events ON case_events.case_id = case_complaints.case_id
            WHERE event = 'team_left' GROUP BY case_complaints.complaint_id, case_events.case_id HAVING count(*) > 1
        ) AS twice""",
    "messages that could not be sent": "SELECT count(*) FROM outbox WHERE state = 'dead'",
    "updates that failed": "SELECT count(*) FROM failed_updates",
}


async def faults(work: UnitOfWork, submitted: int) -> AsyncIterator[str]:
    """Yield a sentence for each number that is not as it must be."""
    values = {"yes": True, "no": False, "now": work.now}
    for what, query in _MUST_BE_NONE.items():
        own = {name: value for name, value in values.items() if f":{name}" in query}
        count = (await work.session.execute(_at_moment(query), own)).scalar_one()
        if count:
            yield f"{count} {what}"
    stored = (await work.session.execute(text("SELECT count(*) FROM complaints"))).scalar_one()
    if stored != submitted:
        yield f"{submitted} receipts were shown, and {stored} complaints are stored"
    if silent := await unanswered(work):
        yield f"the product counts {len(silent)} cases that have ended without a word"
    async for fault in numbers_that_differ(work):
        yield fault


async def numbers_that_differ(work: UnitOfWork) -> AsyncIterator[str]:
    """Compare what the product says to those who lead with the rows."""
    known = await work.directory()
    for person in known.with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF):
        who = await member(work.session, person.id)
        counts, _ = await counts_and_backlog(work, who)
        cases = [one for desk in who.desks for one in await _open_at(work.session, str(desk), who.shut_out_of, who.id)]
        if counts.open_cases != len(cases):
            yield f"{person.name} is told of {counts.open_cases} open cases, and there are {len(cases)}"
        since = await digest_since(work)
        standing, there = await standing_of(work, who, since), _standing(work, who, cases, since)
        if standing != there:
            yield f"the digest of {person.name} says {standing}, and there are {there}"
    [director, *_] = known.with_roles(Role.OFFICE_DIRECTOR)
    told = {one.team_id: one.count for one in await late_teams(work, await member(work.session, director.id))}
    told_then = WorkingCalendar.of(known.settings, work.zone).last_opening_before(work.now)
    for team_id in known.teams:
        late = await _late_at(work.session, team_id, told_then)
        if told.get(team_id, 0) != min(late, COUNTED):
            yield f"the director is told of {told.get(team_id, 0)} late cases at {team_id}, and there are {late}"


@dataclass(frozen=True)
class _OpenCase:
    desk: str
    owner_id: str | None
    state: str
    category: str
    received_at: datetime
    due_at: datetime | None


async def _open_at(session: AsyncSession, desk: str, shut_out_of: frozenset[str], staff_id: str) -> list[_OpenCase]:
    query = text(
        "SELECT unit_id, desk, owner_id, state, category, received_at, due_at FROM cases "
        "WHERE is_open = :yes AND held_until IS NULL AND desk = :desk AND NOT EXISTS "
        "(SELECT 1 FROM case_shut_outs WHERE case_id = cases.id AND staff_id = :staff)"
    ).columns(received_at=UtcDateTime(), due_at=UtcDateTime())
    rows = await session.execute(query, {"yes": True, "desk": desk, "staff": staff_id})
    return [_OpenCase(*values) for unit_id, *values in rows if unit_id not in shut_out_of]


def _standing(work: UnitOfWork, who: Member, cases: Sequence[_OpenCase], since: date) -> Standing:
    """Count what a digest tells, one case after another."""

    def day(moment: datetime) -> date:
        return moment.astimezone(work.zone).date()

    led = set(map(str, desks_led_by(who)))
    theirs = [one for one in cases if one.desk in led or one.owner_id == who.id]
    due = [one.due_at for one in theirs if one.due_at is not None]
    midnight_after = datetime.combine(work.today + timedelta(days=1), time(), work.zone)
    return Standing(
        new=sum(since <= day(one.received_at) < work.today for one in cases),
        due_today=sum(work.now < moment <= midnight_after for moment in due),
        late=sum(moment <= work.now for moment in due),
        unanswered=sum(one.state != CaseState.ANSWERED and one.category != THANKS for one in theirs),
    )


async def _late_at(session: AsyncSession, team_id: str, now: datetime) -> int:
    query = "SELECT count(*) FROM cases WHERE is_open = :yes AND desk = :desk AND due_at <= :now"
    found = await session.execute(_at_moment(query), {"yes": True, "desk": f"team:{team_id}", "now": now})
    return int(found.scalar_one())


def _at_moment(query: str) -> TextClause:
    """Return a query in which a moment, if there is one, is given as the tables hold it."""
    return text(query).bindparams(bindparam("now", type_=UtcDateTime())) if ":now" in query else text(query)
