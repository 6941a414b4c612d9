"""What a button carries, and what a doctored client may send in its place."""

import pytest

from handlers.press import Press, unpack


def test_a_press_comes_back_as_it_was() -> None:
    press = Press("case", "refuse", "12345678", "litigation-court")
    assert unpack(press.pack()) == press


@pytest.mark.parametrize("forged", ["", "1", "1.case", "2.case.open", "1.a.b.c.d.e", "1.r.visit.\0", "1.case.open.\n"])
def test_what_no_button_of_ours_carries_is_none(forged: str) -> None:
    assert unpack(forged) is None
