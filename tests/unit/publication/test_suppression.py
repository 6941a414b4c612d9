"""Small counts follow neither from a table, nor from a total, nor from two tables one after the other."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from models.share import Share
from services.publication.suppression import (
    Cell,
    Table,
    any_change,
    enough_counted,
    enough_of_each,
    first_table,
    next_table,
    nobody_or_enough,
)

LEAST = 5
RATED = enough_of_each(LEAST)
FOUND = enough_counted(LEAST)
MAY_FOLLOW = nobody_or_enough(LEAST)


def cell(satisfied: int, not_satisfied: int) -> Cell:
    return (satisfied + not_satisfied, satisfied)


ratings = st.dictionaries(
    st.sampled_from(["甲", "乙", "丙", "丁", "戊"]),
    st.builds(cell, st.integers(0, 12), st.integers(0, 12)),
    max_size=5,
)
findings = st.dictionaries(
    st.sampled_from(["甲", "乙", "丙", "丁", "戊"]),
    st.integers(0, 12).map(lambda found: (found, found // 2, found // 3)),
    max_size=5,
)


def tells_of_few(shown: Cell) -> bool:
    """Whether a cell tells of one to four people, or that nobody is satisfied."""
    rated, satisfied = shown
    return satisfied < LEAST or 0 < rated - satisfied < LEAST


@given(ratings)
def test_no_rating_that_is_shown_or_follows_from_the_total_tells_of_few(counts: Mapping[str, Cell]) -> None:
    table = first_table(counts, RATED)
    if table is None:
        return
    hidden = counts.keys() - table.shown.keys()
    assert not any(tells_of_few(one) for one in (table.total, *table.shown.values()))
    assert len(hidden) != 1
    assert not hidden or not tells_of_few(table.rest)


@given(findings)
def test_no_count_of_problems_that_is_shown_or_follows_from_the_total_is_below_five(counts: Mapping[str, Cell]) -> None:
    table = first_table(counts, FOUND)
    if table is None:
        return
    hidden = counts.keys() - table.shown.keys()
    assert all(one[0] >= LEAST for one in (table.total, *table.shown.values()))
    assert len(hidden) != 1
    assert not hidden or table.rest[0] >= LEAST


@given(ratings, ratings)
def test_no_difference_between_two_tables_tells_of_few(first: Mapping[str, Cell], more: Mapping[str, Cell]) -> None:
    before = first_table(first, RATED)
    if before is None:
        return
    now = {unit: tuple(map(sum, zip(one, more.get(unit, (0, 0)), strict=True))) for unit, one in first.items()}
    after = next_table(now, before, first, RATED, MAY_FOLLOW)
    if after is None:
        return
    assert after.shown.keys() == before.shown.keys()
    pairs = [(before.total, after.total), *((before.shown[unit], after.shown[unit]) for unit in after.shown)]
    pairs += [(before.rest, after.rest)] if len(after.shown) < len(first) else []
    for earlier, later in pairs:
        satisfied, others = later[1] - earlier[1], (later[0] - later[1]) - (earlier[0] - earlier[1])
        assert satisfied == 0 or satisfied >= LEAST
        assert others == 0 or others >= LEAST


def test_a_single_unit_with_few_takes_another_with_it() -> None:
    table = first_table({"甲": (20, 20), "乙": (30, 30), "丙": (3, 3)}, RATED)
    assert table == Table((53, 53), {"乙": (30, 30)})


def test_units_that_are_few_together_take_another_with_them() -> None:
    table = first_table({"甲": (20, 20), "乙": (30, 30), "丙": (1, 1), "丁": (1, 1)}, RATED)
    assert table is not None
    assert set(table.shown) == {"乙"}


def test_that_nobody_is_satisfied_is_not_told_and_that_all_are_is() -> None:
    assert first_table({"甲": (8, 0)}, RATED) is None
    assert first_table({"甲": (8, 8)}, RATED) == Table((8, 8), {"甲": (8, 8)})


def test_one_more_rating_is_not_told_and_five_more_are() -> None:
    before = first_table({"甲": (8, 8)}, RATED)
    assert before is not None
    assert next_table({"甲": (9, 9)}, before, ["甲"], RATED, MAY_FOLLOW) is None
    assert next_table({"甲": (9, 8)}, before, ["甲"], RATED, MAY_FOLLOW) is None
    assert next_table({"甲": (7, 7)}, before, ["甲"], RATED, MAY_FOLLOW) is None
    assert next_table({"甲": (13, 13)}, before, ["甲"], RATED, MAY_FOLLOW) == Table((13, 13), {"甲": (13, 13)})


def test_a_unit_that_was_not_shown_stays_so_in_later_tables() -> None:
    before = first_table({"甲": (20, 20), "乙": (30, 30), "丙": (3, 3)}, RATED)
    assert before is not None
    after = next_table({"甲": (25, 25), "乙": (30, 30), "丙": (8, 8)}, before, ["甲", "乙", "丙"], RATED, MAY_FOLLOW)
    assert after is not None
    assert set(after.shown) == {"乙"}


def test_another_unit_makes_no_other_table() -> None:
    before = first_table({"甲": (20, 20)}, RATED)
    assert before is not None
    assert next_table({"甲": (20, 20), "乙": (30, 30)}, before, ["甲"], RATED, MAY_FOLLOW) is None


def test_of_problems_one_more_may_be_told_as_long_as_none_are_few() -> None:
    before = first_table({"甲": (8, 2, 1), "乙": (6, 6, 6)}, FOUND)
    assert before is not None
    after = next_table({"甲": (9, 3, 1), "乙": (6, 6, 6)}, before, ["甲", "乙"], FOUND, any_change)
    assert after is not None
    assert after.total == (15, 9, 7)


def test_per_cent_says_all_only_of_all_and_none_only_of_none() -> None:
    assert [Share(part, 1000).percent for part in (0, 1, 500, 994, 999, 1000)] == [0, 1, 50, 99, 99, 100]
    assert Share(46, 47).percent == 98
