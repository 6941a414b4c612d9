"""How a round is rectified, told in three ways: as it is now, for a meeting, and to the leader alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from models.audit import Audited
from models.complaints import THANKS, Case
from models.evaluation import ReportCard, RoundEvaluation
from models.publication import Grade
from models.rectification import RectificationItem
from models.share import Share
from models.staff import Role
from models.states import CaseState, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.directory import RoundRecord
from services.evaluation.alarms import direct_shares
from services.evaluation.counts import topics_of_units
from services.evaluation.entitled import CONFIRMED, counted_for, knows_of, oversees
from services.evaluation.notices import RoundFileKind
from services.evaluation.outcomes import outcomes_of
from services.evaluation.rates import (
    BY_ASPECT,
    BY_CATEGORY,
    BY_UNIT,
    Rate,
    Situation,
    laggards,
    longest_overdue,
    rates_by,
    situation_of,
)
from services.rectification.unit_actions import Numbers
from services.rounds.entitled import round_known_to
from services.unit_of_work import UnitOfWork

LAGGARDS = 6
ITEMS = 8
_FEWEST = 5  # complaints, whatever a county sets
_NOT_COUNTED = (CaseState.MERGED, CaseState.INVALID, CaseState.WITHDRAWN)
_ANSWERED = (CaseState.ANSWERED, CaseState.CLOSED, CaseState.NOT_ACCEPTED)


class ReportView(StrEnum):
    """To whom a round is reported, and so what stands in it."""

    LIVE = "live"  # as it is now
    MEETING = "meeting"  # for a screen and on paper: no name of a person, and only grades that are confirmed
    ALONE = "alone"  # to the head of the leading group, and nobody else


@dataclass(frozen=True)
class Behind:
    """A unit below the line, as the leader alone is told of it."""

    rate: Rate
    grade: Grade | None
    topics: Mapping[str, int]


@dataclass(frozen=True)
class RoundReport:
    """How a round is rectified."""

    round: RoundRecord
    situation: Situation
    by_aspect: Sequence[Rate]
    by_category: Sequence[Rate]
    by_unit: Sequence[Rate]
    behind: Sequence[Behind]
    overdue: Sequence[RectificationItem]  # the longest
    grades: Mapping[Grade, int]
    direct: Share  # items that went to heads directly
    answered: Share | None  # complaints; None where there are too few to be told
    outcomes: Numbers  # of what is cleared


def may_read(who: Member, view: ReportView) -> bool:
    """Whether a report is for somebody."""
    return who.has(Role.LEADING_GROUP_HEAD) if view is ReportView.ALONE else oversees(who)


async def report_of(work: UnitOfWork, who: Member, round_id: str, view: ReportView) -> RoundReport:
    """Return the report on a round. Raises NotEntitled."""
    known = await work.directory()
    if not may_read(who, view):
        raise NotEntitled
    found = round_known_to(known, who, round_id)
    good_rate, of = known.good_rate_of([round_id]), RectificationItem.round_id == round_id
    by_unit = await rates_by(work, who, BY_UNIT, of)
    grades = await _grades(work, who, round_id, only_confirmed=view is not ReportView.ALONE)
    topics = await topics_of_units(work, round_id) if view is ReportView.ALONE else {}
    return RoundReport(
        found,
        await situation_of(work, who, of),
        await rates_by(work, who, BY_ASPECT, of),
        await rates_by(work, who, BY_CATEGORY, of),
        by_unit,
        [
            Behind(one, grades.get(one.key), topics.get(one.key, {}))
            for one in laggards(by_unit, good_rate, limit=LAGGARDS)
        ],
        await longest_overdue(work, who, of, limit=ITEMS),
        Counter(grades.values()),
        (await direct_shares(work, of, counted_for(who))).get(round_id, Share(0, 0)),
        await _answered(work, round_id),
        (await outcomes_of(work, of, counted_for(who))).numbers,
    )


async def take_file(work: UnitOfWork, who: Member, round_id: str, kind: RoundFileKind) -> None:
    """Write down that somebody takes along how a round is rectified. Raises NotEntitled unless they may."""
    known = await work.directory()
    if kind is not RoundFileKind.ITEMS and not may_read(who, ReportView.MEETING):
        raise NotEntitled
    if kind is RoundFileKind.ITEMS and round_id not in await rounds_with_items(work, who):
        raise NotEntitled
    if round_id not in known.rounds:
        raise NotEntitled
    await record(work, Audited.RECTIFICATION_TAKEN, by=who.id, subject=round_id, kind=kind)


async def rounds_with_items(work: UnitOfWork, who: Member) -> list[str]:
    """Return the rounds that have items which are counted for somebody, the newest first."""
    query = select(RectificationItem.round_id).where(counted_for(who)).distinct()
    found = set(await work.session.scalars(query))
    rounds = sorted((await work.directory()).rounds.values(), key=lambda one: (one.stay_from, one.id), reverse=True)
    return [one.id for one in rounds if one.id in found]


async def _grades(work: UnitOfWork, who: Member, round_id: str, *, only_confirmed: bool) -> dict[str, Grade]:
    evaluation = await work.session.get(RoundEvaluation, round_id)
    if evaluation is None or (only_confirmed and evaluation.state not in CONFIRMED):
        return {}
    cards = await work.session.scalars(select(ReportCard).where(ReportCard.round_id == round_id))
    return {card.unit_id: card.grade for card in cards if knows_of(who, card)}


async def _answered(work: UnitOfWork, round_id: str) -> Share | None:
    """Return how many of a round's cases were answered, unless that would tell of few."""
    query = (
        select(Case.desk, func.count(), func.count(Case.id).filter(Case.state.in_(_ANSWERED)))
        .where(
            Case.round_id == round_id,
            Case.held_until.is_(None),
            Case.state.not_in(_NOT_COUNTED),
            Case.category != THANKS,
            Case.concerns_head.is_(False),
            Case.concerns_team.is_(False),
        )
        .group_by(Case.desk)
    )
    counted = [(whole, part) for desk, whole, part in await work.session.execute(query) if not desk.is_for_one]
    whole, part = sum(one for one, _ in counted), sum(one for _, one in counted)
    fewest = max(_FEWEST, (await work.settings()).privacy.public_min_count)
    is_told = part >= fewest and (whole == part or whole - part >= fewest)
    return Share(part, whole) if is_told else None
