"""What is counted of the units of a round: what each item counts for, which the database says, and their sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from models.complaints import Case
from models.deadlines import RUNNING
from models.rectification import ItemEvent, RectificationItem, WarningCard
from models.states import CaseState, ItemState
from services.evaluation.entitled import IS_ISSUED
from services.evaluation.score_sheet import UnitCounts
from services.unit_of_work import UnitOfWork

_FEWEST = 5  # complaints about one topic, whatever a county sets: fewer are told nobody outside the team
_NO_COMPLAINT = (CaseState.MERGED, CaseState.INVALID, CaseState.WITHDRAWN)
_HANDED_IN = (ItemState.SUBMITTED, ItemState.PASSED, ItemState.COUNTERSIGNED, ItemState.CLEARED)

_item = RectificationItem
_reopened = exists().where(ItemEvent.item_id == _item.id, ItemEvent.event == "reopen")
IS_DONE = _item.state == ItemState.CLEARED
IS_HANDED_IN = _item.state.in_(_HANDED_IN)
IS_IN_TIME = and_(IS_HANDED_IN, func.coalesce(_item.submitted_on, _item.state_since) <= _item.due_on)
IS_RUNNING = _item.state.in_(RUNNING)


def how_many(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many of the items that a statement walks meet all conditions."""
    return func.count(_item.id).filter(*conditions)


def is_overdue(work: UnitOfWork) -> ColumnElement[bool]:
    """Return whether an item's day has passed while it is still to be done."""
    return and_(IS_RUNNING, _item.due_on < work.today)


@dataclass(frozen=True)
class ItemCounts:
    """What one item counts for on a unit's report card, and whether it lies on a desk for one pair of eyes.

    What lies there counts in what the unit is shown, and the county leaders who read the order.
    """

    item_id: str
    is_apart: bool
    leaders: tuple[str, ...]
    counts: UnitCounts

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "ItemCounts":
        """Read what `pack` returned."""
        counts = UnitCounts.read(written["counts"])
        return cls(written["item"], written["apart"], tuple(written["leaders"]), counts)

    def pack(self) -> dict[str, Any]:
        """Return it as JSON values."""
        counts = {name: count for name, count in self.counts.pack().items() if count}
        return {"item": self.item_id, "apart": self.is_apart, "leaders": list(self.leaders), "counts": counts}


async def counts_of_items(work: UnitOfWork, round_id: str) -> dict[str, list[ItemCounts]]:
    """Return what each issued item of a round counts for, by unit, whatever desk it lies on."""
    sums = {
        "items": how_many(),
        "done": how_many(IS_DONE),
        "due": how_many(or_(IS_HANDED_IN, is_overdue(work))),
        "in_time": how_many(IS_IN_TIME),
        "overdue": how_many(is_overdue(work)),
        "handed_in": how_many(or_(IS_HANDED_IN, _item.returns > 0)),
        "passed_at_once": how_many(IS_HANDED_IN, _item.returns == 0),
        "ever_done": how_many(or_(IS_DONE, _reopened)),
        "reopened": how_many(_reopened),
        "yellow": how_many(_item.card == WarningCard.YELLOW),
        "red": how_many(_item.card == WarningCard.RED),
        "long_term": how_many(_item.state == ItemState.LONG_TERM),
        "system_needed": how_many(IS_DONE, _item.system_not_needed.is_(None)),
        "system_built": how_many(IS_DONE, _item.system_not_needed.is_(None), _item.system_built.is_not(None)),
    }
    names = [field.name for field in fields(UnitCounts)]
    of = (_item.unit_id, _item.id, _item.desk, _item.county_leader_id, _item.owner_id)
    query = select(*of, *(sums[name] for name in names)).where(_item.round_id == round_id, IS_ISSUED).group_by(*of)
    found: dict[str, list[ItemCounts]] = {}
    for unit_id, item_id, desk, leader, owner, *counted in await work.session.execute(query):
        leaders = tuple(one for one in (leader, owner) if one is not None)
        counts = UnitCounts(**dict(zip(names, counted, strict=True)))
        found.setdefault(unit_id, []).append(ItemCounts(item_id, desk is not None, leaders, counts))
    return found


def counts_of_units(items: Mapping[str, Sequence[ItemCounts]]) -> dict[str, UnitCounts]:
    """Return what is counted of each unit that has items on a desk of several."""
    read_by_several = {unit_id: [one for one in of_unit if not one.is_apart] for unit_id, of_unit in items.items()}
    return {unit_id: sum_of(of_unit) for unit_id, of_unit in read_by_several.items() if of_unit}


def sum_of(items: Sequence[ItemCounts]) -> UnitCounts:
    """Return what is counted of some items together."""
    return reduce(add, (one.counts for one in items), UnitCounts())


async def topics_of_units(work: UnitOfWork, round_id: str) -> dict[str, dict[str, int]]:
    """Return how many complaints of a round are about what, for each unit: only what is told of often enough.

    What concerns the head or the team, and what lies on a desk for one pair of eyes, is not counted, nor what is held.
    """
    fewest = max(_FEWEST, (await work.settings()).privacy.public_min_count)
    query = (
        select(Case.unit_id, Case.category, Case.desk, func.count())
        .where(
            Case.round_id == round_id,
            Case.unit_id.is_not(None),
            Case.held_until.is_(None),
            Case.concerns_head.is_(False),
            Case.concerns_team.is_(False),
            Case.state.not_in(_NO_COMPLAINT),
        )
        .group_by(Case.unit_id, Case.category, Case.desk)
    )
    found: dict[str, dict[str, int]] = {}
    for unit_id, category, desk, count in await work.session.execute(query):
        if unit_id is not None and not desk.is_for_one:
            at_unit = found.setdefault(unit_id, {})
            at_unit[category] = at_unit.get(category, 0) + count
    return {
        unit_id: {category: count for category, count in sorted(at_unit.items()) if count >= fewest}
        for unit_id, at_unit in found.items()
    }
