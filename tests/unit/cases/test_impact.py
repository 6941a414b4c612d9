"""Which everyday consequences a text tells of."""

import pytest

from services.cases.impact import Impact, told_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("桥断了，娃娃上学要绕半个多小时", {Impact.DETOUR, Impact.SCHOOL}),
        ("橋斷了，孩子上學要繞路", {Impact.DETOUR, Impact.SCHOOL}),
        ("自来水停了半个月，天天挑水", {Impact.WATER}),
        ("电压低，一做饭就跳闸", {Impact.POWER}),
        ("渠不通，田里的苗都干死了", {Impact.FARMING}),
        ("上个月有老人摔伤，送医院了", {Impact.UNSAFE, Impact.DOCTOR}),
        ("拖欠工钱两年了", {Impact.INCOME}),
        ("村里的账两年没有公布", set()),
        ("绕开村民大会定的低保", set()),
    ],
)
def test_what_people_tell_is_recognised_and_nothing_else(text: str, found: set[Impact]) -> None:
    assert set(told_in([text])) == found
