"""Who of a team is on call (值班): its leader, or the director, says so for some days.

Whoever is on call is called of what is urgent together with the leaders (services.cases.crisis_calls), as far as they
may read it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from models.audit import Audited
from models.on_call import OnCallPeriod
from models.rounds import Team
from models.staff import TEAM_ROLES, Role
from models.states import Impossible, NotEntitled
from services.access.member import Member, teams_led_by
from services.audit.log import record
from services.cases.notices import PutOnCall, TakenOffCall
from services.directory import Directory, Person, TeamRecord
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

LONGEST_AHEAD = 92  # days that somebody is put on call before
MOST_PERIODS = 30  # of one team that are not over


@dataclass(frozen=True)
class Roster:
    """Who is on call for a team, now and later; `may_change`: for whoever looks at it."""

    team: TeamRecord
    periods: list[OnCallPeriod]
    may_change: bool


def may_read_rosters(who: Member) -> bool:
    """Whether somebody sees who is on call: for their own teams, the director for all."""
    return who.has(*TEAM_ROLES, Role.OFFICE_DIRECTOR)


async def rosters_of(work: UnitOfWork, who: Member) -> list[Roster]:
    """Return who is on call for the teams that somebody is on; the director sees those of all teams."""
    known = await work.directory()
    led = teams_led_by(known, who)
    own = [known.teams[one] for one in sorted(set(who.teams(*TEAM_ROLES))) if one in known.teams]
    teams = [*led, *(team for team in own if team not in led)]
    periods = await _periods(work, [team.id for team in teams])
    return [Roster(team, [one for one in periods if one.team_id == team.id], team in led) for team in teams]


async def roster_of(work: UnitOfWork, who: Member, team_id: str) -> Roster:
    """Return who is on call for a team, to whoever may see it. Raises NotEntitled."""
    found = next((one for one in await rosters_of(work, who) if one.team.id == team_id), None)
    if found is None:
        raise NotEntitled
    return found


def people_of(known: Directory, team_id: str) -> list[Person]:
    """Return who can be put on call for a team."""
    return known.with_roles(*TEAM_ROLES, team_id=team_id)


async def on_call_now(work: UnitOfWork, team_id: str | None) -> list[str]:
    """Return the ids of who is on call for a team today."""
    if team_id is None:
        return []
    today = [one for one in await _periods(work, [team_id]) if one.first_on <= work.today]
    return list(dict.fromkeys(one.staff_id for one in today))


async def put_on_call(
    work: UnitOfWork, who: Member, team_id: str, staff_id: str, first_on: date, last_on: date
) -> OnCallPeriod:
    """Put somebody on call from a day to a day, and tell them. Raises NotEntitled, or Impossible when it cannot be."""
    known = await work.directory()
    await roster_to_change(work, who, team_id)
    if staff_id not in {one.id for one in people_of(known, team_id)}:
        raise Impossible("put_on_call", "gone")
    if not work.today <= first_on <= last_on <= work.today + timedelta(days=LONGEST_AHEAD):
        raise Impossible("put_on_call", "day")
    theirs = await _periods(work, [team_id])
    if len(theirs) >= MOST_PERIODS:
        raise Impossible("put_on_call", "full")
    if any(one.staff_id == staff_id and one.first_on <= last_on and first_on <= one.last_on for one in theirs):
        raise Impossible("put_on_call", "twice")
    period = OnCallPeriod(team_id=team_id, staff_id=staff_id, first_on=first_on, last_on=last_on)
    work.session.add(period)
    await work.session.flush()
    if staff_id != who.id:
        await work.outbox.to_staff(staff_id, OutgoingMessage(PutOnCall(period.id)))
    await record(work, Audited.PUT_ON_CALL, by=who.id, subject=staff_id, team=team_id)
    return period


async def period_to_end(work: UnitOfWork, who: Member, period_id: str) -> OnCallPeriod:
    """Return a period that somebody may take out of a roster. Raises Impossible once it is gone, or NotEntitled."""
    period = await work.session.get(OnCallPeriod, period_id)
    if period is None:
        if not may_read_rosters(who):
            raise NotEntitled
        raise Impossible("take_off_call", "gone")
    await roster_to_change(work, who, period.team_id)
    return period


async def take_off_call(work: UnitOfWork, who: Member, period_id: str) -> str:
    """Take a period out of a roster, tell whoever was on call, and return whose team it is.

    Raises as `period_to_end` does.
    """
    period = await period_to_end(work, who, period_id)
    taken = delete(OnCallPeriod).where(OnCallPeriod.id == period_id).returning(OnCallPeriod.id)
    if await work.session.scalar(taken) is None:
        raise Impossible("take_off_call", "gone")
    if period.staff_id != who.id:
        days = period.first_on.isoformat(), period.last_on.isoformat()
        await work.outbox.to_staff(period.staff_id, OutgoingMessage(TakenOffCall(period.team_id, *days)))
    await record(work, Audited.TAKEN_OFF_CALL, by=who.id, subject=period.staff_id, team=period.team_id)
    return period.team_id


async def roster_to_change(work: UnitOfWork, who: Member, team_id: str) -> None:
    """Lock the roster of a team that somebody may change. Raises NotEntitled."""
    if team_id not in {team.id for team in teams_led_by(await work.directory(), who)}:
        raise NotEntitled
    await work.session.execute(select(Team.id).where(Team.id == team_id).with_for_update())


async def forget_past_periods(work: UnitOfWork) -> None:
    """Delete what is over of all rosters."""
    await work.session.execute(delete(OnCallPeriod).where(OnCallPeriod.last_on < work.today))


async def forget_on_call(work: UnitOfWork, staff_id: str, team_ids: Collection[str]) -> None:
    """Take somebody out of the rosters of teams that they leave."""
    of_theirs = (OnCallPeriod.staff_id == staff_id, OnCallPeriod.team_id.in_(team_ids))
    await work.session.execute(delete(OnCallPeriod).where(*of_theirs))


async def _periods(work: UnitOfWork, team_ids: Collection[str]) -> list[OnCallPeriod]:
    """Return what is not over of the rosters of some teams, what begins first before."""
    if not team_ids:
        return []
    query = select(OnCallPeriod).where(OnCallPeriod.team_id.in_(team_ids), OnCallPeriod.last_on >= work.today)
    return list(await work.session.scalars(query.order_by(OnCallPeriod.first_on, OnCallPeriod.staff_id)))
