"""The lists a member works from, what lies on their desks and what is theirs.

The most urgent comes first, then what is due first, then what came first.
"""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true, tuple_

from models.base import UtcDateTime
from models.clocks import NO_END
from models.complaints import Case, QueueCount
from models.desk import Desk
from models.staff import Role
from models.states import ENDED_ROUNDS
from models.urgency import ByRank, Urgency
from services.access.grants import granted_by_desk
from services.access.member import Member
from services.cases.queue_words import CaseFilter
from services.cursors import Hours, base36
from services.directory import TeamRecord
from services.unit_of_work import UnitOfWork

PAGE_SIZE = 8
COUNTED_PAGES = 50  # of a list that is narrowed
QUEUE_ORDER = (Case.urgency, Case.due_at, Case.received_at, Case.id)
_RANKS = tuple(str(urgency.rank) for urgency in Urgency)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Cursor:
    """The last case of a page, and which page it was. All moments are known to the hour, so hours and number say it."""

    urgency: Urgency
    due_at: datetime
    received_at: datetime
    case_id: str
    page: int = 1

    @classmethod
    def at(cls, case: Case, page: int = 1) -> Self:
        return cls(case.urgency, case.due_at, case.received_at, case.id, page)

    def pack(self) -> str:
        """Return the cursor in a few letters and digits."""
        received = Hours.of(self.received_at)
        left = "" if self.due_at == NO_END else base36((self.due_at - self.received_at) // _HOUR)
        return f"{self.urgency.rank}-{received}-{left}-{self.case_id}-{base36(self.page)}"

    @classmethod
    def unpack(cls, packed: str) -> Self | None:
        """Read a cursor; None when it is not one."""
        try:
            rank, received, left, case_id, page = packed.split("-")
            if rank not in _RANKS:
                return None
            received_at = Hours.read(received).moment
            due_at = received_at + int(left, 36) * _HOUR if left else NO_END
            return cls(Urgency.of_rank(int(rank)), due_at, received_at, case_id, int(page, 36))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class Page:
    """A page of cases: the number of the page, counted from 1, and what leads to the next one, if there is one."""

    cases: list[Case]
    after: Cursor | None
    number: int = 1


@dataclass(frozen=True)
class Length:
    """How many cases a list holds, counted up to COUNTED_PAGES."""

    cases: int

    @property
    def pages(self) -> int:
        """How many pages it fills."""
        return -(-min(self.cases, COUNTED_PAGES * PAGE_SIZE) // PAGE_SIZE)

    @property
    def is_longer(self) -> bool:
        """Whether it goes on beyond what is counted."""
        return self.cases > COUNTED_PAGES * PAGE_SIZE


@dataclass(frozen=True)
class Counts:
    """How many open cases a member may see on their desks."""

    open_cases: int
    hazards: int  # crises among them
    crises: int = 0


@dataclass(frozen=True)
class Backlog:
    """How many open cases lie on a team's desk."""

    team: TeamRecord
    counts: Counts


async def queue(work: UnitOfWork, who: Member, after: Cursor | None = None, narrowed: CaseFilter | None = None) -> Page:
    """Return a page of the open cases on a member's desks.

    Narrowed by words it holds closed ones where these are asked for, and the director's own is of every team's desk.
    """
    wanted = narrowed or CaseFilter()
    # A desk at a time: each walks its own index and stops after a page, however many cases lie there.
    walks = [
        await _walk(work, _cases(work, who, wanted).where(Case.desk == desk), after, wanted)
        for desk in await _desks_in_queue(work, who, narrowed)
    ]
    walks += [
        await _walk(work, _cases(work, who, wanted).where(Case.desk == desk, condition), after, wanted)
        for desk, condition in granted_by_desk(who).items()
        if desk not in who.desks
    ]
    return _page(list(heapq.merge(*walks, key=queue_order)), after)


async def mine(work: UnitOfWork, who: Member, after: Cursor | None = None, narrowed: CaseFilter | None = None) -> Page:
    """Return a page of the open cases a member owns."""
    wanted = narrowed or CaseFilter()
    return _page(await _walk(work, _owned(work, who, wanted), after, wanted), after)


async def length_of_queue(work: UnitOfWork, who: Member, narrowed: CaseFilter | None = None) -> Length:
    """Return how long the list is that `queue` returns a page of: as it is kept, or counted where it is narrowed."""
    desks = await _desks_in_queue(work, who, narrowed)
    if narrowed is None and not who.grants:
        return Length(_sum((await _counts_by_desk(work, who, desks)).values()).open_cases)
    shown = [and_(Case.desk == desk, condition) for desk, condition in granted_by_desk(who).items()]
    return await _length(work, _cases(work, who, narrowed or CaseFilter()).where(or_(Case.desk.in_(desks), *shown)))


async def length_of_mine(work: UnitOfWork, who: Member, narrowed: CaseFilter | None = None) -> Length:
    """Return how long the list is that `mine` returns a page of."""
    return await _length(work, _owned(work, who, narrowed or CaseFilter()))


async def _length(work: UnitOfWork, query: Select[Case]) -> Length:
    found = query.with_only_columns(Case.id).limit(COUNTED_PAGES * PAGE_SIZE + 1).subquery()
    return Length(await work.session.scalar(select(func.count()).select_from(found)) or 0)


async def _desks_in_queue(work: UnitOfWork, who: Member, narrowed: CaseFilter | None) -> list[Desk]:
    overseen = await overseen_desks(work, who) if narrowed is not None else []
    return list(dict.fromkeys([*who.desks, *overseen]))


def _owned(work: UnitOfWork, who: Member, wanted: CaseFilter) -> Select[Case]:
    # What somebody owns is little, what lies on a desk may be much: the coalesce keeps the walk off the desk's index.
    on_own_desks = func.coalesce(Case.desk, "").in_(who.desks)
    return _cases(work, who, wanted).where(Case.owner_id == who.id, on_own_desks)


async def counts_and_backlog(work: UnitOfWork, who: Member) -> tuple[Counts, list[Backlog]]:
    """Return how much lies on a member's desks, and for the director what lies on every team's."""
    teams, overseen = (await work.directory()).teams, await overseen_desks(work, who)
    found = await _counts_by_desk(work, who, list(dict.fromkeys([*who.desks, *overseen])))
    waiting = [(desk, found[desk]) for desk in overseen if desk in found and found[desk].open_cases > 0]
    return _sum(found[desk] for desk in who.desks if desk in found), [
        Backlog(teams[desk.team_id or ""], counted) for desk, counted in waiting
    ]


def _sum(counted: Iterable[Counts]) -> Counts:
    found = list(counted)
    return Counts(
        sum(one.open_cases for one in found), sum(one.hazards for one in found), sum(one.crises for one in found)
    )


async def _counts_by_desk(work: UnitOfWork, who: Member, desks: Collection[Desk]) -> dict[Desk, Counts]:
    """Return how much lies on each of some desks, but for what a member is shut out of."""
    kept = select(QueueCount.desk, func.sum(QueueCount.open_cases), func.sum(QueueCount.hazards)).where(
        QueueCount.desk.in_(desks), QueueCount.unit_id.not_in(who.shut_out_of)
    )
    found = {
        desk: (cases, hazards) for desk, cases, hazards in await work.session.execute(kept.group_by(QueueCount.desk))
    }
    about_them = [
        case
        for case in await work.session.scalars(
            select(Case).where(
                Case.id.in_(who.shut_out_of_cases),
                Case.is_open == true(),
                Case.held_until.is_(None),
                Case.desk.in_(desks),
            )
        )
        if case.unit_id not in who.shut_out_of
    ]
    for case in about_them:
        cases, hazards = found.get(case.desk, (0, 0))
        found[case.desk] = (cases - 1, hazards - case.hazard)
    crises = await _crises(work, who, [desk for desk, (_, hazards) in found.items() if hazards])
    return {desk: Counts(*found[desk], crises.get(desk, 0)) for desk in desks if desk in found}


async def _crises(work: UnitOfWork, who: Member, desks: Collection[Desk]) -> dict[Desk, int]:
    """Return how many of the open cases on some desks are crises; they are few, and first in the queue's index."""
    if not desks:
        return {}
    seen = _cases(work, who, CaseFilter()).where(Case.desk.in_(desks), Case.urgency == Urgency.CRISIS)
    counted = seen.with_only_columns(Case.desk, func.count()).group_by(Case.desk)
    return dict((await work.session.execute(counted)).all())


async def overseen_desks(work: UnitOfWork, who: Member) -> list[Desk]:
    """Return the desks whose cases the director knows of: every team's."""
    if not who.has(Role.OFFICE_DIRECTOR):
        return []
    known = await work.directory()
    return [
        Desk.team(team.id) for team in known.teams.values() if known.rounds[team.round_id].state not in ENDED_ROUNDS
    ]


def _cases(work: UnitOfWork, who: Member, wanted: CaseFilter) -> Select[Case]:
    return select(Case).where(*wanted.conditions(who.id, work.now), *not_hidden_from(who))


def not_hidden_from(who: Member) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a case that is held no longer, and that a member is not shut out of."""
    return (
        is_not_held(),
        or_(Case.unit_id.is_(None), Case.unit_id.not_in(who.shut_out_of)),
        Case.id.not_in(who.shut_out_of_cases),
    )


def is_not_held() -> ColumnElement[bool]:
    """Return the condition that a case is held no longer."""
    # Of nearly all cases it is true: the coalesce keeps what counts a desk's off the index of those that are held.
    never = literal(NO_END, UtcDateTime)
    return func.coalesce(Case.held_until, never) == never


def how_many(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many of the cases that a statement walks meet all conditions."""
    return func.count(Case.id).filter(*conditions)


async def _walk(work: UnitOfWork, query: Select[Case], after: Cursor | None, wanted: CaseFilter) -> list[Case]:
    if after is not None:
        hours = (literal(moment, UtcDateTime) for moment in (after.due_at, after.received_at))
        last = (literal(after.urgency, ByRank), *hours, literal(after.case_id))
        query = query.where(tuple_(*QUEUE_ORDER) > tuple_(*last))
    if wanted.asks_for_late:
        return await first_by_urgency(work, query, PAGE_SIZE + 1)
    return list(await work.session.scalars(query.order_by(*QUEUE_ORDER).limit(PAGE_SIZE + 1)))


async def first_by_urgency(work: UnitOfWork, query: Select[Case], limit: int) -> list[Case]:
    """Return the first of the late cases that a query finds, in the order of a list.

    They stand at the beginning of each urgency: so each is walked alone, and no further.
    """
    found: list[Case] = []
    for urgency in Urgency:
        part = query.where(Case.urgency == urgency).order_by(*QUEUE_ORDER)
        found += await work.session.scalars(part.limit(limit - len(found)))
        if len(found) >= limit:
            break
    return found


def _page(cases: list[Case], after: Cursor | None) -> Page:
    shown, number = cases[:PAGE_SIZE], 1 if after is None else after.page + 1
    return Page(shown, Cursor.at(shown[-1], number) if len(cases) > PAGE_SIZE else None, number)


def queue_order(case: Case) -> tuple[int, datetime, datetime, str]:
    """Return what a case's place in a list is decided by."""
    return case.urgency.rank, case.due_at, case.received_at, case.id
