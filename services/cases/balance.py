"""How much each of those at a desk has to do, and a proposal of who gets which case so that it is more even.

Nobody is given what they may not see. What its owner has begun to work on stays theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case as choose
from sqlalchemy import func, select, true

from models.complaints import Case, CaseShutOut
from models.desk import OFFICE_DESK, Desk
from models.staff import OFFICE_ROLES, Role
from models.states import CaseState, NotEntitled
from models.urgency import Urgency
from services.access.member import Member
from services.cases.case_log import cases_to_change
from services.cases.claim import give_all
from services.cases.queues import QUEUE_ORDER, not_hidden_from
from services.directory import Directory, Person
from services.unit_of_work import UnitOfWork

MOST_MOVES = 20  # in one proposal
_WEIGHTS = {Urgency.NORMAL: 1, Urgency.DANGER: 2, Urgency.CRISIS: 3}
_LATE_WEIGHT = 1  # of a late case, beside that of its urgency
_LOOKED_AT = 1000  # cases of a desk, the most urgent first
_NOT_BEGUN = frozenset({CaseState.ASSIGNED, CaseState.PENDING_ASSIGN})


@dataclass(frozen=True)
class Load:
    """What somebody has to do at a desk: how many open cases, how many of them late, and what all of them weigh."""

    person: Person
    open_cases: int = 0
    late: int = 0
    weight: int = 0


@dataclass(frozen=True)
class DeskLoad:
    """What the people of a desk have to do, those with least first, and how many open cases are nobody's."""

    desk: Desk
    loads: Sequence[Load]
    unowned: int


@dataclass(frozen=True)
class Move:
    """That a case is to be somebody's; `before` has it now, or nobody."""

    case_id: str
    before: str | None
    to: str


@dataclass(frozen=True)
class Balancing:
    """Who gets which case, and what everybody would have to do then."""

    desk: Desk
    moves: Sequence[Move]
    weights: Mapping[str, int]  # by staff id


class Overtaken(Exception):
    """A case that was to be given has gone on meanwhile."""


def desks_balanced_by(who: Member) -> list[Desk]:
    """Return the desks whose cases somebody may spread: of the teams they lead, and for the director the office's."""
    office = [OFFICE_DESK] if who.has(Role.OFFICE_DIRECTOR) else []
    return [*map(Desk.team, who.teams(Role.TEAM_LEADER)), *office]


async def loads_at_desks(work: UnitOfWork, who: Member) -> list[DeskLoad]:
    """Return what is to be done at each desk that somebody leads, but for what is hidden from them; one statement."""
    known, desks = await work.directory(), desks_balanced_by(who)
    weight = choose(*((Case.urgency == urgency, heft) for urgency, heft in _WEIGHTS.items()), else_=1)
    late = choose((Case.due_at <= work.now, 1), else_=0)
    query = (
        select(Case.desk, Case.owner_id, func.count(), func.sum(late), func.sum(weight + late * _LATE_WEIGHT))
        .where(Case.desk.in_(desks), Case.is_open == true(), *not_hidden_from(who))
        .group_by(Case.desk, Case.owner_id)
    )
    found = {(desk, owner): numbers for desk, owner, *numbers in await work.session.execute(query)}
    return [
        DeskLoad(
            desk,
            sorted(
                (Load(one, *found.get((desk, one.id), ())) for one in _people_at(known, desk)),
                key=lambda load: (load.weight, load.person.id),
            ),
            unowned=found.get((desk, None), [0])[0],
        )
        for desk in desks
    ]


async def propose(work: UnitOfWork, who: Member, desk: Desk) -> Balancing:
    """Return who might get which case of a desk, so that each is somebody's and nobody has much more than others.

    Raises NotEntitled.
    """
    if desk not in desks_balanced_by(who):
        raise NotEntitled
    cases = await _open_cases(work, who, desk)
    named = await _named_in(work, desk)
    return _balanced(desk, cases, _takers(await work.directory(), desk), named, work.now)


