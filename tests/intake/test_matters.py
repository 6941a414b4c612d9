"""What a text is about: its category, its matters, and the places that it names."""

from collections.abc import Callable

import pytest
from opencc import OpenCC

from services.intake.classify import understand
from services.intake.understanding import OTHER, CountyContext
from tests.intake.county import COUNTY, meaning


def test_a_category_that_the_county_lacks_is_none() -> None:
    assert understand(["低保评得不公"], county=CountyContext(frozenset({"road", OTHER}))).category == OTHER


def test_a_text_that_says_nothing_of_its_matter_is_of_no_category() -> None:
    assert meaning("你好").category == OTHER
    assert meaning().category == OTHER


@pytest.mark.parametrize("convert", [OpenCC("s2t").convert, OpenCC("s2hk").convert, OpenCC("s2tw").convert])
def test_a_text_means_the_same_in_traditional_characters(convert: Callable[[str], str]) -> None:
    for text in ("村集体的鱼塘包给外面人", "桥栏杆断了", "不想活了", "支书的小舅子包了路", "什么时候答复"):
        plain, traditional = meaning(text), meaning(convert(text))
        assert (plain.category, plain.urgency, plain.kind) == (
            traditional.category,
            traditional.urgency,
            traditional.kind,
        )


def test_several_matters_in_one_text_are_told_apart() -> None:
    listed = meaning("一、低保评得不公;二、修路还要我们摊钱;三、村主任天天中午喝酒;四、垃圾没人清运")
    assert len(listed.topics) == 4
    assert len(meaning("路也烂,低保也乱评,工资还拖了我们五个月").topics) == 3


def test_one_matter_told_at_length_is_one() -> None:
    assert len(meaning("会计把账做假,卖砂的钱也没入账,合同谁都没见过").topics) == 1


def test_places_are_named_with_the_team_that_is_responsible() -> None:
    found = meaning("我是板栗坳的,石蒲镇那边也一样")
    assert {place.place_id for place in found.places} == {"V11", "U2"}
    assert found.teams_named("T3") == {"T2"}
    assert meaning("桥头饭店").places == ()


def test_the_name_of_a_place_says_nothing_of_the_matter() -> None:
    assert meaning("桥头岭村的低保评得不公").category == "subsistence_allowance"
    assert COUNTY.places
