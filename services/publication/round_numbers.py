"""How the complaints of rounds compare: cases and reports, by category and by how they came, and how many are answered.

Nobody outside a team sees a small count. What is shown of a category or a door holds enough cases, and so do those
together that are not shown; as long as a round goes on its counts go up in steps, so that two looks do not tell of one
complaint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.complaints import SENT_THEMSELVES, THANKS, Case, CaseComplaint, Complaint
from models.desk import OFFICE_DESK, Desk
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.states import CaseState, NotEntitled, RoundState
from services.access.member import Member
from services.cases.queues import how_many
from services.directory import RoundRecord
from services.publication.suppression import Cell, Table, enough_counted, first_table
from services.unit_of_work import UnitOfWork

MOST_ROUNDS = 4  # the newest
_SEEN_BY = (*OFFICE_ROLES, *LEADING_GROUP_ROLES, Role.TEAM_LEADER)
_IS_OVER = frozenset({RoundState.ARCHIVED, RoundState.CANCELLED})
_NO_MATTER = (CaseState.INVALID, CaseState.WITHDRAWN, CaseState.MERGED)
_HAVE_AN_ANSWER = (CaseState.ANSWERED, CaseState.CLOSED)


@dataclass(frozen=True)
class Numbers:
    """How many cases there are, by how many complaints (件、次), and how many of the cases have their answer."""

    cases: int
    times: int
    answered: int


@dataclass(frozen=True)
class RoundNumbers:
    """The numbers of a round: of all, and by category and by door where they are shown.

    `total` is None where there are too few. What somebody sent by themselves came by the door SENT_THEMSELVES.
    """

    round: RoundRecord
    total: Numbers | None
    by_category: Mapping[str, Numbers]
    by_door: Mapping[str, Numbers]
    goes_on: bool  # its counts are told in steps


def compares_rounds(who: Member) -> bool:
    """Whether somebody is shown how rounds compare: the office, the leading group, who leads a team."""
    return who.has(*_SEEN_BY)


async def numbers_of_rounds(work: UnitOfWork, who: Member) -> list[RoundNumbers]:
    """Return the numbers of the newest rounds, the newest first. Raises NotEntitled."""
    if not compares_rounds(who):
        raise NotEntitled
    known = await work.directory()
    begun = [one for one in known.rounds.values() if one.state is not RoundState.PREPARING]
    newest = sorted(begun, key=lambda one: (one.stay_from, one.id), reverse=True)[:MOST_ROUNDS]
    least = known.settings.privacy.public_min_count
    return [
        as_shown(one, await _counts_of(work, one, Case.category), await _counts_of(work, one, Case.door), least)
        for one in newest
    ]


def as_shown(
    of_round: RoundRecord, by_category: Mapping[str, Cell], by_door: Mapping[str, Cell], least: int
) -> RoundNumbers:
    """Return what is shown of the counts of a round by category and by door: cases, complaints, answered.

    Of a round that goes on, they are told in steps.
    """
    goes_on = of_round.state not in _IS_OVER
    step = least if goes_on else 1
    categories, doors = _table(by_category, least), _table(by_door, least)
    if categories is None or doors is None:  # both are of the same cases
        return RoundNumbers(of_round, None, {}, {}, goes_on)
    shown, came_by = [{row: _numbers(cell, step) for row, cell in table.shown.items()} for table in (categories, doors)]
    return RoundNumbers(of_round, _numbers(categories.total, step), shown, came_by, goes_on)


def _table(counts: Mapping[str, Cell], least: int) -> Table | None:
    return first_table({row: cell for row, cell in counts.items() if cell[0]}, enough_counted(least))


def _numbers(cell: Cell, step: int) -> Numbers:
    cases, times, answered = (count // step * step for count in cell)
    return Numbers(cases, times, answered)


async def _counts_of(work: UnitOfWork, of_round: RoundRecord, by: InstrumentedAttribute[Any]) -> dict[str, Cell]:
    """Return cases, complaints and answered cases by a column, of what lies on desks of several."""
    known = await work.directory()
    desks = [OFFICE_DESK, *(Desk.team(one.id) for one in known.teams.values())]
    counted = (
        Case.round_id == of_round.id,
        Case.desk.in_(desks),
        Case.category != THANKS,
        Case.held_until.is_(None),
        or_(Case.state.not_in(_NO_MATTER), Case.is_open.is_(True)),
    )
    cases = select(by, func.count(), how_many(Case.state.in_(_HAVE_AN_ANSWER))).where(*counted).group_by(by)
    times = (
        select(by, func.count(CaseComplaint.complaint_id.distinct()))
        .join(CaseComplaint, CaseComplaint.case_id == Case.id)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(*counted, Complaint.withdrawn_at.is_(None))
        .group_by(by)
    )
    reported = {row[0]: row[1] for row in await work.session.execute(times)}
    return {
        row or SENT_THEMSELVES: (count, reported.get(row, 0), answered)
        for row, count, answered in await work.session.execute(cases)
    }
