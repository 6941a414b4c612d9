"""Which complaints seem to tell of the same matter: a table of pairs, each with what is to come of it."""

import pytest

from models.urgency import Urgency
from services.intake.likeness import Told, are_rivals, likeness

BRIDGE = (
    "桥头岭到小学那个石拱桥,中间裂了手指头宽的缝,栏杆去年被拉沙的车撞断一截,娃儿天天从那里过,前天下雨桥墩又掉了石头。"
)
BRIDGE_IN_DIALECT = "桥头岭那个老桥哦,要垮咯!裂起恁个大的口口,娃娃些过河吓得遭不住,车子一过就打闪闪。"
CEMENT = "村口水泥厂天天往河里排污水，鱼都死了，井水也不能喝。"


def told(text: str, *, village: str | None = "V02", urgency: Urgency = Urgency.NORMAL) -> Told:
    return Told([text], village, urgency, ("桥头岭村", "桥头岭"))


ALIKE = {
    "the same in other words": (CEMENT, "水泥厂又在夜里偷排污水，河里臭得很。"),
    "in traditional characters": (CEMENT, "水泥廠天天往河裡排污水，臭死人。"),
    "with characters that sound the same": (CEMENT, "水尼厂往河里排乌水，井水喝不得。"),
    "the light that does not burn": (
        "村里的路灯装了半年不亮，电费还要我们摊。",
        "路灯安了不亮，电费照收，晚上黑漆漆的。",
    ),
    "one family in both": ("张家的低保评得不公，他家有两辆车。", "会计张志强家有两辆车还吃低保，评得不公。"),
}
NOT_ALIKE = {
    "another matter of the category": (CEMENT, "养猪场的粪水流到田里，臭了一夏天。"),
    "nothing but what everybody writes": (
        "我们村的事情希望领导管一下，反映好多次了没人解决。",
        "希望领导来我们村看看，反映了没有人管。",
    ),
    "two families": ("张家的低保评得不公，他家有两辆车。", "李家的低保评得不公，他家有两辆车。"),
    "two persons": (
        "会计王德发的低保是假的，家里有门面有车。",
        "主任赵大勇的低保是假的，家里有门面有车。",
    ),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_what_tells_of_the_same_is_found(one: str, other: str) -> None:
    assert likeness(told(one), told(other)) is not None
    assert likeness(told(other), told(one)) is not None


@pytest.mark.parametrize(("one", "other"), NOT_ALIKE.values(), ids=NOT_ALIKE)
def test_what_tells_of_something_else_is_not(one: str, other: str) -> None:
    assert likeness(told(one), told(other)) is None


def test_a_danger_is_the_same_in_a_village_even_in_other_words() -> None:
    one, other = [told(text, urgency=Urgency.DANGER) for text in (BRIDGE, BRIDGE_IN_DIALECT)]
    why = likeness(one, other)
    assert why is not None
    assert why.both_urgent
    assert likeness(one, told(BRIDGE_IN_DIALECT, village="V03", urgency=Urgency.DANGER)) is None


def test_the_reason_names_the_words_as_the_first_has_them_and_not_the_place() -> None:
    why = likeness(told(CEMENT), told("桥头岭的水泥厂排污水，臭得很"))
    assert why is not None
    assert "水泥厂" in why.words
    assert not any("桥头" in word for word in why.words)


def test_a_neighbouring_village_needs_more_in_common() -> None:
    one, other = "路灯不亮，黑漆漆的没法走。", "路灯坏了，老人摔了一跤，路灯也没人修。"
    same = likeness(told(one), told(other))
    near = likeness(told(one), told(other, village="V03"))
    assert near is None or (same is not None and not near.same_village)


@pytest.mark.parametrize(
    ("one", "other", "rivals"),
    [
        ("张家占了路", "李家占了路", True),
        ("张家占了路", "路被占了", False),
        ("张家占了路", "张老板占了路", False),
        ("国家的钱被吃了", "农家的地被占了", False),
        ("李家湾的路", "张家沟的路", False),
    ],
)
def test_rivals_are_those_who_speak_of_different_families(one: str, other: str, rivals: bool) -> None:
    assert are_rivals(told(one), told(other)) is rivals