async def balance(work: UnitOfWork, who: Member, proposed: Balancing) -> None:
    """Give the cases as proposed; who had one and who has it now are told.

    Raises Impossible, NotEntitled or Overtaken.
    """
    cases = await cases_to_change(work, [move.case_id for move in proposed.moves])
    owners = {case.id: case.owner_id for case in cases if case.desk == proposed.desk}
    if any(owners.get(move.case_id, move.to) != move.before for move in proposed.moves):
        raise Overtaken
    await give_all(work, who, [(move.case_id, move.to) for move in proposed.moves])


def _balanced(
    desk: Desk, cases: Sequence[Case], takers: Sequence[Person], named: Mapping[str, set[str]], now: datetime
) -> Balancing:
    weights = {one.id: 0 for one in takers}
    for case in cases:
        if case.owner_id in weights:
            weights[case.owner_id] += _weight(case, now)
    moves: list[Move] = []

    def give(case: Case, before: str | None, to: str) -> None:
        moves.append(Move(case.id, before, to))
        weights[to] += _weight(case, now)
        if before is not None:
            weights[before] -= _weight(case, now)

    def least_loaded(case: Case) -> str | None:
        may = [one.id for one in takers if case.unit_id not in one.shut_out_of and one.id not in named[case.id]]
        return min(may, key=lambda one: (weights[one], one), default=None)

    for case in cases:
        to = least_loaded(case)
        if len(moves) < MOST_MOVES and case.owner_id is None and not case.awaits_response and to is not None:
            give(case, None, to)
    # What comes last in the queue can change hands best: its owner has hardly looked at it.
    for case in reversed(cases):
        before, to = case.owner_id, least_loaded(case)
        if len(moves) == MOST_MOVES or before not in weights or to is None or not _may_change_hands(case):
            continue
        if weights[before] - weights[to] > _weight(case, now):
            give(case, before, to)
    return Balancing(desk, moves, weights)


def _may_change_hands(case: Case) -> bool:
    return case.state in _NOT_BEGUN and case.proposal is None and not case.awaits_response


def _weight(case: Case, now: datetime) -> int:
    return _WEIGHTS[case.urgency] + (_LATE_WEIGHT if case.due_at <= now else 0)


async def _open_cases(work: UnitOfWork, who: Member, desk: Desk) -> list[Case]:
    query = select(Case).where(Case.desk == desk, Case.is_open == true(), *not_hidden_from(who)).order_by(*QUEUE_ORDER)
    return list(await work.session.scalars(query.limit(_LOOKED_AT)))


async def _named_in(work: UnitOfWork, desk: Desk) -> dict[str, set[str]]:
    """Return whom the open cases of a desk name, by case."""
    query = (
        select(CaseShutOut.case_id, CaseShutOut.staff_id)
        .join(Case, Case.id == CaseShutOut.case_id)
        .where(Case.desk == desk, Case.is_open == true())
    )
    found: dict[str, set[str]] = defaultdict(set)
    for case_id, staff_id in await work.session.execute(query):
        found[case_id].add(staff_id)
    return found


def _people_at(known: Directory, desk: Desk) -> list[Person]:
    if desk == OFFICE_DESK:
        return known.with_roles(*OFFICE_ROLES)
    return known.with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=desk.team_id)


def _takers(known: Directory, desk: Desk) -> list[Person]:
    """Return who may be given cases of a desk: its members who are told anything; without any, who leads there.

    Where nobody is told anything, all of them look by themselves.
    """
    people = _people_at(known, desk)
    told = [one for one in people if known.is_enrolled(one.id)] or people
    return [one for one in told if not _leads(one, desk)] or told


def _leads(person: Person, desk: Desk) -> bool:
    return person.has(Role.OFFICE_DIRECTOR) if desk == OFFICE_DESK else desk.team_id in person.teams(Role.TEAM_LEADER)


def moves_by_person(moves: Iterable[Move]) -> dict[str, list[Move]]:
    """Return moves by who gets the cases."""
    found: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        found[move.to].append(move)
    return dict(found)
