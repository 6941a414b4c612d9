"""What came of a round's solved problems, as far as its sums may be public."""

from dataclasses import replace
from typing import TypeVar

from models.rectification import RectificationItem
from models.share import Share
from services.evaluation.outcomes import Outcomes, outcomes_of
from services.publication.content import MoneyRecovered, PublicOutcomes, PublicRound
from services.publication.numbers import fewest_told
from services.publication.suppression import Cell, enough_of_each, nobody_or_enough
from services.unit_of_work import UnitOfWork

_Shown = TypeVar("_Shown")


async def public_outcomes_of(work: UnitOfWork, round_id: str, before: PublicRound | None) -> PublicOutcomes:
    """Return the sums over a round that may be shown. What lies on a desk for one pair of eyes is not counted."""
    found = await outcomes_of(work, RectificationItem.round_id == round_id, RectificationItem.desk.is_(None))
    earlier = None if before is None else before.outcomes
    return outcomes_to_show(found, earlier, await fewest_told(work), work.today.isoformat())


def outcomes_to_show(found: Outcomes, earlier: PublicOutcomes | None, fewest: int, today: str) -> PublicOutcomes:
    """Return what of the sums may be shown, or what was shown last where another would tell of few.

    Of people, of households with and without a result, and of items with money, there are never fewer than `fewest`,
    nor between two versions: nobody is known by a sum, and no sum is that of one item.
    """
    numbers = found.numbers
    now = PublicOutcomes(as_of=today)
    if numbers.households_done is not None and numbers.households_total is not None:
        done, total = numbers.households_done, max(numbers.households_done, numbers.households_total)
        now = replace(now, households=_safe(Share(done, total), (total, done), fewest))
    if numbers.people_dealt_with is not None:
        now = replace(now, people=_safe(numbers.people_dealt_with, _of_all(numbers.people_dealt_with), fewest))
    if numbers.money_recovered is not None:
        money = MoneyRecovered(numbers.money_recovered, found.with_money)
        now = replace(now, money=_safe(money, _of_all(found.with_money), fewest))
    return now if earlier is None or _may_follow(earlier, now, fewest) else earlier


def _safe(shown: _Shown, cell: Cell, fewest: int) -> _Shown | None:
    return shown if enough_of_each(fewest)(cell) else None


def _may_follow(earlier: PublicOutcomes, now: PublicOutcomes, fewest: int) -> bool:
    allowed = nobody_or_enough(fewest)
    for then, cell in zip(_cells(earlier), _cells(now), strict=True):
        if then is not None and (cell is None or not allowed((cell[0] - then[0], cell[1] - then[1]))):
            return False
    # Money that changes while no item came or went would be what somebody corrected in one.
    is_same = earlier.money and now.money and earlier.money.problems == now.money.problems
    return not is_same or earlier.money == now.money


def _cells(shown: PublicOutcomes) -> tuple[Cell | None, Cell | None, Cell | None]:
    return (
        (shown.households.whole, shown.households.part) if shown.households else None,
        _of_all(shown.people) if shown.people is not None else None,
        _of_all(shown.money.problems) if shown.money else None,
    )


def _of_all(count: int) -> Cell:
    return count, count
