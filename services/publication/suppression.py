"""Small counts are kept out of tables, so that they follow neither from totals nor from an earlier table.

A cell is a tuple of counts that are added up alike, such as (rated, satisfied).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = tuple[int, ...]
IsSafe: TypeAlias = Callable[[Cell], bool]
MayFollow: TypeAlias = Callable[[Cell], bool]


@dataclass(frozen=True)
class Table:
    """What is shown of some counts: the total, and the rows that are shown; the others are in the total alone."""

    total: Cell
    shown: Mapping[str, Cell]

    @property
    def rest(self) -> Cell:
        """What follows from the table for all rows together that are not shown."""
        return _difference(self.total, _sum(self.shown.values(), self.total))


def enough_counted(least: int) -> IsSafe:
    """Return the rule for (found, …): that there are so many tells of nobody, how many of them are done may be told."""
    return lambda cell: cell[0] >= least


def enough_of_each(least: int) -> IsSafe:
    """Return the rule for (rated, satisfied): of those who are, and of those who are not, there are many.

    That all are satisfied may be told; that nobody is, not.
    """
    return lambda cell: cell[1] >= least and (cell[0] == cell[1] or cell[0] - cell[1] >= least)


def any_change(_change: Cell) -> bool:
    """Whether counts may have changed so since they were shown: in whatever way."""
    return True


def nobody_or_enough(least: int) -> MayFollow:
    """Return the rule for how (rated, satisfied) may have changed since it was shown: not at all, or by many."""

    def may_follow(change: Cell) -> bool:
        rated, satisfied = change
        return all(part == 0 or part >= least for part in (satisfied, rated - satisfied))

    return may_follow


def first_table(counts: Mapping[str, Cell], is_safe: IsSafe) -> Table | None:
    """Return the table of some counts by row; None when not even the total may be shown.

    Rows that may not be shown are never one alone, nor too few together: others are left out with them.
    """
    if not counts:
        return None
    total = _sum(counts.values(), next(iter(counts.values())))
    if not is_safe(total):
        return None
    shown = {row: cell for row, cell in counts.items() if is_safe(cell)}
    hidden = {row: cell for row, cell in counts.items() if row not in shown}
    while hidden and shown and (len(hidden) == 1 or not is_safe(_sum(hidden.values(), total))):
        smallest = min(shown, key=lambda row: (shown[row], row))
        hidden[smallest] = shown.pop(smallest)
    return Table(total, shown)


def next_table(
    counts: Mapping[str, Cell], before: Table, rows_before: Iterable[str], is_safe: IsSafe, may_follow: MayFollow
) -> Table | None:
    """Return the table that may follow another that was shown; None when only that one may be shown again.

    The same rows are shown: with others, the difference between the two could tell of one that is not.
    """
    if set(rows_before) != counts.keys():
        return None
    now = Table(_sum(counts.values(), before.total), {row: counts[row] for row in before.shown})
    cells = [(before.shown[row], now.shown[row]) for row in now.shown]
    if len(now.shown) < len(counts):
        cells.append((before.rest, now.rest))
    allowed = all(is_safe(cell) and may_follow(_difference(cell, earlier)) for earlier, cell in cells)
    return now if allowed and is_safe(now.total) else None


def _sum(cells: Iterable[Cell], like: Cell) -> Cell:
    total = [0] * len(like)
    for cell in cells:
        for place, count in enumerate(cell):
            total[place] += count
    return tuple(total)


def _difference(whole: Cell, part: Cell) -> Cell:
    return tuple(one - other for one, other in zip(whole, part, strict=True))
