"""Whether complaints of a topic have become fewer since a department says what it has changed.

Compared is how many of each hundred complaints are about the topic, in whole months: six before the month of the
reform, and those since, so that nothing that is shown changes by one complaint. Where fewer than `public_min_count` are
about it in either period, nothing is shown. What lies before one pair of eyes is not counted.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select

from models.complaints import Case, CaseComplaint, Complaint
from models.desk import OFFICE_DESK, Desk
from models.letters import Letter
from services.unit_of_work import UnitOfWork

MONTHS = 6  # before the reform, and at most after it
_MONTHS_A_YEAR = 12
_FEWEST = 5  # whatever a county sets, fewer are never shown


class Outcome(StrEnum):
    """What can be said of it."""

    TOO_EARLY = "too_early"  # no whole month has passed since
    TOO_FEW = "too_few"
    FALLS = "falls"
    DOES_NOT_FALL = "does_not_fall"


@dataclass(frozen=True)
class ReformEffect:
    """What can be said of it, and where anything can, of how many in a hundred complaints it was and is the topic."""

    outcome: Outcome
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Counted:
    """Complaints of some months: all, and those about a topic."""

    all: int
    about: int


async def effect_of(work: UnitOfWork, letter: Letter) -> ReformEffect | None:
    """Return what can be said of the effect of a reform; None as long as there is none."""
    if letter.reformed_on is None:
        return None
    month, this_month = letter.reformed_on.replace(day=1), work.today.replace(day=1)
    since = months_on(month, 1)
    if since >= this_month:
        return ReformEffect(Outcome.TOO_EARLY)
    until = min(this_month, months_on(since, MONTHS))
    before = await _counted(work, letter.category, months_on(month, -MONTHS), month)
    after = await _counted(work, letter.category, since, until)
    fewest = max(_FEWEST, (await work.settings()).privacy.public_min_count)
    return compared(before, after, fewest)


def compared(before: Counted, after: Counted, fewest: int) -> ReformEffect:
    """Return what two periods say, or that they are too small to say anything."""
    if min(before.about, after.about) < fewest:
        return ReformEffect(Outcome.TOO_FEW)
    falls = after.about * before.all < before.about * after.all
    shares = [round(100 * one.about / one.all) for one in (before, after)]
    return ReformEffect(Outcome.FALLS if falls else Outcome.DOES_NOT_FALL, *shares)


def months_on(month: date, months: int) -> date:
    """Return the first day of the month that is so many months later, or earlier."""
    at = month.year * _MONTHS_A_YEAR + month.month - 1 + months
    return date(at // _MONTHS_A_YEAR, at % _MONTHS_A_YEAR + 1, 1)


async def _counted(work: UnitOfWork, category: str, since: date, until: date) -> Counted:
    known = await work.directory()
    shared = [OFFICE_DESK, *(Desk.team(team_id) for team_id in known.teams)]
    of_period = (
        select(func.count(Complaint.id.distinct()))
        .join(CaseComplaint, CaseComplaint.complaint_id == Complaint.id)
        .join(Case, Case.id == CaseComplaint.case_id)
        .where(
            Case.desk.in_(shared),
            Case.concerns_head.is_(False),
            Case.concerns_team.is_(False),
            Case.received_at >= work.beginning_of(since),
            Case.received_at < work.beginning_of(until),
            Complaint.withdrawn_at.is_(None),
        )
    )
    whole = await work.session.scalar(of_period) or 0
    about = await work.session.scalar(of_period.where(Case.category == category)) or 0
    return Counted(whole, about)
