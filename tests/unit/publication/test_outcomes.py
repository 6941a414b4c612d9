"""Sums of households, money and people: none tells of few, in one version or between two."""

from models.share import Share
from services.evaluation.outcomes import Outcomes
from services.publication.content import MoneyRecovered, PublicOutcomes
from services.publication.outcomes import outcomes_to_show
from services.rectification.unit_actions import Numbers

DAY = "2026-11-28"


def shown(
    done: int, total: int, yuan: int, people: int, problems: int, earlier: PublicOutcomes | None = None
) -> PublicOutcomes:
    return outcomes_to_show(Outcomes(Numbers(done, total, yuan, people), problems), earlier, 5, DAY)


def test_a_sum_of_few_is_not_shown() -> None:
    assert shown(20, 20, 9000, 6, 5) == PublicOutcomes(Share(20, 20), MoneyRecovered(9000, 5), 6, DAY)
    assert shown(20, 23, 9000, 4, 4) == PublicOutcomes(as_of=DAY)  # three households are left without
    assert outcomes_to_show(Outcomes(Numbers(), 0), None, 5, DAY) == PublicOutcomes(as_of=DAY)


def test_what_changed_by_few_since_it_was_shown_is_shown_as_it_was() -> None:
    earlier = PublicOutcomes(Share(20, 20), MoneyRecovered(9000, 5), 6, "2026-10-01")
    assert shown(20, 20, 9000, 6, 5, earlier).as_of == DAY
    assert shown(25, 25, 9000, 11, 5, earlier).people == 11
    for other in (
        shown(20, 20, 9000, 7, 5, earlier),  # one was dealt with
        shown(21, 21, 9000, 6, 5, earlier),
        shown(20, 20, 9500, 6, 6, earlier),  # the money of one problem
        shown(20, 20, 9500, 6, 5, earlier),
        shown(20, 20, 9000, 4, 5, earlier),  # fewer than before, and too few
    ):
        assert other == earlier
