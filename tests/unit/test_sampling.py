"""The sample that is looked at again: drawn by lot, the same on every machine, never less than a third."""

import hashlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.revisits.sampling import Frame, NothingToDraw, ShareTooSmall, UnitToDraw, draw, least, lot

THIRD = Fraction(1, 3)
shares = st.fractions(min_value=THIRD, max_value=1, max_denominator=12)
weights = st.integers(min_value=0, max_value=8)


@st.composite
def frames(draws: st.DrawFn) -> Frame:
    """Units with any numbers of items, some with none, and at least one item in all."""
    sizes = draws(st.lists(st.integers(min_value=0, max_value=7), min_size=1, max_size=9).filter(any))
    number = iter(range(1000))
    units = {
        f"U{at}": UnitToDraw(draws(weights), {f"RI{next(number):06d}": draws(weights) for _ in range(size)})
        for at, size in enumerate(sizes)
    }
    return Frame(units)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20), frames(), shares, shares)
def test_at_least_the_share_of_units_of_all_items_and_of_each_units_items_is_drawn(
    seed: str, frame: Frame, unit_share: Fraction, item_share: Fraction
) -> None:
    drawn = draw(seed, frame, unit_share, item_share)
    with_items = {unit_id for unit_id, unit in frame.units.items() if unit.items}
    everything = {item: unit_id for unit_id, unit in frame.units.items() for item in unit.items}
    assert len(set(drawn.units)) == len(drawn.units) >= min(least(unit_share, len(frame.units)), len(with_items))
    assert set(drawn.units) <= with_items
    assert len(set(drawn.items)) == len(drawn.items)
    assert Fraction(len(drawn.items), len(everything)) >= item_share
    of_unit = Counter(everything[item] for item in drawn.items)
    assert set(of_unit) == set(drawn.units)
    for unit_id in drawn.units:
        assert Fraction(of_unit[unit_id], len(frame.units[unit_id].items)) >= item_share


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=20), frames())
def test_the_same_seed_and_list_draw_the_same_in_whatever_order_the_list_is_read(seed: str, frame: Frame) -> None:
    turned = Frame(
        {
            unit_id: UnitToDraw(unit.weight, dict(reversed(list(unit.items.items()))))
            for unit_id, unit in reversed(list(frame.units.items()))
        }
    )
    assert draw(seed, turned, THIRD, THIRD) == draw(seed, frame, THIRD, THIRD)
    assert Frame.read(frame.record()) == frame


def test_what_one_seed_draws_is_written_down_here_for_every_machine() -> None:
    frame = Frame(
        {
            "U1": UnitToDraw(1, {"RI000001": 1, "RI000002": 4, "RI000003": 1}),
            "U2": UnitToDraw(6, {"RI000004": 1, "RI000005": 1}),
            "U3": UnitToDraw(1, {"RI000006": 1}),
            "U4": UnitToDraw(1),
        }
    )
    drawn = draw("2026-11-27", frame, THIRD, THIRD)
    assert (drawn.units, drawn.items) == (("U2", "U1"), ("RI000005", "RI000001"))
    assert lot("2026-11-27", "U2", 1) == int(hashlib.sha256(b"2026-11-27|U2|1").hexdigest(), 16)


def test_what_weighs_more_is_drawn_more_often() -> None:
    frame = Frame({"U1": UnitToDraw(1, {"heavy": 6, "light": 1, "other": 1})})
    times = Counter(draw(str(seed), frame, THIRD, THIRD).items for seed in range(200))
    assert 130 < times[("heavy",)] < 170  # 6 in 8
    assert times[("light",)] > 10


@pytest.mark.parametrize("small", [Fraction(33, 100), Fraction(1, 4), Fraction(0), Fraction(-1), Fraction(3, 2)])
def test_less_than_a_third_is_refused_of_units_as_of_items(small: Fraction) -> None:
    frame = Frame({"U1": UnitToDraw(1, {"RI000001": 1})})
    for unit_share, item_share in ((small, THIRD), (THIRD, small)):
        with pytest.raises(ShareTooSmall):
            draw("s", frame, unit_share, item_share)


def test_where_there_is_no_item_nothing_is_drawn() -> None:
    with pytest.raises(NothingToDraw):
        draw("s", Frame({"U1": UnitToDraw(1)}), THIRD, THIRD)
