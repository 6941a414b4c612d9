"""Key posts that the county has listed: who speaks of one speaks of a head, at the unit it was listed for."""

from dataclasses import replace

import pytest

from services.intake.classify import understand
from services.intake.understanding import About, KeyPost
from tests.intake.county import COUNTY

LISTED = replace(COUNTY, key_posts=(KeyPost("财政所所长"), KeyPost("供水公司经理"), KeyPost("胡德贵", "U2")))


def concerns_head(text: str, unit_id: str | None = None) -> bool:
    return understand((text,), county=LISTED).concerns(About.HEAD, unit_id)


@pytest.mark.parametrize(
    "text", ["财政所所长要回扣", "財政所所長要回扣", "供水公司经理把水卖给老板", "找 财政所所长 办事要送烟"]
)
def test_who_speaks_of_a_key_post_speaks_of_a_head(text: str) -> None:
    assert concerns_head(text)
    assert not understand((text,), county=COUNTY).concerns(About.HEAD)


def test_a_post_of_one_unit_counts_there_and_where_the_unit_is_not_known() -> None:
    assert concerns_head("胡德贵收了村里的钱", "U2")
    assert concerns_head("胡德贵收了村里的钱")
    assert not concerns_head("胡德贵收了村里的钱", "U1")


@pytest.mark.parametrize("text", ["请财政所所长来管管村里的账", "感谢财政所所长，补贴发下来了", "财政所的人态度不好"])
def test_who_is_only_called_upon_or_thanked_is_not_spoken_of(text: str) -> None:
    assert not concerns_head(text)


def test_the_words_that_led_to_it_are_known() -> None:
    [found] = [one for one in understand(("那个供水公司经理乱收费",), county=LISTED).about if one.about == About.HEAD]
    assert [word.written for word in found.words] == ["供水公司经理"]
