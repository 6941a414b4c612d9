"""What came of an item, read from how people write figures."""

import pytest

from services.rectification.figures import read_numbers
from services.rectification.unit_actions import Numbers


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("户数 60/62", Numbers(households_done=60, households_total=62)),
        ("共62户，已办60户", Numbers(households_done=60, households_total=62)),
        ("17戶", Numbers(households_done=17, households_total=17)),
        ("追回资金 84,200元", Numbers(money_recovered=84200)),
        ("追回8.42万元", Numbers(money_recovered=84200)),
        ("处理 3人", Numbers(people_dealt_with=3)),
        ("户数 １７/１７\n追回资金 84200元\n处理 3人", Numbers(17, 17, 84200, 3)),
        ("60/62 households; 84200 yuan; 3 people", Numbers(60, 62, 84200, 3)),
    ],
)
def test_figures_are_read_as_they_are_typed(typed: str, numbers: Numbers) -> None:
    assert read_numbers(typed) == numbers


@pytest.mark.parametrize("typed", ["", "已全部完成", "60/62", "3人\n5人", "张三等3人，追回500元", "1/2/3户", "2.5户"])
def test_what_may_count_two_things_is_asked_about_again(typed: str) -> None:
    assert read_numbers(typed) is None
