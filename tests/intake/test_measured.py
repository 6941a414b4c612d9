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


@pytest.mark.parametrize("texts", HELD)
def test_what_is_seen_is_seldom_wrong(texts: str) -> None:
    figures = figures_of(texts)
    assert figures["crisis precision"] >= 0.85
    assert figures["danger precision"] >= 0.9
    assert figures["about precision"] >= 0.85
    assert figures["traces in words precision"] >= 0.9


def test_of_everyday_lines_and_of_what_is_urgent_in_few_words_most_are_told_apart() -> None:
    figures = figures_of("everyday")
    assert figures["crisis recall"] >= 0.9
    assert figures["crisis precision"] >= 0.7
    assert figures["danger recall"] >= 0.75
    assert figures["danger precision"] >= 0.8
    assert figures["category"] >= 0.85
    assert figures["traces in words recall"] >= 0.8


def test_the_parts_set_aside_are_none_that_is_learned_from() -> None:
    learned = {line.text for path in LEARNED for line in read(path)}
    assert len(learned) >= 400
    for path, fewest in ((SET_ASIDE, 120), (EVERYDAY_SET_ASIDE, 300)):
        aside = {line.text for line in read(path)}
        assert len(aside) >= fewest
        assert not learned & aside
