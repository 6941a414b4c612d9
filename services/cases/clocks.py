"""The clocks of a case follow its state: whatever happens to the case starts, stops and moves them.

How each of them runs is said in models.clocks. They change in services.cases.case_log alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.base import coarse
from models.clocks import CLOCKS, NO_END, WATCHED, Clock, ClockRule, Haste, warned_at
from models.complaints import Case, CaseClock
from models.database import insert_later
from models.settings import ComplaintSettings
from models.working_days import WorkingCalendar
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Terms:
    """What the clocks of a case run by, at one moment."""

    settings: ComplaintSettings
    calendar: WorkingCalendar
    now: datetime  # the hour

    def stood(self, since: datetime) -> timedelta:
        """Return by how much a clock that stood still moves on: by whole days of the calendar."""
        return self.calendar.day_of(self.now) - self.calendar.day_of(since)

    def last_day(self, one: CaseClock) -> date:
        """Return the last day of a clock; of one that stands still, as if it went on now."""
        moved = self.stood(one.stands_since) if one.stands_since is not None else timedelta()
        return self.calendar.day_of(one.ends_at + moved - timedelta(hours=1))

    def end_is_told_at(self, case: Case, ends_at: datetime) -> datetime:
        """Return when somebody is told that a clock has ended: in working hours, unless people are in danger."""
        return ends_at if case.hazard else self.calendar.next_working_moment(ends_at)


async def terms_of(work: UnitOfWork, case: Case) -> Terms:
    """Return what the clocks of a case run by now."""
    known = await work.directory()
    return Terms(known.complaint_settings_of(case.round_id), await work.calendar(), coarse(work.now))


async def clocks_of(work: UnitOfWork, case: Case) -> dict[Clock, CaseClock]:
    """Return the clocks of a case that run, or stand still."""
    query = select(CaseClock).where(CaseClock.case_id == case.id)
    # No flush before it: whoever changes clocks has flushed them, and the case is written with what they say of it.
    found = await work.session.scalars(query.execution_options(autoflush=False))
    return {one.clock: one for one in found}


async def first_clocks(work: UnitOfWork, case: Case) -> list[CaseClock]:
    """Return the clocks of a case that is about to be entered, and note in it when it is due."""
    terms = await terms_of(work, case)
    clocks = [_begin(case, clock, rule, terms) for clock, rule in CLOCKS.items() if _runs(case, rule)]
    _note_due(case, clocks)
    return clocks


def enter_clocks(work: UnitOfWork, case: Case, clocks: Iterable[CaseClock]) -> None:
    """Enter the clocks of a new case, which has its number by now."""
    for one in clocks:
        insert_later(
            work.session,
            CaseClock,
            case_id=case.id,
            clock=one.clock,
            began_at=one.began_at,
            ends_at=one.ends_at,
            next_at=one.next_at,
        )


async def extend_handling(work: UnitOfWork, case: Case) -> int:
    """Give a case more time until it is answered; return how many days."""
    terms, running = await terms_of(work, case), await clocks_of(work, case)
    one, days = running[Clock.HANDLING], terms.settings.extension_days
    case.is_extended = True
    _let_run(case, one, CLOCKS[Clock.HANDLING], terms, one.ends_at + timedelta(days=days))
    _note_due(case, running.values())
    return days


async def forget_clocks(work: UnitOfWork, case: Case) -> None:
    """End the clocks of a case, so that those of its state begin anew when they are kept next."""
    for one in (await clocks_of(work, case)).values():
        await work.session.delete(one)
    await work.session.flush()


async def keep_earliest(work: UnitOfWork, case: Case, ends: Mapping[Clock, datetime]) -> None:
    """Let no clock of a case end later than those of another that was joined with it."""
    terms, running = await terms_of(work, case), await clocks_of(work, case)
    for clock, one in running.items():
        ends_at = min(one.ends_at, ends.get(clock, one.ends_at))
        if one.stands_since is not None:
            one.ends_at = ends_at
        else:
            _let_run(case, one, CLOCKS[clock], terms, ends_at)
    _note_due(case, running.values())
    await work.session.flush()


async def keep_clocks(work: UnitOfWork, case: Case, *, hasten: bool = False) -> None:
    """Let the clocks of a case be those of its state. `hasten`: it is more urgent now, and they end as if begun now."""
    terms, running = await terms_of(work, case), await clocks_of(work, case)
    for clock, rule in CLOCKS.items():
        one = running.get(clock)
        if one is None and _runs(case, rule):
            running[clock] = _begin(case, clock, rule, terms)
            running[clock].case_id = case.id
            work.session.add(running[clock])
        elif one is not None and _runs(case, rule):
            ends_at = one.ends_at if one.stands_since is None else one.ends_at + terms.stood(one.stands_since)
            if hasten:
                ends_at = min(ends_at, rule.period(terms.settings, _haste(case)).after(terms.now, terms.calendar))
            _let_run(case, one, rule, terms, ends_at)
        elif one is not None and case.state in rule.stands_in:
            one.stands_since, one.next_at = one.stands_since or terms.now, None
        elif one is not None:
            await work.session.delete(running.pop(clock))
    _note_due(case, running.values())
    await work.session.flush()


def _runs(case: Case, rule: ClockRule) -> bool:
    if (rule.only_fast_track and not case.is_fast_track) or (rule.only_named and not case.is_named_report):
        return False
    if (rule.until_claimed and case.owner_id is not None) or (rule.until_signed and case.is_signed_for):
        return False
    return case.state in rule.runs_in


def _haste(case: Case) -> Haste:
    return Haste(is_urgent=case.hazard, is_fast_track=case.is_fast_track)


def _begin(case: Case, clock: Clock, rule: ClockRule, terms: Terms) -> CaseClock:
    # What its reporter has objected to was decided already: it has its time anew.
    began_at = case.received_at if rule.since_receipt and not case.objected else terms.now
    ends_at = rule.period(terms.settings, _haste(case)).after(began_at, terms.calendar)
    one = CaseClock(clock=clock, began_at=began_at, ends_at=ends_at)
    one.next_at = _next(case, one, rule, terms)
    return one


def _let_run(case: Case, one: CaseClock, rule: ClockRule, terms: Terms, ends_at: datetime) -> None:
    """Let a clock run on to an end. What somebody was told of it already stays told, unless the end is another."""
    if one.stands_since is not None or ends_at != one.ends_at:
        has_ended = one.stands_since is not None and one.ends_at <= one.stands_since  # and so it was told already
        one.ends_at, one.stands_since = ends_at, None
        one.next_at = None if has_ended and ends_at <= terms.now else _next(case, one, rule, terms)


def _next(case: Case, one: CaseClock, rule: ClockRule, terms: Terms) -> datetime:
    if rule.goes_on_by_itself:
        return one.ends_at
    if rule.warning is not None:
        warning = rule.warning(terms.settings, _haste(case))
        warned = warned_at(warning, one.began_at, one.ends_at, terms.calendar)
        if warned is not None and warned > terms.now:
            return warned
    return terms.end_is_told_at(case, one.ends_at)


def _note_due(case: Case, clocks: Iterable[CaseClock]) -> None:
    """Note in a case by when somebody must do something about it, and what."""
    watched = [one for one in clocks if one.stands_since is None and one.clock in WATCHED]
    first = min(watched, key=lambda one: (one.ends_at, one.clock), default=None)
    case.due_at, case.due_clock = (first.ends_at, first.clock) if first else (NO_END, None)
