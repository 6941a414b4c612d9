"""The numbers of a round, as far as they may be public."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from models.complaints import Case, CaseComplaint, Complaint
from models.rectification import RectificationItem
from models.share import Share
from models.states import ItemState
from services.publication.content import Findings, PublicRound
from services.publication.suppression import (
    Cell,
    IsSafe,
    MayFollow,
    Table,
    any_change,
    enough_counted,
    enough_of_each,
    first_table,
    next_table,
    nobody_or_enough,
)
from services.unit_of_work import UnitOfWork

_FEWEST = 5  # whatever a county sets, fewer are never shown
_SATISFIED = 3


@dataclass(frozen=True)
class Numbers:
    """What may be shown of a round, by the names of its units; of all together where no unit is named.

    Where it is not there, it may not be shown. `as_of` is the day on which it was counted, in ISO form.
    """

    as_of: str
    total: Cell | None = None
    by_unit: Mapping[str, Cell] = field(default_factory=dict)


async def units_of(work: UnitOfWork, round_id: str) -> dict[str, str]:
    """Return the names of the units of a round by their ids, in the order of the names."""
    known = await work.directory()
    with_items = select(RectificationItem.unit_id).where(RectificationItem.round_id == round_id).distinct()
    ids = {*known.assignments.get(round_id, {}), *await work.session.scalars(with_items)}
    return {unit_id: known.units[unit_id].name for unit_id in sorted(ids, key=lambda one: known.units[one].name)}


async def villages_of(work: UnitOfWork, round_id: str) -> int:
    """Return how many villages the units of a round have."""
    known = await work.directory()
    units = known.assignments.get(round_id, {})
    return sum(village.unit_id in units for village in known.villages.values())


def is_in_time(item: RectificationItem) -> bool:
    """Whether an item that is done was handed in by its due day."""
    return (item.submitted_on or item.state_since) <= item.due_on


async def findings_of(work: UnitOfWork, round_id: str, units: Mapping[str, str], before: PublicRound | None) -> Numbers:
    """Return how many problems were found, solved, and solved in time.

    What lies on a desk for one pair of eyes is not counted. That one more was found since the last time may be told:
    each is told to whoever must solve it, and says nothing of who wrote.
    """
    query = select(RectificationItem).where(RectificationItem.round_id == round_id, RectificationItem.desk.is_(None))
    counts: dict[str, Cell] = dict.fromkeys(units.values(), (0, 0, 0))
    for item in await work.session.scalars(query):
        is_done = item.state == ItemState.CLEARED
        found, solved, in_time = counts[units[item.unit_id]]
        counts[units[item.unit_id]] = (found + 1, solved + is_done, in_time + (is_done and is_in_time(item)))
    earlier = None
    if before is not None:
        cells = {one.unit: _findings_cell(one.findings) for one in before.units if one.findings}
        earlier = Numbers(before.findings_as_of, _findings_cell(before.findings) if before.findings else None, cells)
    return _numbers(work, counts, earlier, before, enough_counted(await fewest_told(work)), any_change)


async def satisfaction_of(
    work: UnitOfWork, round_id: str, units: Mapping[str, str], before: PublicRound | None
) -> Numbers:
    """Return how many reporters said how satisfied they are, and how many are satisfied.

    What is for one pair of eyes is not counted, nor what was withdrawn. A complaint counts at one unit.
    """
    query = (
        select(Complaint.id, Complaint.satisfaction, Case.unit_id, Case.desk, Case.concerns_head, Case.concerns_team)
        .join(CaseComplaint, CaseComplaint.complaint_id == Complaint.id)
        .join(Case, Case.id == CaseComplaint.case_id)
        .where(Complaint.round_id == round_id, Complaint.satisfaction.is_not(None), Complaint.withdrawn_at.is_(None))
        .order_by(Complaint.id, Case.unit_id)
    )
    rated: dict[str, tuple[str, int]] = {}
    for_one: set[str] = set()
    for complaint_id, mark, unit_id, desk, concerns_head, concerns_team in await work.session.execute(query):
        if desk.is_for_one or concerns_head or concerns_team:
            for_one.add(complaint_id)
        if mark is not None and unit_id is not None and unit_id in units:
            rated.setdefault(complaint_id, (units[unit_id], mark))
    counts: dict[str, Cell] = dict.fromkeys(units.values(), (0, 0))
    for unit, mark in (entry for complaint_id, entry in rated.items() if complaint_id not in for_one):
        all_rated, satisfied = counts[unit]
        counts[unit] = (all_rated + 1, satisfied + (mark == _SATISFIED))
    earlier = None
    if before is not None:
        cells = {one.unit: _share_cell(one.satisfied) for one in before.units if one.satisfied}
        earlier = Numbers(before.satisfied_as_of, _share_cell(before.satisfied) if before.satisfied else None, cells)
    fewest = await fewest_told(work)
    return _numbers(work, counts, earlier, before, enough_of_each(fewest), nobody_or_enough(fewest))


def _numbers(
    work: UnitOfWork,
    counts: Mapping[str, Cell],
    earlier: Numbers | None,
    before: PublicRound | None,
    is_safe: IsSafe,
    may_follow: MayFollow,
) -> Numbers:
    """Return what may be shown: new counts where these may follow those that were shown, otherwise those again."""
    today = work.today.isoformat()
    if before is None or earlier is None or earlier.total is None:
        table = first_table(counts, is_safe)
    else:
        shown = Table(earlier.total, earlier.by_unit)
        table = next_table(counts, shown, (one.unit for one in before.units), is_safe, may_follow)
        if table is None:
            return earlier
    return Numbers(today, table.total, table.shown) if table else Numbers(today)


async def fewest_told(work: UnitOfWork) -> int:
    """Return the smallest count that is shown to everybody."""
    return max(_FEWEST, (await work.settings()).privacy.public_min_count)


def _findings_cell(shown: Findings) -> Cell:
    return shown.found, shown.solved, shown.in_time


def _share_cell(shown: Share) -> Cell:
    return shown.whole, shown.part
