"""How the complaints of rounds compare: cases and reports, by category, and how many have their answer.

Nobody outside a team sees a small count. What is shown of a category holds enough cases, and so do those together that
are not shown; as long as a round goes on its counts go up in steps, so that two looks do not tell of one complaint.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from models.complaints import THANKS, Case, CaseComplaint, Complaint
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
    """The numbers of a round: of all, and by category where they are shown. `total` is None where there are too few."""

    round: RoundRecord
    total: Numbers | None
    by_category: Mapping[str, Numbers]
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
    return [as_shown(one, await _counts_of(work, one), least) for one in newest]


def as_shown(of_round: RoundRecord, counts: Mapping[str, Cell], least: int) -> RoundNumbers:
    """Return what is shown of the counts of a round by category: cases, complaints, answered."""
    goes_on = of_round.state not in _IS_OVER
    table: Table | None = first_table({row: cell for row, cell in counts.items() if cell[0]}, enough_counted(least))
    if table is None:
        return RoundNumbers(of_round, None, {}, goes_on)
    step = least if goes_on else 1
    shown = {row: _numbers(cell, step) for row, cell in table.shown.items()}
    return RoundNumbers(of_round, _numbers(table.total, step), shown, goes_on)


def _numbers(cell: Cell, step: int) -> Numbers:
    cases, times, answered = (count // step * step for count in cell)
    return Numbers(cases, times, answered)


async def _counts_of(work: UnitOfWork, of_round: RoundRecord) -> dict[str, Cell]:
    """Return cases, complaints and answered cases by category, of what lies on desks of several."""
    known = await work.directory()
    desks = [OFFICE_DESK, *(Desk.team(one.id) for one in known.teams.values())]
    counted = (
        Case.round_id == of_round.id,
        Case.desk.in_(desks),
        Case.category != THANKS,
        Case.held_until.is_(None),
        or_(Case.state.not_in(_NO_MATTER), Case.is_open.is_(True)),
    )
    cases = (
        select(Case.category, func.count(), how_many(Case.state.in_(_HAVE_AN_ANSWER)))
        .where(*counted)
        .group_by(Case.category)
    )
    times = (
        select(Case.category, func.count(CaseComplaint.complaint_id.distinct()))
        .join(CaseComplaint, CaseComplaint.case_id == Case.id)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(*counted, Complaint.withdrawn_at.is_(None))
        .group_by(Case.category)
    )
    reported = {row[0]: row[1] for row in await work.session.execute(times)}
    return {
        category: (count, reported.get(category, 0), answered)
        for category, count, answered in await work.session.execute(cases)
    }
