"""Once a week each level is told how rectification stands that is theirs: 周调度."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select

from models.database import insert_or_ignore
from models.evaluation import WeeklyDigestRound
from models.settings import WeeklyDigestSettings
from models.staff import DEPARTMENT_ROLES, LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.states import NotEntitled
from models.working_days import WorkingCalendar, monday_of
from services.access.member import Member
from services.directory import Person
from services.evaluation.entitled import counted_in_copies_for
from services.evaluation.notices import WeeklyDigest
from services.evaluation.rates import (
    BY_ROUND,
    BY_UNIT,
    Rate,
    Situation,
    in_running_rounds,
    laggards,
    rates_by,
    situation_of,
)
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import More, UnitOfWork

PORTION = 200  # people a transaction
LISTED = 10  # units or rounds in one digest
_TOLD = (
    *(*OFFICE_ROLES, *LEADING_GROUP_ROLES, Role.COUNTY_LEADER, Role.TEAM_LEADER),
    *(Role.UNIT_HEAD, Role.LIAISON, *DEPARTMENT_ROLES),
)
_NOBODY = ""  # an id before all others


class Level(StrEnum):
    """At which level somebody is told; who is at several hears at the first of them."""

    LEADING_GROUP = "leading_group"
    OFFICE = "office"
    COUNTY_LEADER = "county_leader"
    TEAM = "team"  # the leader
    UNIT = "unit"
    DEPARTMENT = "department"  # of what is copied to it


@dataclass(frozen=True)
class Week:
    """How rectification stands, as somebody is told at their level: all together, and divided by rounds or units."""

    level: Level
    situation: Situation
    by: str  # what the rates are divided by: round or unit
    rates: Sequence[Rate]
    behind: Sequence[Rate]  # all units below the line
    good_rate: float  # the line: of the only round there is, else the county's


def level_of(who: Person) -> Level | None:
    """Return at which level somebody is told; None where at none."""
    if who.has(*LEADING_GROUP_ROLES):
        return Level.LEADING_GROUP
    if who.is_office:
        return Level.OFFICE
    if who.has(Role.COUNTY_LEADER):
        return Level.COUNTY_LEADER
    if who.has(Role.TEAM_LEADER):
        return Level.TEAM
    if who.has(Role.UNIT_HEAD, Role.LIAISON):
        return Level.UNIT
    return Level.DEPARTMENT if who.has(*DEPARTMENT_ROLES) else None


async def week_of(work: UnitOfWork, who: Member) -> Week:
    """Return what somebody is told of the week, as it is now: of rounds of which something is open.

    Raises NotEntitled for whoever is at no level.
    """
    level = level_of(who)
    if level is None:
        raise NotEntitled
    of = in_running_rounds(who)
    counted = counted_in_copies_for(who) if level is Level.DEPARTMENT else None
    by_round = await rates_by(work, who, BY_ROUND, of, counted=counted)
    good_rate = (await work.directory()).good_rate_of([one.key for one in by_round])
    situation = await situation_of(work, who, of, counted=counted)
    by_unit = await rates_by(work, who, BY_UNIT, of, counted=counted)
    behind = laggards(by_unit, good_rate)
    if level in (Level.LEADING_GROUP, Level.OFFICE):
        return Week(level, situation, "round", by_round[-LISTED:], behind, good_rate)
    others = [one for one in by_unit if one not in behind]
    return Week(level, situation, "unit", [*behind, *others][:LISTED], behind, good_rate)


def due_at(monday: date, settings: WeeklyDigestSettings, calendar: WorkingCalendar) -> datetime | None:
    """Return when the digest of a week is due: on its first working day; None when nobody is told, or there is none."""
    if settings.time is None:
        return None
    first = calendar.first_of_week(monday)
    return None if first is None else datetime.combine(first, settings.time, calendar.zone)


async def send_weekly_digests(work: UnitOfWork) -> More | None:
    """Queue the digest of this week for everybody who is at some level, a portion in each transaction.

    It is sent in working hours alone. After a time without the clock it comes late, once, and only this week's. When
    the clock begins in the middle of a week, the first digest is the next week's.
    """
    settings = await work.settings()
    calendar = await work.calendar()
    monday = monday_of(work.today)
    due, local = due_at(monday, settings.weekly, calendar), work.now.astimezone(work.zone)
    if due is None or work.now < due or not calendar.is_working_day(work.today):
        return None
    if local.time() < due.timetz().replace(tzinfo=None) or local.hour >= settings.working_hours.end_hour:
        return None
    is_first_of_all = await work.session.scalar(select(func.max(WeeklyDigestRound.week))) is None
    begun = None if is_first_of_all and work.today != calendar.day_of(due) else _NOBODY
    await insert_or_ignore(work.session, WeeklyDigestRound, week=monday, told_to=begun)
    query = select(WeeklyDigestRound).where(WeeklyDigestRound.week == monday).with_for_update()
    so_far = (await work.session.scalars(query.execution_options(populate_existing=True))).one()
    if so_far.told_to is None:
        return None
    known = await work.directory()
    rest = [one for one in known.with_roles(*_TOLD) if known.is_enrolled(one.id) and one.id > so_far.told_to]
    for person in rest[:PORTION]:
        await work.outbox.to_staff(
            person.id,
            OutgoingMessage(WeeklyDigest()),
            priority=Priority.REMINDER,
            dedupe_key=f"weekly:{monday}:{person.id}",
        )
    so_far.told_to = rest[PORTION - 1].id if len(rest) > PORTION else None
    await work.session.flush()
    return More.TO_DO if so_far.told_to is not None else None
