"""The figures on the labelled utterances, and on the part that is set aside and never learned from."""

from functools import cache

import pytest

from bench.intake import FURTHER, SET_ASIDE, UTTERANCES, Figures, measure, read

SETS = {"utterances": UTTERANCES, "set_aside": SET_ASIDE}
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


@pytest.mark.parametrize("texts", SETS)
@pytest.mark.parametrize(("name", "least"), GOALS.items(), ids=GOALS)
def test_the_intake_holds_its_goal(texts: str, name: str, least: float) -> None:
    figures = figures_of(texts)
    assert figures[name] >= least, figures.share(name).failed


def test_marks_are_seldom_wrong() -> None:
    assert figures_of("utterances")["traces in words precision"] >= 0.9


def test_the_part_set_aside_is_none_that_is_learned_from() -> None:
    learned = {line.text for path in (UTTERANCES, FURTHER) for line in read(path)}
    aside = {line.text for line in read(SET_ASIDE)}
    assert len(learned) >= 400
    assert len(aside) >= 120
    assert not learned & aside
