"""Whether complaints fall after a reform, and when that is not said."""

from datetime import date

import pytest

from services.letters.effect import Counted, Outcome, ReformEffect, compared, months_on


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Counted(100, 20), Counted(100, 5), ReformEffect(Outcome.FALLS, 20, 5)),
        # fewer came in all: of each hundred there are as many as before
        (Counted(100, 20), Counted(50, 10), ReformEffect(Outcome.DOES_NOT_FALL, 20, 20)),
        (Counted(100, 20), Counted(40, 12), ReformEffect(Outcome.DOES_NOT_FALL, 20, 30)),
        (Counted(100, 20), Counted(100, 4), ReformEffect(Outcome.TOO_FEW)),
        (Counted(100, 4), Counted(100, 20), ReformEffect(Outcome.TOO_FEW)),
        (Counted(0, 0), Counted(0, 0), ReformEffect(Outcome.TOO_FEW)),
    ],
)
def test_it_is_compared_per_hundred_and_nothing_is_said_of_fewer_than_five(
    before: Counted, after: Counted, said: ReformEffect
) -> None:
    assert compared(before, after, 5) == said


@pytest.mark.parametrize(
    ("month", "months", "there"),
    [
        (date(2026, 11, 1), 1, date(2026, 12, 1)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 1), -6, date(2025, 9, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
    ],
)
def test_months_are_those_of_the_calendar(month: date, months: int, there: date) -> None:
    assert months_on(month, months) == there
