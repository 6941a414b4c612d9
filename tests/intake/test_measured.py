"""The figures on the labelled utterances, and on the part that is set aside and never learned from."""

from functools import cache

import pytest

from bench.intake import EVERYDAY_SET_ASIDE, SET_ASIDE, UTTERANCES, Figures, measure, read
from bench.intake_training import LEARNED

SETS = {"utterances": UTTERANCES, "set_aside": SET_ASIDE, "everyday": EVERYDAY_SET_ASIDE}
HELD = ("utterances", "set_aside")
GOALS = {
    "crisis recall": 0.95,
    "crisis precision": 0.8,
    "danger recall": 0.9,
    "danger precision": 0.8,
    "about recall": 0.85,
    "about precision": 0.8,
    "category": 0.85,
    "kind": 0.85,
    "kind of what is no complaint": 0.85,
    "traces in words recall": 0.8,
    "several topics recall": 0.7,
}


@cache
def figures_of(texts: str) -> Figures:
    return measure(read(SETS[texts]))


@pytest.mark.parametrize("texts", HELD)
@pytest.mark.parametrize(("name", "least"), GOALS.items(), ids=GOALS)
def test_the_intake_holds_its_goal(texts: str, name: str, least: float) -> None:
    figures = figures_of(texts)
    assert figures[name] >= least, figures.share(name).failed


def test_marks_are_seldom_wrong() -> None:
    assert figures_of("utterances")["traces in words precision"] >= 0.9


def test_the_parts_set_aside_are_none_that_is_learned_from() -> None:
    learned = {line.text for path in LEARNED for line in read(path)}
    assert len(learned) >= 400
    for path, fewest in ((SET_ASIDE, 120), (EVERYDAY_SET_ASIDE, 300)):
        aside = {line.text for line in read(path)}
        assert len(aside) >= fewest
        assert not learned & aside
