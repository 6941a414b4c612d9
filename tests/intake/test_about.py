"""Whom a text is about, of those who must not read it."""

import pytest

from services.intake.understanding import About
from tests.intake.county import concerned, meaning

HEADS = {
    "by post": "我们镇书记天天喝酒",
    "by the post of a department": "局长的儿媳妇没考试就进了单位",
    "by the post of a village": "村支书把鱼塘包给自己老弟",
    "by kinship": "书记的小舅子包了路",
    "by name": "罗湘岸收礼",
    "by a name with blanks": "罗 湘 岸收礼",
    "by a name in traditional characters": "羅湘岸收禮",
    "by surname and post": "闵局收卡办事",
    "in English": "The head of our township takes a cut of every project",
    "by surname in English": "Secretary Luo never comes to the office",
}
TEAMS = {
    "by what is seen of one": "你们组里戴眼镜那个,昨天在支书家喝酒",
    "who should not read it": "别让他们组看",
    "by what they took": "巡察组的人拿了村里两条烟",
    "by whom they know": "查我们村的小伙子是村会计的外甥",
    "in English": "I saw one of your inspectors drinking with the boss",
}
NOBODY = {
    "the team greeted": "巡察组同志你们好,我们村的路烂了",
    "the team asked for help": "请巡察组来看看路",
    "a group of the village": "我们组的组长不发水",
    "a deputy": "副局长态度差得很",
    "a clerk of the village": "村会计做假账",
    "thanks": "感谢巡察组,钱追回来了",
}


@pytest.mark.parametrize("text", HEADS.values(), ids=HEADS)
def test_the_head_of_a_unit_is_known(text: str) -> None:
    assert About.HEAD in concerned(text)


@pytest.mark.parametrize("text", TEAMS.values(), ids=TEAMS)
def test_the_team_is_known(text: str) -> None:
    assert About.TEAM in concerned(text)


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY)
def test_who_is_only_spoken_to_is_not_spoken_of(text: str) -> None:
    assert not concerned(text)


def test_somebody_on_the_staff_is_known_by_name_also_from_one_text_into_the_next() -> None:
    assert meaning("周启程拿了两条烟").staff_named == {"P09"}
    assert meaning("那个周启", "程拿了两条烟").staff_named == {"P09"}


def test_a_name_that_only_sounds_like_it_is_a_hint_and_shuts_nobody_out() -> None:
    found = meaning("周起程拿了两条烟")
    assert found.staff_named == frozenset()
    assert any(finding.about == About.STAFF_NAME and not finding.sure for finding in found.about)
