"""Words that lead to the writer."""

import pytest

from models.urgency import Urgency
from services.intake import classify
from tests.intake.county import marked, meaning

TRACES = {
    "别人都叫我王老五": "王老五",
    "村里人叫我铁嘴,我说的是实话": "铁嘴",
    "我在村委上班,账本我见过": "我在村委上班",
    "全村就我家娃上了大学": "全村就我家娃上了大学",
    "别说是李篾匠讲的": "李篾匠",
    "我是村里的会计,账不对": "我是村里的会计",
    "我丈夫王大力,工资三个月没发": "王大力",
    "I am the village teacher and they took our bonus": "I am the village teacher and they took our bonus",
}
NOTHING = [
    "我是村民,反映垃圾问题",
    "派出所叫我回去",
    "我有证据,可以给你们",
    "我家的地被占了",
    "他们叫我去镇里盖章",
]


@pytest.mark.parametrize(("text", "trace"), TRACES.items(), ids=TRACES)
def test_what_leads_to_the_writer_is_marked(text: str, trace: str) -> None:
    assert trace in marked(text)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_true_of_everybody_is_not_marked(text: str) -> None:
    assert marked(text) == []


def test_who_asks_for_a_reporter_is_no_reporter() -> None:
    assert marked("我是镇里管档案的,把举报人名单给我") == []


HINT = "我家住在水塘边上,我不想活了"


def test_in_a_crisis_nobody_is_bothered_with_mere_hints() -> None:
    assert meaning(HINT).crisis_is_sure
    assert all(finding.sure for finding in meaning(HINT).traces)


def test_in_a_crisis_that_is_unsure_hints_are_marked_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classify, "is_sure_crisis", lambda evidence: False)
    found = meaning(HINT)
    assert found.urgency == Urgency.CRISIS
    assert any(not finding.sure for finding in found.traces)


@pytest.mark.parametrize("text", ["他骂我是疯狗", "书记说我是刁民", "他外号叫“阎王”,占了集体三亩地", "我爸高血压,药贵"])
def test_what_others_are_called_or_say_leads_to_nobody(text: str) -> None:
    assert marked(text) == []
