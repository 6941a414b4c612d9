"""Draws a sample by lot so that anybody can draw it again: from the seed and the list that it was drawn from.

Each unit and each item has as many lots as it weighs. A lot is the SHA-256 of `seed|id|number`, read as a number, and
the lowest lot of each counts: whatever weighs twice as much comes first twice as often. Nothing but whole numbers is
compared, so every machine draws the same, and one lot can be checked with `sha256sum`.

1. The units are put in the order of their lowest lots. The first of them are drawn, as many as the share of all units
   is, and further ones as long as those drawn have fewer items than the share of all items is.
2. Of each unit that was drawn, the share of its items is drawn, in the order of their lowest lots.
3. Further items of these units are drawn in that order until they are the share of all items.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import Any, Self

LEAST_SHARE = Fraction(1, 3)  # 不少于三分之一
HEAVIEST = 20  # so many lots at most, whatever is said of an item


class ShareTooSmall(Exception):
    """Fewer than a third would be drawn."""


class NothingToDraw(Exception):
    """There is no item to look at again."""


@dataclass(frozen=True)
class UnitToDraw:
    """A unit as it stands in the list: what it weighs, and what each of its items does."""

    weight: int
    items: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """The list that is drawn from, by the ids of the units. A unit without items counts, and cannot be drawn."""

    units: Mapping[str, UnitToDraw]

    def record(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {unit_id: [unit.weight, dict(unit.items)] for unit_id, unit in sorted(self.units.items())}

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Self:
        """Return what was written by `record`."""
        return cls({unit_id: UnitToDraw(weight, items) for unit_id, (weight, items) in record.items()})


@dataclass(frozen=True)
class Drawn:
    """What was drawn, each in the order in which it was."""

    units: tuple[str, ...]
    items: tuple[str, ...]


def draw(seed: str, frame: Frame, unit_share: Fraction, item_share: Fraction) -> Drawn:
    """Return the sample of a seed. Raises ShareTooSmall below a third of either, and NothingToDraw."""
    if min(unit_share, item_share) < LEAST_SHARE or max(unit_share, item_share) > 1:
        raise ShareTooSmall
    weights = {item: weight for unit in frame.units.values() for item, weight in unit.items.items()}
    if not weights:
        raise NothingToDraw
    of_all_units, of_all_items = least(unit_share, len(frame.units)), least(item_share, len(weights))
    units: list[str] = []
    within_reach = 0
    for unit_id in _in_order_of_lots(seed, {one: unit.weight for one, unit in frame.units.items() if unit.items}):
        if len(units) >= of_all_units and within_reach >= of_all_items:
            break
        units.append(unit_id)
        within_reach += len(frame.units[unit_id].items)
    order = {unit_id: _in_order_of_lots(seed, frame.units[unit_id].items) for unit_id in units}
    first = {unit_id: least(item_share, len(items)) for unit_id, items in order.items()}
    drawn = list(chain.from_iterable(items[: first[unit_id]] for unit_id, items in order.items()))
    further = chain.from_iterable(items[first[unit_id] :] for unit_id, items in order.items())
    still = max(0, of_all_items - len(drawn))
    drawn += _in_order_of_lots(seed, {item: weights[item] for item in further})[:still]
    return Drawn(tuple(units), tuple(drawn))


def least(share: Fraction, of: int) -> int:
    """Return the smallest whole number that is no less than a share of a number."""
    return -(-of * share.numerator // share.denominator)


def lot(seed: str, drawn_id: str, number: int) -> int:
    """Return one lot of a unit or an item, counted from 1."""
    return int(hashlib.sha256(f"{seed}|{drawn_id}|{number}".encode()).hexdigest(), 16)


def lowest_lot(seed: str, drawn_id: str, weight: int) -> int:
    """Return the lot of a unit or an item that counts: the lowest of as many as it weighs."""
    return min(lot(seed, drawn_id, number) for number in range(1, min(max(weight, 1), HEAVIEST) + 1))


def _in_order_of_lots(seed: str, weights: Mapping[str, int]) -> list[str]:
    lowest = {one: lowest_lot(seed, one, weight) for one, weight in weights.items()}
    return sorted(lowest, key=lambda one: (lowest[one], one))
