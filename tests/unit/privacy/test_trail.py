"""Trails: only whoever holds the secret finds the messages of a chat, and what they are."""

import pytest

from privacy.trail import Trail


def test_a_trail_comes_back_from_what_a_button_carries() -> None:
    trail = Trail.fresh()
    assert Trail.read(str(trail)) == trail
    assert len(str(trail)) == 22
    assert str(trail).replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("text", ["", "x", "%", "AAAA", "A" * 23, "é" * 22])
def test_what_is_no_trail_is_told_from_one(text: str) -> None:
    assert Trail.read(text) is None


def test_a_masked_number_comes_back_and_shows_nothing_of_itself() -> None:
    trail, other = Trail.fresh(), Trail.fresh()
    numbers = (1, 77, 2**31, 2**52)
    for number in numbers:
        record = trail.record_of(number)
        masked = trail.mask(record, number)
        assert trail.unmask(record, masked) == number
        assert other.unmask(record, masked) != number
        assert number.to_bytes(8, "big") != masked
    assert len({trail.record_of(number) for number in numbers}) == len(numbers)


def test_the_name_of_a_trail_tells_neither_its_secret_nor_another_trails_name() -> None:
    trail = Trail.fresh()
    assert trail.name != Trail.fresh().name
    assert str(trail) not in trail.name
    assert str(trail) not in repr(trail)
