"""From which likelihood on the learner is believed."""

import pytest

from bench.intake import EVERYDAY, read
from bench.intake_examples import evidence
from bench.intake_thresholds import QUESTIONS, Answer, best_thresholds, chosen, parted
from services.intake.decisions import LEVELS, TRACE, Situation, TraceSituation, is_ruled
from services.intake.learner import models, thresholds


def answers(name: str, right: list[float], wrong: list[float]) -> list[Answer]:
    return [Answer(name, one, True) for one in right] + [Answer(name, one, False) for one in wrong]


def test_as_many_right_answers_are_believed_as_the_wrong_ones_among_them_allow() -> None:
    given = answers("crisis", [0.9, 0.8, 0.7, 0.4], [0.6, 0.5, 0.3])
    assert best_thresholds(given, 1.0)["crisis"] == pytest.approx(0.65)
    assert best_thresholds(given, 0.6)["crisis"] == pytest.approx(0.35)


def test_where_the_rules_see_something_less_is_asked_of_the_learner() -> None:
    given = [*answers("ruled", [0.9, 0.4, 0.2], [0.1]), *answers("unruled", [0.9, 0.5], [0.6, 0.4, 0.3])]
    found = best_thresholds(given, 0.9)
    assert found["ruled"] == pytest.approx(0.15)
    assert found["unruled"] > 0.6


def test_nothing_is_believed_where_nothing_is_right() -> None:
    assert best_thresholds(answers("head", [], [0.9, 0.2]), 0.8) == {"head": 1.0}


def test_texts_that_say_nearly_the_same_stay_together() -> None:
    texts = ["我不想活了", "我不想活", "我真不想活了", "路灯坏了没人修", "路灯坏了没有人修", "低保评得不公"]
    parts = parted(texts)
    assert parts[0] == parts[1] == parts[2]
    assert parts[3] == parts[4]


def test_every_threshold_that_is_asked_for_stands_beside_the_weights() -> None:
    known = thresholds()
    assert {f"{level} {one}" for level in LEVELS for one in Situation} <= known.keys()
    assert {f"{TRACE} {one}" for one in TraceSituation} | {f"{TRACE} sure", "crisis sure", "kind"} <= known.keys()
    assert set(QUESTIONS) <= models().keys()
    assert all(0 <= value <= 1 for value in known.values())


def test_no_threshold_is_kept_of_an_urgency_that_a_rule_finds() -> None:
    lines = [line for line in read(EVERYDAY)[:200] if evidence(line.text).alarms]
    assert all(any(is_ruled(evidence(line.text), level) for line in lines) for level in LEVELS)
    found = chosen([], lines, lambda _lexical, _further: models())
    of_urgency = {name for name in found if name.split()[0] in LEVELS}
    assert of_urgency <= {f"{level} {one}" for level in LEVELS for one in Situation} | {"crisis sure"}
